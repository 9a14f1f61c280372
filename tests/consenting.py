"""Goes through the OAuth round trip in tests, as a browser does."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.client import Client, Response
from tests.connecting import CONNECTIONS

FORM = {"content-type": "application/x-www-form-urlencoded"}
_INPUT = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


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
    answer = submit(client, "/_provider/oauth/authorize", {**form_of(page), "decision": decision})
    assert answer.status == 303, answer.body
    return answer.headers["location"]


def come_back(client: Client, url: str) -> tuple[Response, dict[str, Any]]:
    """Open the callback; return it and the message that it posts to its opener."""
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


def update(client: Client, identifier: str) -> str:
    """Return the URL that oauthUpdate answers with."""
    answer = client.patch(f"{CONNECTIONS}/{identifier}:oauth-update")
    assert answer.status == 200, answer.body
    return answer.body.decode()
