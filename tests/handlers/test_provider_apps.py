"""Provider apps, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from tests import calls
from tests.client import Client

APPS = "/projects/my-project/provider-apps"
HUBSPOT = f"{APPS}/{calls.HUBSPOT_APP}"
NEW = {"provider": "salesforce", "clientId": "client-1", "clientSecret": "very-secret"}


def update(client: Client, *mask: str, **values: Any) -> Any:
    return client.patch(HUBSPOT, {"updateMask": list(mask), "providerApp": values})


def test_a_created_app_is_answered_with_200_and_listed_once(client: Client):
    metadata = {"authQueryParams": {"prompt": ["a", "b"]}, "providerParams": {"k": "v"}}
    created = client.post(
        APPS, {**NEW, "externalRef": "0H4", "scopes": ["api"], "metadata": metadata}
    )

    assert created.status == 200
    assert created.json["projectId"] == calls.MY_PROJECT
    assert created.json["metadata"] == metadata
    assert [a for a in client.get(APPS).json if a["id"] == created.json["id"]] == [created.json]


def test_a_client_secret_is_never_shown(client: Client):
    created = client.post(APPS, NEW)
    changed = update(client, "clientSecret", clientSecret="another-secret")
    listed = client.get(APPS)
    refused = client.post(APPS, {**NEW, "provider": "nobody", "clientSecret": "very-secret"})
    wrong = client.post(APPS, {**NEW, "clientSecret": 4711004711})

    assert changed.status == 200
    for answer in (created, changed, listed, refused, wrong):
        for secret in (b"very-secret", b"another-secret", b"hubspot-secret", b"4711004711"):
            assert secret not in answer.body


def test_several_apps_of_one_provider_are_listed_in_the_order_they_were_made(client: Client):
    made = [client.post(APPS, NEW).json["id"] for _ in range(3)]

    assert [app["id"] for app in client.get(APPS).json] == [calls.HUBSPOT_APP, *made]


@pytest.mark.parametrize("provider", ["nobody", "Salesforce", ""])
def test_the_provider_of_an_app_is_a_key_of_the_catalog(client: Client, provider: str):
    refused = client.post(APPS, {**NEW, "provider": provider})

    assert (refused.status, refused.issue_names) == (422, ["provider"])


@pytest.mark.parametrize("scopes", [{}, {"scopes": []}])
def test_an_app_of_a_provider_that_asks_for_scopes_needs_them(
    client: Client, scopes: dict[str, Any]
):
    refused = client.post(APPS, {**NEW, "provider": "hubspot", **scopes})

    assert (refused.status, refused.issue_names) == (422, ["scopes"])


@pytest.mark.parametrize("wrong", [{"scopes": "api"}, {"clientId": None}, {"metadata": []}])
def test_a_value_of_the_wrong_type_is_400(client: Client, wrong: dict[str, Any]):
    refused = client.post(APPS, {**NEW, **wrong})

    assert (refused.status, refused.issue_names) == (400, list(wrong))


def test_unknown_keys_of_the_metadata_are_ignored(client: Client):
    created = client.post(APPS, {**NEW, "metadata": {"providerParams": {"k": "v"}, "other": 1}})
    changed = update(client, "metadata", metadata={"other": 1})

    assert created.json["metadata"] == {"providerParams": {"k": "v"}}
    assert changed.json["metadata"] == {}


def test_an_update_changes_only_what_its_mask_names(client: Client):
    old = client.get(APPS).json[0]

    changed = update(client, "clientId", clientId="client-2", externalRef="ignored")

    assert changed.status == 200
    assert changed.json == {
        **old,
        "clientId": "client-2",
        "updateTime": "2026-02-01T12:00:00.000000Z",
    }
    assert client.get(APPS).json == [changed.json]


def test_metadata_and_scopes_are_replaced_as_a_whole(client: Client):
    update(client, "metadata", metadata={"authQueryParams": {"a": ["1"]}})

    changed = update(
        client, "metadata", "scopes", metadata={"providerParams": {"b": "2"}}, scopes=["oauth"]
    )

    assert changed.json["metadata"] == {"providerParams": {"b": "2"}}
    assert changed.json["scopes"] == ["oauth"]


def test_the_provider_of_an_app_may_be_changed(client: Client):
    assert update(client, "provider", provider="salesforce").json["provider"] == "salesforce"


def test_an_unknown_mask_is_400_and_names_the_allowed_ones(client: Client):
    refused = update(client, "clientId", "projectId", clientId="a", projectId="b")

    assert (refused.status, refused.issue_names) == (400, ["updateMask[1]"])
    assert refused.json["detail"] == "Invalid update mask"
    assert refused.json["remedy"] == (
        "Allowed masks: 'externalRef', 'clientId', 'clientSecret', 'provider', 'scopes'"
        " and 'metadata'"
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "providerApp.provider"),
        ({"provider": None}, "providerApp.provider"),
        ({"provider": "nobody"}, "providerApp.provider"),
    ],
)
def test_an_update_to_no_value_or_to_a_wrong_one_is_400(
    client: Client, values: dict[str, Any], name: str
):
    refused = update(client, "provider", **values)

    assert (refused.status, refused.issue_names) == (400, [name])


def test_the_scopes_of_an_app_that_needs_them_cannot_be_emptied(client: Client):
    refused = update(client, "scopes", scopes=[])

    assert (refused.status, refused.issue_names) == (400, ["providerApp.scopes"])


def test_a_deleted_app_is_gone(client: Client):
    deleted = client.delete(HUBSPOT)

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.get(APPS).json == []
    assert client.delete(HUBSPOT).status == 404
    assert update(client, "clientId", clientId="a").status == 404


def test_a_frontend_key_may_only_list_apps(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    assert frontend.get(APPS).status == 200
    assert frontend.post(APPS, NEW).status == 403
    assert frontend.delete(HUBSPOT).status == 403
