"""Connections changed and deleted."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from mockserver.state.transactions import RootTransaction
from tests.calls import NOTHING
from tests.client import Client
from tests.conftest import make_mock
from tests.connecting import (
    BASIC,
    CLIENT_CREDENTIALS,
    CONNECTIONS,
    GENERATE,
    PASSWORD,
    by_block,
    generate,
    imported,
    install,
    patch,
)

# ------------------------------------------------------------------ updateConnection


@pytest.mark.parametrize(
    ("provider", "block", "value", "rotated"),
    [
        ("apollo", "apiKey", "key-1", "key-2"),
        ("ashby", "basicAuth", BASIC, {"username": "john", "password": "other"}),
        (
            "adobe",
            "oauth2ClientCredentials",
            CLIENT_CREDENTIALS,
            {"clientId": "id-2", "clientSecret": "other"},
        ),
        ("sugarCRM", "oauth2PasswordCredentials", PASSWORD, {**PASSWORD, "username": "john"}),
    ],
)
def test_credentials_are_rotated(client, mock, advance, provider, block, value, rotated):
    made = client.post(GENERATE, by_block(provider, block, value)).json
    advance(60)
    answer = patch(client, made, [block], **{block: rotated})
    assert answer.status == 200
    assert answer.json == {**made, "updateTime": "2026-02-01T12:01:00.000000Z"}
    stored = mock.sandbox.root.tables["connections"][made["id"]]
    assert stored["credentials"] == {block: rotated}


def test_new_credentials_put_a_bad_connection_back_to_created(client, mock):
    made = generate(client)
    mark(mock, made["id"], "bad_credentials")
    assert patch(client, made, ["apiKey"], apiKey="key-2").json["status"] == "created"


def test_a_new_workspace_leaves_the_status_alone(client, mock):
    made = generate(client)
    mark(mock, made["id"], "working")
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="acme")
    assert (answer.json["status"], answer.json["providerWorkspaceRef"]) == ("working", "acme")


def mark(mock: Mock, identifier: str, status: str) -> None:
    transaction = RootTransaction(mock.sandbox.root)
    record = transaction.get("connections", identifier) or {}
    transaction.put("connections", identifier, {**record, "status": status})
    mock.sandbox.root = transaction.committed()


@pytest.mark.parametrize("mask", ["basicAuth", "oauth2ClientCredentials"])
def test_credentials_of_another_scheme_are_refused(client, mask):
    made = generate(client)
    values = {"basicAuth": BASIC, "oauth2ClientCredentials": CLIENT_CREDENTIALS}
    answer = patch(client, made, [mask], **values)
    assert (answer.status, answer.json["detail"]) == (400, "auth scheme mismatch")
    shown = client.get(f"{CONNECTIONS}/{made['id']}?includeCreds=true").json
    assert shown == {**made, "apiKey": "key-1"}


def test_an_unknown_mask_lists_the_allowed_ones(client):
    answer = patch(client, generate(client), ["customAuth"], customAuth={"a": "b"})
    assert (answer.status, answer.json["detail"]) == (400, "Invalid update mask")
    for mask in ("providerWorkspaceRef", "providerMetadata", "apiKey", "basicAuth"):
        assert mask in answer.json["remedy"]


def test_a_mask_without_a_value_is_refused(client):
    answer = patch(client, generate(client), ["apiKey"], providerWorkspaceRef="acme")
    assert (answer.status, answer.issue_names) == (400, ["connection.apiKey"])


def test_an_empty_key_is_no_new_key(client):
    answer = patch(client, generate(client), ["apiKey"], apiKey="")
    assert (answer.status, answer.issue_names) == (400, ["connection.apiKey"])


def test_an_empty_mask_changes_nothing(client):
    made = generate(client)
    answer = patch(client, made, [], apiKey="key-2")
    assert (answer.status, answer.json) == (200, made)


def test_fields_that_no_mask_names_are_ignored(client):
    made = generate(client)
    answer = patch(
        client,
        made,
        ["providerWorkspaceRef"],
        providerWorkspaceRef="acme",
        groupRef="group-2",
        consumerRef="user-2",
        provider="hubspot",
        apiKey="key-2",
    )
    assert answer.status == 200
    for name in ("group", "consumer", "provider"):
        assert answer.json[name] == made[name]
    shown = client.get(f"{CONNECTIONS}/{made['id']}?includeCreds=true").json
    assert shown["apiKey"] == "key-1"


def test_metadata_is_replaced_as_a_whole_and_leads_the_workspace(client):
    old = {
        "workspace": {"value": "acme", "source": "input", "displayName": "Workspace"},
        "region": {"value": "eu", "source": "input"},
    }
    made = generate(client, provider="braze", providerMetadata=old)
    new = {"workspace": {"value": "globex", "source": "input"}}
    answer = patch(client, made, ["providerMetadata"], providerMetadata=new)
    assert answer.json["providerMetadata"] == new
    assert answer.json["providerWorkspaceRef"] == "globex"


def test_the_workspace_leads_the_metadata_when_it_is_named(client):
    field = {"value": "acme", "source": "input", "displayName": "Workspace"}
    made = generate(client, provider="braze", providerMetadata={"workspace": field})
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="globex")
    assert answer.json["providerWorkspaceRef"] == "globex"
    assert answer.json["providerMetadata"] == {"workspace": {**field, "value": "globex"}}


def test_a_workspace_that_the_provider_needs_cannot_be_emptied(client):
    made = generate(client, provider="braze", providerWorkspaceRef="acme")
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="")
    assert (answer.status, answer.issue_names) == (400, ["connection.providerWorkspaceRef"])


def test_an_unknown_connection_cannot_be_updated(client):
    assert patch(client, {"id": NOTHING}, ["apiKey"], apiKey="k").status == 404


# ------------------------------------------------------------------ deleteConnection


def test_a_deleted_connection_is_gone_and_its_group_stays(client):
    made = generate(client)
    answer = client.delete(f"{CONNECTIONS}/{made['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert client.get(f"{CONNECTIONS}/{made['id']}").status == 404
    assert client.delete(f"{CONNECTIONS}/{made['id']}").status == 404
    assert client.get(CONNECTIONS).json == []
    again = generate(client, groupName=None)
    assert again["id"] != made["id"]
    assert again["group"] == made["group"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 installation still uses"), (2, "2 installations still use")]
)
def test_a_connection_in_use_is_not_deleted(client, mock, number, text):
    made = generate(client)
    for _ in range(number):
        install(mock, made)
    answer = client.delete(f"{CONNECTIONS}/{made['id']}")
    assert answer.status == 400
    assert text in answer.json["detail"]
    assert answer.json["remedy"] == "delete the installation first"
    assert client.get(f"{CONNECTIONS}/{made['id']}").json == made


def test_the_status_of_deleting_a_connection_in_use_is_a_setting():
    own = Client(make_mock(delete_connection_in_use_status=409))
    made = generate(own)
    install(own.mock, made)
    assert own.delete(f"{CONNECTIONS}/{made['id']}").status == 409


def test_a_provider_app_with_connections_is_kept(client):
    app = imported(client)["providerApp"]["id"]
    answer = client.delete(f"/projects/my-project/provider-apps/{app}")
    assert answer.status == 422
    assert "1 connection still uses" in answer.json["detail"]
