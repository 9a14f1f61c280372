"""The state of a sandbox on the control plane: looked at, added to, compared, written down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.resources.connection_credentials import AUTHORIZATION_CODE
from mockserver.seeding.export import export
from tests.admin.conftest import within
from tests.client import Client
from tests.conftest import make_mock
from tests.consenting import connect
from tests.worlds import add_connection, add_installation, add_integration

TOPICS = "/projects/my-project/topics"
REDACTED = "[REDACTED]"


def diff(admin: Client, query: str = "") -> Any:
    answer = admin.get(f"/state/diff{query}")
    assert answer.status == 200, answer.body
    return answer.json


# ------------------------------------------------------------------ looking


def test_the_state_is_told_in_numbers(admin: Client, api: Client):
    api.post(TOPICS, {"name": "one-more"})

    shown = admin.get("/state").json

    sizes = {table["name"]: table["records"] for table in shown["tables"]}
    assert (shown["sandbox"], shown["requests"]) == ("default", 2)
    assert sizes["topics"] == admin.get("/state/topics").json["total"]
    assert shown["clock"]["mode"] == "frozen"


def test_every_record_of_a_table_is_on_one_of_its_pages(admin: Client):
    first = admin.get("/state/topics?limit=3").json
    rest = admin.get(f"/state/topics?limit=3&after={first['next']}").json

    everything = admin.get("/state/topics").json
    assert first["records"] + rest["records"] == everything["records"]
    assert first["total"] == len(everything["records"])
    assert "next" not in rest
    created = [one["record"]["createTime"] for one in everything["records"]]
    assert created == sorted(created, reverse=True)


def test_a_record_is_shown_as_it_is_stored(admin: Client, api: Client):
    made = api.post(TOPICS, {"name": "shown"}).json

    shown = admin.get(f"/state/topics/{made['id']}").json

    assert (shown["table"], shown["id"]) == ("topics", made["id"])
    assert shown["record"] == {**made, "projectId": shown["record"]["projectId"]}


def test_secrets_are_shown_to_those_who_ask_for_them(admin: Client, api: Client):
    connection = connect(api)

    masked = admin.get(f"/state/connections/{connection}").json["record"]["credentials"]
    plain = admin.get(f"/state/connections/{connection}?includeSecrets=true").json

    def texts(value: Any) -> set[str]:
        if isinstance(value, dict):
            return {text for item in value.values() for text in texts(item)}
        return {value} if isinstance(value, str) else set()

    tokens = plain["record"]["credentials"][AUTHORIZATION_CODE]["accessToken"]["token"]
    assert tokens not in texts(masked)
    assert REDACTED in texts(masked)


def test_an_id_that_is_a_secret_is_masked_too(admin: Client):
    [*keys] = admin.get("/state/apiKeys").json["records"]
    shown = admin.get("/state/apiKeys/mock-full-key").json
    plain = admin.get("/state/apiKeys/mock-full-key?includeSecrets=true").json

    assert {key["id"] for key in keys} == {REDACTED}
    assert (shown["id"], shown["record"]["key"]) == (REDACTED, REDACTED)
    assert (plain["id"], plain["record"]["key"]) == ("mock-full-key", "mock-full-key")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/state/planets", 404),
        ("/state/planets/x", 404),
        ("/state/topics/nope", 404),
        ("/state/topics?limit=0", 400),
        ("/state/topics?limit=1001", 400),
        ("/state/topics?after=x", 400),
        ("/state/topics?after=%C2%B2", 400),
        (f"/state/topics?after={'9' * 30}", 400),
        ("/state/topics?includeSecrets=please", 400),
        ("/state/diff?from=nope", 404),
        ("/state/diff?to=nope", 404),
        ("/state/diff?table=planets", 404),
        ("/state/%FF", 400),
    ],
)
def test_what_cannot_be_looked_at_is_refused(admin: Client, path: str, status: int):
    assert admin.get(path).status == status


def test_an_unknown_table_is_answered_with_those_that_there_are(admin: Client):
    assert "installations" in admin.get("/state/installs").json["remedy"]


# ------------------------------------------------------------------ comparing


def test_the_difference_says_what_a_test_did(admin: Client, api: Client):
    made = api.post(TOPICS, {"name": "made"}).json
    [victim, *_] = [topic for topic in api.get(TOPICS).json if topic["name"] != "made"]
    app = "/projects/my-project"
    assert api.patch(app, {"updateMask": ["appName"], "project": {"appName": "New"}}).status == 200
    assert api.delete(f"{TOPICS}/{victim['id']}").status == 204

    found = diff(admin)

    assert not found["isEmpty"]
    [created] = [one for one in found["created"] if one["table"] == "topics"]
    assert (created["id"], created["record"]["name"]) == (made["id"], "made")
    assert victim["id"] in [one["id"] for one in found["deleted"]]
    [change] = [one for one in found["changed"] if one["table"] == "projects"]
    [name] = [field for field in change["fields"] if field["path"] == "/appName"]
    assert name == {"path": "/appName", "before": "MailMonkey", "after": "New"}


def test_nothing_differs_after_a_reset(admin: Client, api: Client):
    api.post(TOPICS, {"name": "made"})
    assert not diff(admin)["isEmpty"]

    admin.post("/state/reset")

    assert diff(admin) == {"created": [], "changed": [], "deleted": [], "isEmpty": True}


def test_two_snapshots_are_compared_in_either_direction(admin: Client, api: Client):
    for name in ("one", "two"):
        admin.post("/snapshots", {"name": name})
        api.post(TOPICS, {"name": f"after-{name}"})

    forth, back = diff(admin, "?from=one&to=two"), diff(admin, "?from=two&to=one")

    assert [one["record"]["name"] for one in forth["created"]] == ["after-one"]
    assert forth["created"] == back["deleted"]
    assert [one["record"]["name"] for one in diff(admin, "?from=two")["created"]] == ["after-two"]
    assert diff(admin, "?from=one&to=two&table=projects")["isEmpty"]
    assert len(diff(admin, "?from=baseline&to=current&table=topics")["created"]) == 2


def test_a_difference_masks_secrets_unless_asked(admin: Client, api: Client):
    connect(api)
    key = "mock-full-key"
    path = f"/projects/my-project/api-keys/{key}"
    changed = {"updateMask": ["label"], "apiKey": {"label": "Other"}}
    assert api.patch(path, changed).status == 200

    masked, plain = diff(admin), diff(admin, "?includeSecrets=true")

    assert [one["id"] for one in masked["changed"] if one["table"] == "apiKeys"] == [REDACTED]
    assert [one["id"] for one in plain["changed"] if one["table"] == "apiKeys"] == [key]
    tokens = [
        one["record"]["credentials"][AUTHORIZATION_CODE]["accessToken"]["token"]
        for found in (masked, plain)
        for one in found["created"]
        if one["table"] == "connections"
    ]
    assert tokens[0] == REDACTED
    assert tokens[1] != REDACTED


# ------------------------------------------------------------------ writing down


def test_an_exported_state_loads_back_equal(admin: Client, api: Client, tmp_path: Path):
    worlds = api.mock
    odd = "on: 'yes' # \u2028 \x85 \U0001f600 2026-01-05 - {a: [1]} null ~ \\ \"q\" 0x1F 1_000"
    api.post(TOPICS, {"name": "exported"})
    app = {"updateMask": ["appName"], "project": {"appName": odd}}
    assert api.patch("/projects/my-project", app).status == 200
    connect(api)
    add_installation(worlds, add_integration(worlds), add_connection(worlds))

    answer = admin.get("/state/export")

    assert answer.status == 200
    assert answer.media_type == "text/plain"
    path = tmp_path / "exported.yaml"
    path.write_bytes(answer.body)
    again = make_mock(fixture=str(path))
    before = export(worlds.sandbox.root)
    assert yaml.safe_load(answer.body)["projects"][0]["appName"] == odd
    assert export(again.sandbox.root) == before


def test_a_state_is_exported_of_the_sandbox_that_is_selected(admin: Client, api: Client):
    within(api, "mine").post(TOPICS, {"name": "only-there"})

    assert "only-there" in within(admin, "mine").get("/state/export").body.decode()
    assert "only-there" not in admin.get("/state/export").body.decode()
