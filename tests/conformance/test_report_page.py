"""The page of a check's report: readable, filtered, in light and dark, on a phone, offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from mockserver.conformance.reports.html import html
from tests.browser.written_page import chromium_for, opened
from tests.conformance.checking import Twisted, changed, check
from tests.conftest import make_mock

SCRIPT = "<script>document.title = 'broken'</script>"


def odd(method: str, path: str, response: httpx.Response) -> httpx.Response:
    if method == "POST" and path.endswith("/topics") and response.status_code == 201:
        return changed(response, {**response.json(), "createTime": SCRIPT})
    if method == "GET" and path.endswith("/api-keys"):
        return changed(response, [{**one, "active": "yes"} for one in response.json()])
    return response


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of a run that found something."""
    target = Twisted(make_mock(record=""), odd)
    report = check(target, only="*T[o]pic*/[a-e]*").report
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html(report), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(written: Path) -> Iterator[Browser]:
    # The report first: while Playwright runs, its thread runs no other event loop.
    with chromium_for("the report's page") as running:
        yield running


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, written: Path) -> Iterator[Page]:
    with opened(browser, written, request.param) as page:
        yield page


def test_it_says_what_came_out(page: Page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Does not conform")
    finding = page.locator("article.finding.violation").first
    expect(finding).to_contain_text("createTopic · answer-schema /createTime")
    expect(finding).to_contain_text("curl -sS")
    assert page.title().startswith("Does not conform")  # markup in answers stays text


def test_words_filter_findings_and_map(page: Page):
    page.get_by_role("searchbox").fill("listeventtopicroutes")
    rows = page.locator(".row:visible")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("listEventTopicRoutes")
    page.get_by_role("searchbox").fill("createtopic")
    expect(page.locator("article.finding:visible").first).to_contain_text("createTopic")
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.locator(".row:visible, article.finding:visible")).to_have_count(0)


def test_a_chip_hides_a_verdict(page: Page):
    before = page.locator(".cell.held:visible").count()
    chip = page.get_by_role("button", name="held")
    chip.click()
    expect(page.locator(".cell.held:visible")).to_have_count(0)
    chip.click()
    assert page.locator(".cell.held:visible").count() == before > 10


def test_a_cell_leads_to_its_finding(page: Page):
    page.locator("a.cell.violation").first.click()
    expect(page.locator("article.finding:target")).to_be_in_viewport()


def test_it_fits_a_phone(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
