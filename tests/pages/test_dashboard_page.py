"""The dashboard's page and the control plane's documentation, as they are served."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mockserver import pages
from mockserver.contract.documents import spec_directory
from tests.client import Client

STATIC = Path(pages.__file__).parent / "static" / "dashboard"
PARTS = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.*"))


@pytest.fixture
def browser(mock) -> Client:
    return Client(mock, key=None, prefix="")


@pytest.mark.parametrize("path", ["/__admin/ui", "/__admin/ui/", "/__sandbox/other/__admin/ui"])
def test_the_page_is_served_below_the_prefix_of_the_control_plane(browser: Client, path: str):
    answer = browser.get(path)
    assert (answer.status, answer.media_type) == (200, "text/html; charset=utf-8")
    text = answer.body.decode()
    for linked in re.findall(r'(?:href|src)="(/[^"]*)"', text):
        assert browser.get(linked).status == 200, linked
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=", text)  # nothing inline


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_served_with_its_type(browser: Client, part: str):
    answer = browser.get(f"/__admin/ui/{part}")
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    assert answer.status == 200
    assert (answer.media_type or "").startswith(types[part.rpartition(".")[2]])


@pytest.mark.parametrize("part", [part for part in PARTS if part.endswith(".js")])
def test_no_part_writes_markup_or_asks_elsewhere(part: str):
    text = (STATIC / part).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert "://" not in text.replace("http://www.w3.org", "").replace("${protocol}://", "").replace(
        "${protocol}//", ""
    )


@pytest.mark.parametrize("path", ["/__admin/ui", "/__admin/ui/app.js", "/__admin/ui/icon.svg"])
def test_the_policy_lets_nothing_in_from_elsewhere_and_no_text_become_markup(
    browser: Client, path: str
):
    headers = browser.get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "nope.js",
        "panels/nope.js",
        "../site.py",
        "%2e%2e/%2e%2e/site.py",
        "..%2fdocumentation.js",
        "panels",
    ],
)
def test_a_part_that_does_not_exist_is_404(browser: Client, path: str):
    assert browser.get(f"/__admin/ui/{path}").status == 404


def test_what_only_begins_like_the_page_belongs_to_the_control_plane(browser: Client):
    for path in ("/__admin/uis", "/__admin/docs2", "/__admin/openapi.json2", "/__admin"):
        answer = browser.get(path)
        assert (answer.status, answer.media_type) == (404, "application/problem+json")
    assert browser.get("/__admin/health").json == {"status": "healthy"}


@pytest.mark.parametrize("path", ["/__admin/ui", "/__admin/docs", "/__admin/openapi.json"])
def test_the_pages_are_only_read(browser: Client, path: str):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert browser.call(method, path, {}).status == 405


def test_the_control_plane_has_its_documentation_and_its_document(browser: Client):
    for path in ("/__admin/docs", "/__admin/docs/"):
        text = browser.get(path).body.decode()
        assert 'data-url="/__admin/openapi.json"' in text
        assert "<title>Mock server control plane: documentation</title>" in text
    bundle = json.loads((spec_directory() / "admin.bundle.json").read_bytes())["document"]
    assert browser.get("/__admin/openapi.json").json == {
        **bundle,
        "servers": [{"url": "/__admin"}],
    }


def test_in_a_sandbox_the_documents_call_the_sandbox(browser: Client):
    document = browser.get("/__sandbox/other/__admin/openapi.json").json
    assert document["servers"] == [{"url": "/__sandbox/other/__admin"}]
