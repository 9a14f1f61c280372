"""Connects accounts in tests with credentials, and puts connections to use."""

from __future__ import annotations

from typing import Any

from mockserver.app import Mock
from mockserver.resources import tokens
from mockserver.simulation.clock import SECOND, moment
from mockserver.state.tables import Record
from mockserver.state.transactions import RootTransaction
from tests.calls import SIGNING_KEY
from tests.client import Client, Response
from tests.conftest import START

CONNECTIONS = "/projects/my-project/connections"
GENERATE = f"{CONNECTIONS}:generate"
CLIENT_CREDENTIALS = {"clientId": "id-1", "clientSecret": "hidden-1"}
PASSWORD = {**CLIENT_CREDENTIALS, "username": "jane", "password": "hidden-2"}
BASIC = {"username": "jane", "password": "hidden-3"}
TOKENS = {"accessToken": {"token": "access-1"}, "refreshToken": {"token": "refresh-1"}}
SUGAR = {"providerWorkspaceRef": "https://sugar.example.com"}

#: provider, its block, what is given and the scheme that comes of it.
SCHEMES = [
    ("apollo", "apiKey", "key-1", "apiKey"),
    ("ashby", "basicAuth", BASIC, "basic"),
    ("adobe", "oauth2ClientCredentials", CLIENT_CREDENTIALS, "oauth2/clientCredentials"),
    ("sugarCRM", "oauth2PasswordCredentials", PASSWORD, "oauth2/password"),
    ("hubspot", "oauth2AuthorizationCode", TOKENS, "oauth2/authorizationCode"),
    ("gitlab", "customAuth", {"token": "t-1"}, "none"),
]


def request(**changes: Any) -> dict[str, Any]:
    """Return the body of generateConnection for an API key; None leaves a field out."""
    body = {
        "groupRef": "group-1",
        "groupName": "Group One",
        "consumerRef": "user-1",
        "consumerName": "User One",
        "provider": "apollo",
        "apiKey": "key-1",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def by_block(provider: str, block: str, value: Any) -> dict[str, Any]:
    """Return the body of generateConnection for one of SCHEMES."""
    extra = SUGAR if provider == "sugarCRM" else {}
    return request(provider=provider, apiKey=None, **extra) | {block: value}


def generate(client: Client, **changes: Any) -> dict[str, Any]:
    """Return a connection made with credentials."""
    answer = client.post(GENERATE, request(**changes))
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def imported(client: Client, **changes: Any) -> dict[str, Any]:
    """Return a HubSpot connection made by importing tokens; `changes` are of the token block."""
    block = {
        "accessToken": {"token": "access-1"},
        "refreshToken": {"token": "refresh-1"},
        "scopes": ["oauth"],
        **changes,
    }
    kept = {name: value for name, value in block.items() if value is not None}
    return generate(client, provider="hubspot", apiKey=None, oauth2AuthorizationCode=kept)


def customer(client: Client, group: str) -> Client:
    """Return a client with a customer token of a group, signed with the fixture's key."""
    key = client.mock.sandbox.root.tables["jwtKeys"][SIGNING_KEY]
    token = tokens.customer(
        key["privateKeyPem"],
        SIGNING_KEY,
        group_ref=group,
        consumer_ref="user-1",
        subject="",
        issued=moment(START) // SECOND,
        lifetime=600,
    )
    return client.as_(bearer=token)


def install(mock: Mock, connection: Record) -> None:
    """Put an installation that uses a connection into the world."""
    transaction = RootTransaction(mock.sandbox.root)
    number = transaction.count("test installations")
    installation = {
        "id": f"installation-{number}",
        "projectId": connection["projectId"],
        "integrationId": f"integration-{number}",
        "groupRef": connection["group"]["groupRef"],
        "connectionId": connection["id"],
    }
    transaction.put("installations", installation["id"], installation)
    mock.sandbox.root = transaction.committed()


def patch(client: Client, made: Record, mask: list[str], **values: Any) -> Response:
    """Change the parts of a connection that a mask names."""
    body = {"updateMask": mask, "connection": values}
    return client.patch(f"{CONNECTIONS}/{made['id']}", body)
