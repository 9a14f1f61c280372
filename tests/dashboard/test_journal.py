"""The panel of the journal: live, in full, of any length, without secrets, never markup."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, expect

from tests.dashboard.desk import PATIENCE, PROJECT, Desk
from tests.dashboard.flood import flood
from tests.server import serving
from tests.sinks import closed_port

#: More rows than this are never in the document, however many entries there are.
MOST_ROWS = 80
#: What a caller can put into a record, trying to get out of its place.
EVIL = "<img src=x onerror=window.wasRun=1>"


def rows(desk: Desk) -> Locator:
    return desk.rows("Requests, the newest first")


def detail(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="Request", exact=True)


def test_requests_appear_as_they_come_with_what_was_wrong(desk: Desk):
    desk.open()
    desk.sees("Nothing was asked of this sandbox yet.")
    desk.is_live()

    desk.make_topic("seen-live")
    expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
    desk.client("POST", "/topics", {"title": "no name"})
    expect(rows(desk)).to_have_count(2, timeout=PATIENCE)
    expect(rows(desk).first).to_contain_text("createTopic")
    expect(rows(desk).first).to_contain_text("400")
    expect(rows(desk).first).to_contain_text("1 violation")
    expect(desk.page.locator("#announcer")).to_contain_text("new request", timeout=PATIENCE)

    rows(desk).first.get_by_role("button").click()
    expect(detail(desk).get_by_role("heading", level=2)).to_have_text(
        f"POST {PROJECT}/topics", timeout=PATIENCE
    )
    expect(detail(desk).get_by_role("table", name="Violations")).to_contain_text(
        "request / body / name"
    )
    desk.sees("no name", within=detail(desk).get_by_label("body of the request", exact=True))
    desk.sees("is required", within=detail(desk).get_by_label("body of the answer", exact=True))


def test_keys_are_not_shown(desk: Desk):
    desk.client("GET", "/topics")
    desk.open()
    rows(desk).first.get_by_role("button").click()
    detail(desk).get_by_text("Headers").first.click()
    expect(detail(desk).get_by_text("x-api-key")).to_be_visible(timeout=PATIENCE)
    assert "mock-full-key" not in desk.page.content()


def test_the_list_is_filtered_paused_and_cleared(desk: Desk):
    desk.make_topic("first")
    desk.client("GET", "/topics")
    desk.client("GET", "/nowhere")
    desk.open()
    expect(rows(desk)).to_have_count(3, timeout=PATIENCE)

    desk.field("Filter").fill("get topics")
    expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
    desk.field("Filter").fill("")
    desk.field("Status").select_option("4xx")
    expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
    desk.field("Status").select_option("Any status")
    desk.field("Violations only").check()
    expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
    desk.field("Violations only").uncheck()

    desk.button("Pause").click()
    desk.make_topic("second")
    desk.sees("paused")
    expect(rows(desk)).to_have_count(3)
    desk.button("Resume").click()
    expect(rows(desk)).to_have_count(4, timeout=PATIENCE)

    desk.button("Clear").click()
    desk.confirm("Clear it")
    desk.sees("Nothing was asked of this sandbox yet.")
    assert desk.control("GET", "/requests")["meta"]["kept"] == 0


def test_ten_thousand_entries_are_a_few_rows(desk: Desk):
    flood(desk.server, desk.sandbox, 10_000)
    desk.open()
    desk.sees("10,000 requests")
    table = desk.main.get_by_role("table", name="Requests, the newest first")
    expect(table).to_have_attribute("aria-rowcount", "10001")
    assert 0 < rows(desk).count() < MOST_ROWS

    rows(desk).first.get_by_role("button").focus()
    desk.page.keyboard.press("End")
    oldest = desk.page.locator("button:focus")
    expect(oldest).to_contain_text("nowhere-0", timeout=PATIENCE)
    assert rows(desk).count() < MOST_ROWS

    desk.field("Filter").fill("nowhere-994")
    desk.sees("3 of 10,000 requests")  # nowhere-994, nowhere-9940, nowhere-9947
    desk.field("Filter").fill("")
    desk.make_topic("on-top")
    desk.page.get_by_role("button", name="Pause").focus()
    expect(table).to_have_attribute("aria-rowcount", re.compile("1000[12]"), timeout=PATIENCE)


def test_where_no_stream_can_be_had_the_page_asks_again(desk: Desk):
    desk.expects("ERR_FAILED")
    desk.page.route("**/__admin/events*", lambda route: route.abort())
    desk.open()
    expect(desk.page.locator("#connection")).to_have_text("Polling", timeout=PATIENCE)
    desk.make_topic("seen-later")
    expect(rows(desk)).to_have_count(1, timeout=PATIENCE)


def test_a_mock_that_was_started_again_is_heard_again(browser: Browser):
    port = str(closed_port())
    with browser.new_context() as context:
        with serving("--port", port) as first:
            desk = Desk(context, first.url, "default")
            desk.http.headers["Connection"] = "close"  # its server ends before it does
            desk.expects("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE", "ERR_NETWORK")
            desk.client("GET", "/nowhere-before")
            desk.open()
            expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
            desk.is_live()
        expect(desk.page.locator("#connection")).to_have_text("Offline", timeout=PATIENCE)
        with serving("--port", port):
            desk.client("GET", "/nowhere-after")
            desk.is_live()
            desk.sees("/nowhere-after")
            expect(rows(desk)).to_have_count(1, timeout=PATIENCE)
            desk.assert_went_well()
            desk.http.close()


def test_what_callers_sent_is_never_markup(desk: Desk):
    connection = {"groupRef": EVIL, "consumerRef": EVIL, "provider": "apollo", "apiKey": EVIL}
    made = desk.client("POST", "/connections:generate", connection)
    assert made.status_code == 201, made.text
    desk.http.get(f"{PROJECT}/{EVIL}", headers={"X-Api-Key": EVIL, "User-Agent": EVIL})
    desk.client("POST", "/topics", {"name": EVIL})

    desk.open()
    expect(rows(desk)).to_have_count(3, timeout=PATIENCE)
    for number in range(3):
        rows(desk).nth(number).get_by_role("button").click()
        expect(rows(desk).nth(number)).to_have_class(re.compile("chosen"), timeout=PATIENCE)
        desk.sees("Answer", within=detail(desk))
        for headers in detail(desk).get_by_text("Headers").all():
            headers.click()
    desk.turn_to("State")
    desk.field("Table").select_option("groups")
    desk.page.get_by_role("button", name=EVIL).first.click()
    desk.sees(EVIL, within=desk.page.get_by_role("region", name="Record"))
    for panel in ("Changes", "Coverage", "Deliveries", "Faults"):
        desk.turn_to(panel)
        expect(desk.heading).to_be_visible(timeout=PATIENCE)
    desk.open("Journal", again=EVIL)

    assert desk.main.locator("img").count() == 0
    assert desk.page.evaluate("window.wasRun") is None


def test_the_browser_itself_refuses_text_as_markup(desk: Desk):
    desk.expects("Content Security Policy", "requires 'Trusted")
    desk.open()
    refused = desk.page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return false }"
        " catch (error) { return error instanceof TypeError } }"
    )
    assert refused
    desk.page.evaluate(
        "() => { const s = document.createElement('script');"
        " try { s.text = 'window.wasRun = 1' } catch { s.append('window.wasRun = 1') }"
        " document.body.append(s) }"
    )
    assert desk.page.evaluate("window.wasRun") is None
