"""Fixtures, credentials and settings on the control plane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.admin.conftest import within
from tests.client import Client
from tests.conftest import make_mock

TOPICS = "/projects/my-project/topics"
CUSTOMER = {"kind": "customer", "groupRef": "group-1", "consumerRef": "ann"}


def names(client: Client) -> list[str]:
    return [topic["name"] for topic in client.get(TOPICS).json]


def test_the_fixtures_are_listed(admin: Client):
    listed = admin.get("/fixtures").json["fixtures"]

    assert [one["name"] for one in listed] == ["acme", "empty", "frontend"]
    assert [one["name"] for one in listed if one["isDefault"]] == ["acme"]


def test_a_sandbox_starts_anew_from_a_fixture(admin: Client, api: Client):
    there, control = within(api, "mine"), within(admin, "mine")
    before = names(there)

    loaded = control.post("/fixtures/empty/load")
    there.post(TOPICS, {"name": "since"})

    assert (loaded.status, loaded.json["name"], loaded.json["fixture"]) == (200, "mine", "empty")
    assert names(there) == ["since"]
    control.post("/reset")
    assert names(there) == [], "a reset leads to the fixture that was loaded"
    assert names(api) == before


def test_a_loaded_fixture_of_the_default_sandbox_is_not_that_of_new_ones(
    admin: Client, api: Client
):
    admin.post("/fixtures/empty/load")

    assert names(api) == []
    assert names(within(api, "mine")) != []


@pytest.mark.parametrize("name", ["nope", "..%2Ffixtures%2Facme", "acme.yaml", "%2Fetc%2Fpasswd"])
def test_only_fixtures_are_loaded(admin: Client, name: str):
    assert admin.post(f"/fixtures/{name}/load").status == 404


def test_a_file_of_the_start_is_a_fixture_and_may_break(tmp_path: Path):
    path = tmp_path / "shop.yaml"
    path.write_text("orgs: [{label: Shop}]\n")
    mock = make_mock(fixture=str(path))
    admin = Client(mock, key=None, prefix="/__admin")
    assert {"name": "shop", "isDefault": True} in admin.get("/fixtures").json["fixtures"]
    path.write_text("orgs: [{label: Shop, id: 7}]\n# longer\n")

    refused = admin.post("/fixtures/shop/load")
    as_source = admin.post("/sandboxes", {"name": "x", "from": {"fixture": "shop"}})

    assert refused.status == 422
    assert refused.json["detail"].startswith(f"{path}:1: id: ")
    assert as_source.status == 422
    assert admin.get("/state/orgs").json["total"] == 1
    assert len(mock.worlds) == 1


# ------------------------------------------------------------------ credentials


def test_the_credentials_of_a_sandbox_open_it(admin: Client, api: Client):
    listed = admin.get("/tokens").json

    full = [key for key in listed["apiKeys"] if key["scopes"] == ["full"] and key["active"]]
    assert {"key", "project", "projectId", "scopes", "active"} == set(full[0])
    assert api.as_(key=full[0]["key"]).get("/projects").status == 200
    token = listed["builderTokens"][0]
    assert "@" in token["builder"]
    assert api.as_(bearer=token["token"]).get("/my-info").status == 200


def test_a_builder_token_is_accepted_until_it_expires(admin: Client, api: Client):
    minted = admin.post("/tokens", {"kind": "builder", "email": "new@mailmonkey.com"})

    assert minted.status == 201, minted.body
    assert minted.json["expiresAt"] == "2026-02-02T12:00:00.000000Z"
    caller = api.as_(bearer=minted.json["token"])
    assert caller.get("/my-info").json["builder"]["primaryEmail"] == "new@mailmonkey.com"
    admin.post("/clock", {"seconds": 86_400})
    assert caller.get("/my-info").status == 401


def test_a_customer_token_is_limited_to_its_group(admin: Client, api: Client):
    minted = admin.post("/tokens", {**CUSTOMER, "ttlSeconds": 60, "subject": "Ann"})

    assert minted.json["expiresAt"] == "2026-02-01T12:01:00.000000Z"
    caller = api.as_(bearer=minted.json["token"])
    connections = "/projects/my-project/connections"
    assert caller.get(f"{connections}?groupRef=group-1&consumerRef=ann").status == 200


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({}, 400, "kind"),
        ({"kind": "king"}, 422, "kind"),
        ({"kind": "builder"}, 422, "email"),
        ({"kind": "builder", "email": "nobody"}, 422, "email"),
        ({"kind": "customer", "groupRef": "g"}, 422, "consumerRef"),
        ({"kind": "customer", "groupRef": "", "consumerRef": "c"}, 422, "groupRef"),
        ({**CUSTOMER, "project": "nope"}, 422, "project"),
        ({**CUSTOMER, "ttlSeconds": 0}, 422, "ttlSeconds"),
        ({**CUSTOMER, "ttlSeconds": "60"}, 400, "ttlSeconds"),
    ],
)
def test_what_no_token_can_be_made_of_is_refused(
    admin: Client, body: dict[str, Any], status: int, name: str
):
    answer = admin.post("/tokens", body)

    assert answer.status == status, answer.body
    assert answer.issue_names == [name]


def test_a_project_without_a_key_to_sign_with_says_so(admin: Client):
    within(admin, "bare").post("/fixtures/empty/load")

    answer = within(admin, "bare").post("/tokens", CUSTOMER)

    assert answer.status == 422
    assert "no active JWT key" in answer.issues[0]["detail"]


# ------------------------------------------------------------------ settings


def test_the_settings_in_force_are_shown_without_secrets(admin: Client):
    shown = admin.get("/settings").json["settings"]

    assert (shown["fixture"], shown["sandboxes"], shown["seed"]) == ("acme", "on-use", 0)
    assert shown["allowDestination"] == []
    assert "tokenSecret" not in shown
