"""The dashboard for everyone: by keyboard, for screen readers, on small screens, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.desk import PANELS, PATIENCE, Desk
from tests.dashboard.test_clock import install
from tests.server import Server, serving

TOKEN = "correct-horse-battery"

#: What the element that has the focus is called, and whether one can see that it has it.
_FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at.closest('tr') && at.tagName === 'BUTTON'
    && at.closest('.window') ? at.closest('tr') : at);
  return {
    name: at === document.body ? '' : (at.getAttribute('aria-label')
      || at.labels?.[0]?.innerText || at.innerText || at.id || at.tagName).trim(),
    tag: at.tagName,
    seen: at === document.body || (style.outlineStyle !== 'none'
      && parseFloat(style.outlineWidth) >= 2),
  };
}"""

#: Every text on the page whose contrast with its ground is too low, by WCAG 2.2, 1.4.3.
_TOO_FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (at) => {
    for (; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    const box = at.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || box.width < 2 || at.closest('.hidden, :disabled, option')
      || getComputedStyle(at).visibility === 'hidden') continue;
    const [one, other] = [light(rgba(getComputedStyle(at).color)), light(ground(at))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const text = walker.currentNode.data.trim().slice(0, 30);
    if (ratio < 4.5) found.push(`${text}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""

#: What screen readers could not name: controls without a label, tables without headers.
_NAMELESS = """() => [
  ...[...document.querySelectorAll('main input, main select, main textarea, header select')]
    .filter((at) => !at.labels?.length && !at.getAttribute('aria-label')),
  ...[...document.querySelectorAll('button, a')]
    .filter((at) => at.checkVisibility()
      && !(at.getAttribute('aria-label') || at.innerText).trim()),
  ...[...document.querySelectorAll('main table')]
    .filter((at) => !at.caption?.textContent || !at.querySelector('thead th[scope=col]')),
].map((at) => at.outerHTML.slice(0, 120))"""


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Return a desk whose every panel has something to show."""
    desk.control("PUT", "/clock", {"mode": "frozen", "instant": "2026-02-01T12:00:00Z"})
    desk.control("POST", "/snapshots", {"name": "at-first"})
    install(desk)
    desk.client("POST", "/topics", {"title": "no name"})
    desk.client("DELETE", "/topics/nope")
    rule = {"request": {"operationId": "listTopics"}, "response": {"status": 503}}
    desk.control("POST", "/mappings", {**rule, "name": "down", "scenarioName": "outage"})
    desk.client("GET", "/topics")
    desk.control("POST", "/clock", {"seconds": 60})
    return desk


def press_tab(desk: Desk) -> Any:
    desk.page.keyboard.press("Tab")
    return desk.page.evaluate(_FOCUSED)


def test_everything_is_reached_by_keyboard_and_nothing_traps_it(busy: Desk):
    busy.open()
    expect(busy.rows("Requests, the newest first").first).to_be_visible(timeout=PATIENCE)
    walked = []
    for _ in range(60):
        walked.append(press_tab(busy))
        if walked[-1]["tag"] == "BODY":
            break
    names = [step["name"] for step in walked]

    assert walked[-1]["tag"] == "BODY", names  # the walk ends where it began
    assert names[0] == "Skip to the panel"
    assert [name for name in names if name in PANELS] == list(PANELS)
    after = names[names.index("Sandboxes") :]
    assert after.index("Pause") < after.index("Filter") < after.index("Status")
    assert "Violations only" in after
    assert [step["name"] for step in walked if not step["seen"]] == []


def test_the_skip_link_and_the_links_lead_to_what_they_name(busy: Desk):
    busy.open()
    press_tab(busy)
    busy.page.keyboard.press("Enter")
    assert busy.page.evaluate("document.activeElement.id") == "main"

    for panel in PANELS[1:]:
        link = busy.page.get_by_role("navigation").get_by_role("link", name=panel, exact=True)
        link.focus()
        busy.page.keyboard.press("Enter")
        expect(busy.heading).to_be_focused(timeout=PATIENCE)
        expect(link).to_have_attribute("aria-current", "page")
        assert busy.page.title().startswith(panel)


def test_a_list_is_walked_with_the_arrows_and_left_with_escape(busy: Desk):
    busy.open()
    rows = busy.rows("Requests, the newest first")
    expect(rows.nth(2)).to_be_visible(timeout=PATIENCE)
    rows.first.get_by_role("button").focus()
    for key, number in [("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Home", 0)]:
        busy.page.keyboard.press(key)
        expect(rows.nth(number).get_by_role("button")).to_be_focused()
    busy.page.keyboard.press("ArrowDown")
    busy.page.keyboard.press("Enter")
    detail = busy.page.get_by_role("region", name="Request", exact=True)
    expect(detail.get_by_role("heading", level=2)).to_be_focused(timeout=PATIENCE)
    busy.page.keyboard.press("Escape")
    expect(rows.nth(1).get_by_role("button")).to_be_focused(timeout=PATIENCE)


def test_a_question_keeps_the_keyboard_until_it_is_answered(busy: Desk):
    busy.open()
    busy.button("Clear").focus()
    busy.page.keyboard.press("Enter")
    dialog = busy.page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    busy.page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible(timeout=PATIENCE)
    expect(busy.button("Clear")).to_be_focused()
    assert busy.control("GET", "/requests")["meta"]["kept"] > 0


def test_the_page_has_landmarks_and_names_for_everything(busy: Desk):
    busy.open()
    for role in ("banner", "main"):
        expect(busy.page.get_by_role(role)).to_have_count(1)
    expect(busy.page.get_by_role("navigation", name="Panels")).to_have_count(1)
    assert busy.page.locator("html").get_attribute("lang") == "en"
    for panel in PANELS:
        settle(busy, panel)
        assert busy.page.evaluate(_NAMELESS) == [], panel
        expect(busy.page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_light_and_in_dark(busy: Desk, scheme: Any):
    busy.page.emulate_media(color_scheme=scheme)
    busy.open()
    for panel in PANELS:
        settle(busy, panel)
        assert busy.page.evaluate(_TOO_FAINT) == [], panel
    ground = busy.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(","))
    assert (brightness > 600) if scheme == "light" else (brightness < 150)


def test_nothing_is_wider_than_a_small_screen(busy: Desk):
    busy.page.set_viewport_size({"width": 360, "height": 740})
    busy.open()
    for panel in PANELS:
        settle(busy, panel)
        assert busy.page.evaluate("document.documentElement.scrollWidth") <= 360, panel

    busy.turn_to("Journal")
    row = busy.rows("Requests, the newest first").first
    row.get_by_role("button").click()
    detail = busy.page.get_by_role("region", name="Request", exact=True)
    expect(detail.get_by_role("heading", level=2)).to_be_visible(timeout=PATIENCE)
    expect(row).not_to_be_visible()
    assert busy.page.evaluate("document.documentElement.scrollWidth") <= 360
    busy.button("Close").click()
    expect(row).to_be_visible(timeout=PATIENCE)


def settle(desk: Desk, panel: str) -> None:
    """Turn to a panel and wait until what it asks for is there."""
    desk.turn_to(panel)
    expect(desk.heading).to_be_visible(timeout=PATIENCE)
    filled = desk.main.locator("tbody tr:not(.spacer), .big-time, .diff, .empty").first
    expect(filled).to_be_attached(timeout=PATIENCE)


@pytest.fixture(scope="module")
def locked(browser: Browser) -> Iterator[Server]:
    with serving("--admin-token", TOKEN) as running:
        yield running


def test_the_token_is_asked_for_once(browser: Browser, locked: Server):
    with browser.new_context() as context:
        desk = Desk(context, locked.url, "default")
        desk.expects("status of 401")
        desk.page.goto(f"{locked.url}/__admin/ui")
        expect(desk.heading).to_have_text("The control plane is locked", timeout=PATIENCE)
        expect(desk.field("Token")).to_be_focused()
        desk.field("Token").fill("wrong")
        desk.page.keyboard.press("Enter")
        desk.sees("This is not the token.")

        desk.field("Token").fill(TOKEN)
        desk.button("Unlock").click()
        expect(desk.heading).to_have_text("Journal", timeout=PATIENCE)
        desk.is_live()
        (cookie,) = context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        desk.page.reload()
        expect(desk.heading).to_have_text("Journal", timeout=PATIENCE)
        desk.assert_went_well()
        desk.http.close()
