"""The pages that people look at: front page, documentation, the pretend billing portal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.documents import spec_directory
from tests.client import Client, Response
from tests.conftest import make_mock

#: Whatever a fixture or a caller can put into a page, trying to get out of its place.
EVIL = """"'><script>alert(1)</script>"""
PAGES = ["/", "/ui", "/ui/", "/openapi.json", "/ui/openapi.json", "/ui/swagger-ui.css"]


@pytest.fixture
def browser(mock) -> Client:
    return Client(mock, key=None, prefix="")


def page(client: Client, path: str) -> Response:
    answer = client.get(path)
    assert answer.status == 200, answer.body
    return answer


def text_of(answer: Response) -> str:
    return answer.body.decode()


def test_the_front_page_tells_where_the_api_is_and_with_which_credentials(browser: Client):
    answer = page(browser, "/")

    assert answer.media_type == "text/html; charset=utf-8"
    text = text_of(answer)
    for wanted in (
        "http://127.0.0.1:4010/v1",
        "my-project",
        "mock-full-key",
        "globex-project",
        "jane@mailmonkey.com",
        "mock-builder-token",
        'href="/ui"',
        'href="/openapi.json"',
    ):
        assert wanted in text
    assert "mock-inactive-key" not in text


def test_the_front_page_shows_the_world_as_it_is_now(browser: Client, client: Client):
    made = client.post("/projects/my-project/api-keys", {"label": "new", "scopes": ["frontend"]})
    assert made.json["key"] in text_of(page(browser, "/"))


def test_the_front_page_shows_the_public_address_where_there_is_one():
    mock = make_mock(public_url="https://mock.example/")
    assert "https://mock.example/v1" in text_of(page(Client(mock, prefix=""), "/"))


def test_the_front_page_of_an_empty_world_says_so(tmp_path: Path):
    path = tmp_path / "my.yaml"
    path.write_text("", encoding="utf-8")
    text = text_of(page(Client(make_mock(fixture=str(path)), prefix=""), "/"))
    assert "This world has no projects." in text
    assert "This world has no builder tokens." in text


def test_what_fixtures_and_callers_say_is_never_markup(tmp_path: Path):
    content: dict[str, Any] = {
        "orgs": [{"label": "A"}],
        "builders": [{"idpRef": "u", "primaryEmail": EVIL}],
        "builderTokens": [{"token": f"token{EVIL}", "builderId": EVIL.lower()}],
        "projects": [{"name": "shop", "appName": EVIL, "orgId": "A"}],
        "apiKeys": [{"key": f"key{EVIL}", "label": EVIL, "projectId": "shop"}],
        "billingAccounts": [
            {
                "id": "b1",
                "orgId": "A",
                "displayName": EVIL,
                "billingProvider": EVIL,
                "billingProviderRef": EVIL,
            }
        ],
        "billingSessions": [
            {
                "id": "s1",
                "billingAccountId": "b1",
                "redirectUrl": 'https://a.example/?"><script>',
                "expireTime": "2099-01-01T00:00:00.000000Z",
            }
        ],
    }
    path = tmp_path / "my.yaml"
    path.write_text(json.dumps(content), encoding="utf-8")
    browser = Client(make_mock(fixture=str(path)), prefix="")

    for where in ("/", "/_provider/billing/s1"):
        text = text_of(page(browser, where)).lower()
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert '"><script' not in text


def test_the_host_header_is_never_markup(browser: Client):
    answer = browser.get("/", headers={"host": 'x"><script>alert(1)</script>'})
    assert b"<script>alert" not in answer.body


def test_the_documentation_loads_its_parts_from_here(browser: Client):
    for path in ("/ui", "/ui/"):
        text = text_of(page(browser, path))
        linked = re.findall(r'(?:href|src|url)="([^"]+)"', text)
        assert set(linked) == {
            "/ui/swagger-ui.css",
            "/ui/swagger-ui-bundle.js",
            "/ui/documentation.js",
            "/ui/openapi.json",
        }
        for part in linked:
            page(browser, part)


@pytest.mark.parametrize(
    ("asset", "media_type"),
    [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "javascript")],
)
def test_the_assets_of_the_documentation_are_served(browser: Client, asset: str, media_type: str):
    answer = page(browser, f"/ui/{asset}")
    assert media_type in (answer.media_type or "")
    assert len(answer.body) > 10_000


@pytest.mark.parametrize(
    "path",
    [
        "/ui/index.html",
        "/ui/nope.js",
        "/ui/../site.py",
        "/ui/%2e%2e/site.py",
        "/ui/..%2fsite.py",
        "/ui/swagger-ui.css/x",
        "/_provider/nothing",
    ],
)
def test_a_page_that_does_not_exist_is_404(browser: Client, path: str):
    assert browser.get(path).status == 404


def test_the_document_is_the_bundled_contract(browser: Client):
    bundle = json.loads((spec_directory() / "api.bundle.json").read_bytes())["document"]
    answer = page(browser, "/openapi.json")

    assert answer.media_type == "application/json"
    assert answer.json == bundle
    assert list(answer.json["paths"]) == list(bundle["paths"])  # in the order it was written


def test_the_document_of_the_documentation_calls_this_server(browser: Client):
    there, here = page(browser, "/openapi.json").json, page(browser, "/ui/openapi.json").json
    assert here == {**there, "servers": [{"url": "/v1"}]}


@pytest.mark.parametrize("path", [*PAGES, "/ui/nope.js", "/_provider/billing/nope"])
def test_every_page_is_protected(browser: Client, path: str):
    headers = browser.get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy  # nothing is loaded from elsewhere
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_only_read(browser: Client, path: str):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert browser.call(method, path, {}).status == 405


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_served_below_the_api(client: Client, path: str):
    answer = client.get(path)
    assert answer.status == 404
    assert answer.media_type == "application/problem+json"


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_other_origins_cannot_read_them(browser: Client, path: str):
    headers = browser.get(path, headers={"origin": "https://elsewhere.example"}).headers
    assert "access-control-allow-origin" not in headers


ACCOUNT = "/billingAccounts/c0d1e2f3-a4b5-4c6d-8e7f-8a9b0c1d2e01/portalSession"


def test_a_billing_session_leads_to_a_page_that_leads_back(
    builder: Client, browser: Client, advance
):
    session = builder.post(ACCOUNT, {"redirectUrl": "https://app.example/back", "timeout": 60})
    assert session.status == 200, session.body
    path = session.json["url"].removeprefix("http://127.0.0.1:4010")
    assert path.startswith("/_provider/billing/")

    text = text_of(page(browser, path))
    assert 'href="https://app.example/back"' in text
    assert "Acme Inc" in text

    advance(59)
    page(browser, path)
    advance(1)
    ended = browser.get(path)
    assert ended.status == 404
    assert "This session has ended" in text_of(ended)


def test_a_billing_session_that_never_was_has_ended(browser: Client):
    answer = browser.get("/_provider/billing/nope")
    assert (answer.status, answer.media_type) == (404, "text/html; charset=utf-8")
    assert "This session has ended" in text_of(answer)
