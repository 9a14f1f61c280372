"""Absolute URLs in answers: from the setting, else from what the client called."""

from __future__ import annotations

import pytest

from mockserver.http.origins import origin
from mockserver.settings import Settings
from tests.client import BUILDER, Client
from tests.conftest import make_mock

SESSION = "/billingAccounts/c0d1e2f3-a4b5-4c6d-8e7f-8a9b0c1d2e01/portalSession"
SERVED_AT = ("127.0.0.1", 4010)


def told(host: bytes | None, server: tuple[str, int] | None = SERVED_AT, **settings: str) -> str:
    headers = [] if host is None else [(b"host", host)]
    scope = {"scheme": "http", "headers": headers, "server": server}
    return origin(Settings(**settings), scope)  # type: ignore[arg-type] # only texts are given


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:4010",
        "127.0.0.1:5000",
        "api.withampersand.com",
        "mock_server:80",
        "[::1]:4010",
        "[2001:db8::1]",
        "sandbox.localhost:4010",
    ],
)
def test_urls_begin_with_the_host_that_was_called(host: str):
    assert told(host.encode()) == f"http://{host}"


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"evil.example/path",
        b"evil.example?x=",
        b"evil.example#",
        b"user@evil.example",
        b"user:pass@evil.example",
        b"evil.example:port",
        b"evil.example:123456",
        b"evil example",
        b"evil.example\\x",
        b"evil.example,other.example",
        b'"><script>alert(1)</script>',
        b"javascript:alert(1)",
        b"[::1",
        b"::1",
        b"[evil]",
        b"\xff",
        b"%65vil.example",
        b"evil.example\n",
        None,
    ],
)
def test_a_host_that_is_none_gives_way_to_where_the_mock_listens(host: bytes | None):
    assert told(host) == "http://127.0.0.1:4010"


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (("::1", 4010), "http://[::1]:4010"),
        (("192.0.2.7", 80), "http://192.0.2.7:80"),
        (None, "http://127.0.0.1:4010"),
    ],
)
def test_without_a_host_the_address_of_the_socket_counts(
    server: tuple[str, int] | None, expected: str
):
    assert told(None, server) == expected


@pytest.mark.parametrize("url", ["https://mock.example", "https://mock.example/"])
def test_the_public_url_counts_before_everything(url: str):
    assert told(b"localhost:4010", public_url=url) == "https://mock.example"
    assert told(b"<script>", public_url=url) == "https://mock.example"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("mock.test:9", "http://mock.test:9"),
        ("evil.example/x?", "http://127.0.0.1:4010"),
        ("<img src=x>", "http://127.0.0.1:4010"),
    ],
)
def test_a_billing_session_leads_to_the_mock(client: Client, host: str, expected: str):
    answer = client.post(SESSION, {"redirectUrl": "https://app.example"}, headers={"host": host})

    assert answer.status == 200
    assert answer.json["url"].startswith(f"{expected}/_provider/billing/")
    page = client.get(answer.json["url"].removeprefix(expected), root=True)
    assert page.status == 200


def test_a_billing_session_leads_to_the_public_url():
    client = Client(make_mock(public_url="https://mock.example"), None, BUILDER)

    answer = client.post(SESSION, {"redirectUrl": "https://app.example"})

    assert answer.json["url"].startswith("https://mock.example/_provider/billing/")
