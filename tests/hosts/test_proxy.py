"""The proxy: calls of a provider's own API, answered by stubs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.state.transactions import RootTransaction
from tests.client import BUILDER, Client
from tests.conftest import make_mock
from tests.connecting import customer
from tests.hosting import Hosted, install
from tests.installing import NOBODY
from tests.listening import PROJECT
from tests.worlds import GROUP, change, manifest

ENABLED = {"enabled": True}
STUBS: list[dict[str, Any]] = [
    {"path": "/me", "body": {"who": "ada"}},
    {"path": "/me", "query": {"full": "yes"}, "body": {"who": "ada park"}},
    {"path": "/people/{id}", "body": "somebody"},
    {"path": "/people/7", "body": "the seventh"},
    {"path": "/files/*", "body": "a file", "headers": {"Content-Type": "text/csv", "X-Own": "1"}},
    {"method": "POST", "path": "/people", "status": 201, "body": [1]},
    {"method": "DELETE", "path": "/people/{id}", "status": 204},
    {"method": "*", "path": "/any", "body": None},
    {"path": "/expired", "status": 401, "body": {"error": "expired"}},
    {"path": "/busy", "status": 429, "headers": {"Retry-After": "90", "Connection": "close"}},
    {"path": "/broken", "status": 500, "body": {"error": "oh"}},
]


@pytest.fixture
def here() -> Hosted:
    found = install(manifest("salesforce"), proxy=ENABLED)
    transaction = RootTransaction(found.mock.sandbox.root)
    for number, stub in enumerate(STUBS):
        row = {"id": f"stub-{number}", "projectId": found.made["projectId"], "method": "GET"}
        row |= {"provider": "salesforce", "status": 200, "createTime": "", **stub}
        transaction.put("proxyStubs", row["id"], row)
    found.mock.sandbox.root = transaction.committed()
    return found


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type", "body"),
    [
        ("GET", "/me", 200, "application/json", b'{"who":"ada"}'),
        ("GET", "/me?full=yes&x=1", 200, "application/json", b'{"who":"ada park"}'),
        ("GET", "/me?full=no", 200, "application/json", b'{"who":"ada"}'),
        ("GET", "/people/8", 200, "text/plain; charset=utf-8", b"somebody"),
        ("GET", "/people/%C3%A4", 200, "text/plain; charset=utf-8", b"somebody"),
        ("GET", "/people/7", 200, "text/plain; charset=utf-8", b"the seventh"),
        ("GET", "/files/a/b.csv", 200, "text/csv", b"a file"),
        ("GET", "/files", 200, "text/csv", b"a file"),
        ("POST", "/people", 201, "application/json", b"[1]"),
        ("DELETE", "/people/7", 204, None, b""),
        ("PATCH", "/any", 200, None, b""),
        ("GET", "/broken", 500, "application/json", b'{"error":"oh"}'),
    ],
)
def test_a_stub_answers(
    here: Hosted, method: str, path: str, status: int, media_type: str | None, body: bytes
):
    answer = here.proxy(method, path)

    assert (answer.status, answer.media_type, answer.body) == (status, media_type, body)


def test_a_stub_has_headers_of_its_own(here: Hosted):
    assert here.proxy("GET", "/files/x").headers["x-own"] == "1"
    assert "connection" not in here.proxy("GET", "/busy").headers


@pytest.mark.parametrize("host", ["proxy.withampersand.com", "proxy.localhost:4010"])
def test_everything_at_the_proxys_host_is_a_call(here: Hosted, host: str):
    headers = {"x-amp-proxy-version": "1", "x-amp-project-id": str(here.made["projectId"])}
    headers |= {"x-amp-installation-id": str(here.made["id"]), "host": host}

    assert here.client.call("GET", "/me", root=True, headers=headers).json == {"who": "ada"}
    assert here.client.call("GET", "/v1/me", root=True, headers=headers).status == 404


def test_an_installation_may_be_named_by_integration_and_group(here: Hosted):
    name = str(here.place.integration["name"])
    named = {"x-amp-integration-name": name, "x-amp-group-ref": GROUP}

    assert here.proxy("GET", "/me", {"x-amp-installation-id": None, **named}).status == 200
    # The installation's id counts, whatever stands beside it.
    assert here.proxy("GET", "/me", {**named, "x-amp-group-ref": "nobody"}).status == 200


def test_a_call_that_no_stub_answers_says_how_to_declare_one(here: Hosted):
    refused = here.proxy("PUT", "/people/7/photo?size=1")

    assert refused.status == 404
    assert refused.media_type == "application/problem+json"
    assert refused.json["detail"] == "no stub answers PUT /people/7/photo of salesforce"
    assert "proxyStubs" in refused.json["remedy"]
    assert "method: PUT, path: /people/7/photo" in refused.json["remedy"]
    assert "GET /me" in refused.json["remedy"]


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"x-amp-proxy-version": None}, 400, "x-amp-proxy-version: 1"),
        ({"x-amp-proxy-version": "2"}, 400, "x-amp-proxy-version: 1"),
        ({"x-amp-project-id": None}, 400, "x-amp-project-id is required"),
        ({"x-amp-project-id": "my-project"}, 400, "is a name, not an id"),
        ({"x-amp-project-id": NOBODY}, 403, "does not belong to this project"),
        ({"x-amp-installation-id": NOBODY}, 400, "names no installation"),
        ({"x-amp-installation-id": None}, 400, "x-amp-integration-name and x-amp-group-ref"),
        (
            {"x-amp-installation-id": None, "x-amp-integration-name": "salesforce-in-orbit"},
            400,
            "is required, or else",
        ),
        (
            {
                "x-amp-installation-id": None,
                "x-amp-integration-name": "nothing",
                "x-amp-group-ref": GROUP,
            },
            400,
            "names no integration",
        ),
        (
            {
                "x-amp-installation-id": None,
                "x-amp-integration-name": "salesforce-in-orbit",
                "x-amp-group-ref": "nobody",
            },
            400,
            "group nobody has no installation",
        ),
        ({"x-api-key": None}, 401, "API keys only"),
        ({"x-api-key": "wrong"}, 401, "unknown API key"),
        ({"x-api-key": "mock-frontend-key"}, 403, "frontend API key"),
        ({"x-api-key": "mock-staging-key"}, 403, "does not belong to this project"),
        ({"x-api-key": None, "authorization": f"Bearer {BUILDER}"}, 401, "API keys only"),
    ],
)
def test_a_call_without_the_right_headers_is_refused(
    here: Hosted, headers: Mapping[str, str | None], status: int, words: str
):
    refused = here.proxy("GET", "/me", headers)

    assert refused.status == status
    assert words in refused.json["detail"] + refused.json["remedy"]


def test_a_customers_token_is_refused(here: Hosted):
    bearer = customer(here.client, GROUP).bearer
    headers = {"x-api-key": None, "authorization": f"Bearer {bearer}"}

    assert here.proxy("GET", "/me", headers).status == 401


@pytest.mark.parametrize("side", ["manifest", "config"])
def test_the_proxy_must_be_enabled_on_both_sides(side: str):
    if side == "manifest":
        here = install(manifest("salesforce", proxy={"enabled": False}, write={"objects": []}))
    else:
        here = install(manifest("salesforce"), proxy={"enabled": False})

    refused = here.proxy("GET", "/me")

    assert refused.status == 403
    assert f"in the {side}" in refused.json["detail"].replace("installation's ", "")


# ---------------------------------------------------------------- the connection


def status(here: Hosted) -> str:
    found: str = here.place.stored(here.made)["connection"]["status"]
    return found


def test_a_call_that_succeeds_puts_the_connection_to_work(here: Hosted):
    with change(here.mock) as work:
        connection = work.tx.get("connections", here.made["connection"]["id"])
        assert connection is not None
        work.tx.put("connections", connection["id"], {**connection, "status": "created"})
    here.proxy("GET", "/me")
    assert status(here) == "working"


def test_a_401_of_the_provider_means_bad_credentials(here: Hosted):
    assert here.proxy("GET", "/expired", leaves_marks=True).json == {"error": "expired"}

    assert status(here) == "bad_credentials"
    assert len(here.notified("connection.error")) == 1
    refused = here.proxy("GET", "/me")
    assert refused.status == 401
    assert "connect again" in refused.json["remedy"]


def test_a_throttled_provider_is_told_as_the_mode_asks(here: Hosted):
    plain = here.proxy("GET", "/busy")
    throttled = here.proxy("GET", "/busy", {"x-amp-rate-limiter-mode": "throttle"})

    assert (plain.status, throttled.status) == (429, 429)
    assert "x-amp-retryable" not in plain.headers
    assert throttled.headers["x-amp-retryable"] == "true"
    assert throttled.headers["x-amp-retry-after"] == "Sun, 01 Feb 2026 12:01:30 UTC"


def test_a_drill_throttles_any_call(here: Hosted):
    here.drill("provider_throttled", times=1)
    client = Client(here.mock)
    headers = {"x-amp-proxy-version": "1", "x-amp-project-id": str(here.made["projectId"])}
    headers["x-amp-installation-id"] = str(here.made["id"])

    first, second = (client.call("GET", "/proxy/me", root=True, headers=headers) for _ in range(2))

    assert (first.status, second.status) == (429, 200)


def test_a_browser_of_any_origin_may_call(here: Hosted):
    origin = {"origin": "https://app.example"}

    asked = here.client.call("OPTIONS", "/proxy/me", root=True, headers=origin)

    assert asked.status == 204
    assert here.proxy("GET", "/me", origin).headers["access-control-allow-origin"] == "*"


def test_the_default_fixture_has_stubs_to_try():
    mock = make_mock()
    client = Client(mock)
    connect = {"groupRef": GROUP, "consumerRef": "ann", "provider": "apollo", "apiKey": "k"}
    assert client.post(f"{PROJECT}/connections:generate", connect).status == 201
    body = {"groupRef": GROUP, "config": {"content": {"provider": "apollo"}}}
    made = client.post(f"{PROJECT}/integrations/my-integration/installations", body)
    headers = {"x-amp-proxy-version": "1", "x-amp-project-id": made.json["projectId"]}
    headers["x-amp-installation-id"] = made.json["id"]

    answer = client.call("GET", "/proxy/v1/auth/health", root=True, headers=headers)

    assert answer.json == {"healthy": True, "is_logged_in": True}
