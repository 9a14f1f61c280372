"""API keys, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from tests import calls
from tests.client import Client

KEYS = "/projects/my-project/api-keys"
FRONTEND = f"{KEYS}/mock-frontend-key"


def update(client: Client, *mask: str, path: str = FRONTEND, **values: Any) -> Any:
    return client.patch(path, {"updateMask": list(mask), "apiKey": values})


def test_a_created_key_is_active_may_do_everything_and_is_listed_once(client: Client):
    created = client.post(KEYS, {"label": "CI"})

    assert created.status == 201
    assert created.json == {
        "key": created.json["key"],
        "label": "CI",
        "scopes": ["full"],
        "projectId": calls.MY_PROJECT,
        "active": True,
    }
    assert client.get(f"{KEYS}/{created.json['key']}").json == created.json
    assert [k for k in client.get(KEYS).json if k["label"] == "CI"] == [created.json]


def test_a_created_key_opens_its_project_and_no_other(client: Client):
    key = client.post(KEYS, {"label": "CI"}).json["key"]

    assert client.as_(key=key).get("/projects/my-project").status == 200
    assert client.as_(key=key).get("/projects/mailmonkey-prod").status == 403


@pytest.mark.parametrize("scopes", [["full"], ["frontend"], ["frontend", "full"]])
def test_a_key_has_the_scopes_it_was_made_with(client: Client, scopes: list[str]):
    key = client.post(KEYS, {"label": "CI", "scopes": scopes}).json

    answer = client.as_(key=key["key"]).get(KEYS)

    assert key["scopes"] == scopes
    assert answer.status == (200 if "full" in scopes else 403)


@pytest.mark.parametrize(
    ("scopes", "name"), [(["admin"], "scopes[0]"), (["full", "x"], "scopes[1]"), ([], "scopes")]
)
def test_unknown_scopes_and_none_at_all_are_400(client: Client, scopes: list[str], name: str):
    created = client.post(KEYS, {"label": "CI", "scopes": scopes})
    changed = update(client, "scopes", scopes=scopes)

    assert (created.status, created.issue_names) == (400, [name])
    assert (changed.status, changed.issue_names) == (400, [f"apiKey.{name}"])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["mock-full-key", "mock-frontend-key", "mock-inactive-key"]),
        ("?active=false", ["mock-full-key", "mock-frontend-key", "mock-inactive-key"]),
        ("?active=true", ["mock-full-key", "mock-frontend-key"]),
    ],
)
def test_a_list_of_keys_can_be_narrowed_to_active_ones(
    client: Client, query: str, shown: list[str]
):
    assert [key["key"] for key in client.get(f"{KEYS}{query}").json] == shown


def test_an_update_changes_only_what_its_mask_names(client: Client):
    old = client.get(FRONTEND).json

    changed = update(client, "label", label="Browser", active=False)

    assert (changed.status, changed.json) == (200, {**old, "label": "Browser"})
    assert client.get(FRONTEND).json == changed.json


def test_a_deactivated_key_is_refused_at_once_and_works_again_when_activated(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    update(client, "active", active=False)
    refused = frontend.get("/projects/my-project")
    update(client, "active", active=True)

    assert refused.status == 401
    assert refused.json["detail"] == "inactive API key"
    assert frontend.get("/projects/my-project").status == 200


def test_a_scope_that_is_taken_away_counts_at_once(client: Client):
    full = client.post(KEYS, {"label": "CI"}).json["key"]

    update(client, "scopes", path=f"{KEYS}/{full}", scopes=["frontend"])

    assert client.as_(key=full).get(KEYS).status == 403


def test_an_unknown_mask_is_400_and_names_the_allowed_ones(client: Client):
    refused = update(client, "key", key="other")

    assert (refused.status, refused.issue_names) == (400, ["updateMask[0]"])
    assert refused.json["remedy"] == "Allowed masks: 'active', 'label' and 'scopes'"


@pytest.mark.parametrize("name", ["active", "label", "scopes"])
def test_a_path_of_the_mask_without_a_value_is_422(client: Client, name: str):
    refused = update(client, name)

    assert (refused.status, refused.issue_names) == (422, [f"apiKey.{name}"])


@pytest.mark.parametrize("name", ["active", "label", "scopes"])
def test_no_value_of_a_key_can_be_null(client: Client, name: str):
    nothing: dict[str, Any] = {name: None}

    refused = update(client, name, **nothing)

    assert (refused.status, refused.issue_names) == (400, [f"apiKey.{name}"])


def test_a_deleted_key_is_gone_and_refused_at_once(client: Client):
    deleted = client.delete(FRONTEND)

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.get(FRONTEND).status == 404
    assert client.delete(FRONTEND).status == 404
    assert update(client, "label", label="x").status == 404
    assert client.as_(key="mock-frontend-key").get("/projects/my-project").status == 401


def test_a_key_may_delete_itself(client: Client):
    assert client.delete(f"{KEYS}/mock-full-key").status == 204
    assert client.get(KEYS).status == 401


def test_a_key_that_is_looked_for_in_vain_is_not_repeated(client: Client):
    refused = client.get(f"{KEYS}/somebody-elses-key")

    assert refused.status == 404
    assert b"somebody-elses-key" not in refused.body


def test_a_frontend_key_does_not_reach_keys(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    for name in ("listApiKeys", "createApiKey", "getApiKey", "updateApiKey", "deleteApiKey"):
        assert calls.make(frontend, name).status == 403
