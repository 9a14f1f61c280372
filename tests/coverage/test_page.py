"""The heat map: readable, filtered, in light and dark, on a phone, offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mockserver.coverage.page import html
from tests.browser.written_page import chromium_for, opened
from tests.client import Client
from tests.conftest import make_mock

SCRIPT = "<script>document.title = 'broken'</script>"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    client = Client(make_mock())
    for _ in range(12):
        client.get("/projects/my-project")
    client.get("/projects/none")
    client.post("/projects/my-project/topics", {"name": "seen"})
    report = client.get("/__admin/coverage", root=True).json
    path = tmp_path_factory.mktemp("page") / "coverage.html"
    path.write_text(html(report, SCRIPT), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(written: Path) -> Iterator[Browser]:
    with chromium_for("the heat map") as running:
        yield running


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, written: Path) -> Iterator[Page]:
    with opened(browser, written, request.param) as page:
        yield page


def test_it_says_how_much_was_exercised(page: Page):
    expect(page.get_by_role("heading", level=1)).to_contain_text("Contract coverage: 1.")
    expect(page.locator(".facts")).to_contain_text("2 of 87")
    assert SCRIPT in page.locator("header").inner_text()  # shown, not run
    assert page.title().startswith("Contract coverage")


def test_a_cell_says_how_often_an_answer_was_given(page: Page):
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="getProject"))

    expect(row.get_by_title("getProject 200: 12 · application/json")).to_have_class("cell d3")
    expect(row.get_by_title("getProject default: 1 ·")).to_have_class("cell d1")
    topics = page.get_by_title("createTopic 409: never answered")
    expect(topics).to_have_class("cell d0")
    expect(page.get_by_title("createTopic 404")).to_have_count(0)


def test_operations_are_filtered(page: Page):
    rows = page.locator("tr.row:visible")
    expect(rows).to_have_count(87)

    page.get_by_label("Filter operations").fill("createtop")
    expect(rows).to_have_count(2)
    page.get_by_label("Filter operations").fill("")
    page.get_by_label("only what is missing").check()
    assert rows.count() <= 87
    expect(page.get_by_role("rowheader", name="createTopic", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1200])
def test_it_fits_the_screen(page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_can_be_read_on_its_cell(page: Page):
    """Every shade has a contrast of 4.5 to 1 or more. Source: WCAG 2.2, 1.4.3."""
    worst = page.evaluate(
        """() => {
          const light = (c) => c.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
            .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
          const cell = document.querySelector("span.cell"), found = [];
          for (const kind of ["d0", "d1", "d2", "d3", "d4"]) {
            cell.className = `cell ${kind}`;
            const style = getComputedStyle(cell);
            const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x);
            found.push((a + 0.05) / (b + 0.05));
          }
          return Math.min(...found);
        }"""
    )

    assert worst >= 4.5
