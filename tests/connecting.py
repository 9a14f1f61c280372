"""Connects accounts in tests: by credentials, and by the OAuth round trip in a browser."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

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
FORM = {"content-type": "application/x-www-form-urlencoded"}
_INPUT = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


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
    key = client.mock.sandbox.root.tables["jwtKeys"].rows[SIGNING_KEY]
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


def oauth_body(**changes: Any) -> dict[str, Any]:
    """Return the body of oauthConnect; None leaves a field out."""
    body = {
        "projectId": "my-project",
        "groupRef": "group-1",
        "groupName": "Group One",
        "consumerRef": "user-1",
        "consumerName": "User One",
        "provider": "hubspot",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def begin(client: Client, **changes: Any) -> str:
    """Return the URL that oauthConnect answers with."""
    answer = client.post("/oauth-connect", oauth_body(**changes))
    assert answer.status == 200, answer.body
    return answer.body.decode()


def begin_salesforce(client: Client, **changes: Any) -> str:
    """Return the URL of a Salesforce consent, which uses PKCE; the app for it is made."""
    app = {
        "provider": "salesforce",
        "clientId": "client-1",
        "clientSecret": "hidden-1",
        "scopes": ["api", "refresh_token"],
    }
    assert client.post("/projects/my-project/provider-apps", app).status == 200
    return begin(client, provider="salesforce", **changes)


def local(url: str) -> str:
    """Return path and query of a URL, which must be of the mock itself."""
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:4010", url
    return f"{parts.path}?{parts.query}"


def query(url: str) -> dict[str, str]:
    """Return the query of a URL; no parameter may be there twice."""
    found = parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def changed(url: str, **changes: str | None) -> str:
    """Return a URL with parts of its query replaced; None takes one away."""
    values = {**query(url), **changes}
    kept = {name: value for name, value in values.items() if value is not None}
    return f"{url.partition('?')[0]}?{urlencode(kept)}"


def visit(client: Client, url: str) -> Response:
    """Open a URL of the mock as a browser does: without credentials."""
    return Client(client.mock, key=None).get(local(url), root=True)


def form_of(page: Response) -> dict[str, str]:
    """Return the hidden fields of the form on a page."""
    found = _INPUT.findall(page.body.decode())
    return {html.unescape(name): html.unescape(value) for name, value in found}


def submit(client: Client, path: str, fields: dict[str, str], **options: Any) -> Response:
    """Send a form as a browser does."""
    headers = {**FORM, **options.pop("headers", {})}
    raw = urlencode(fields).encode()
    return Client(client.mock, key=None).post(path, raw=raw, headers=headers, root=True)


def decide(client: Client, url: str, decision: str) -> str:
    """Answer the consent page; return the URL that the browser is sent back to."""
    page = visit(client, url)
    assert page.status == 200, page.body
    answer = submit(
        client, "/_provider/oauth/authorize", {**form_of(page), "decision": decision}
    )
    assert answer.status == 303, answer.body
    return answer.headers["location"]


def come_back(client: Client, url: str) -> tuple[Response, dict[str, Any]]:
    """Open the callback; return it and the message that it posts to its opener."""
    import json

    page = visit(client, url)
    found = re.search(r"postMessage\((.*), \"\*\"\);", page.body.decode())
    assert found, page.body
    message: dict[str, Any] = json.loads(found[1])
    return page, message


def connect(client: Client, **changes: Any) -> str:
    """Go through the whole round trip; return the id of the connection."""
    return consented(client, begin(client, **changes))


def consented(client: Client, url: str) -> str:
    """Approve a consent and come back; return the id of the connection."""
    page, message = come_back(client, decide(client, url, "approve"))
    assert page.status == 200, page.body
    return str(message["data"]["connection"])
