"""The panel of the clock: shown, frozen, turned, with what happened on the way."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.dashboard.desk import PATIENCE, Desk


def test_the_clock_is_frozen_and_turned(desk: Desk):
    desk.open("Clock")
    desk.field("Freeze at").fill("2026-02-01T12:00:00Z")
    desk.button("Freeze").click()
    desk.sees("2026-02-01 12:00:00")
    desk.sees("frozen: stands still")
    expect(desk.page.locator("#clock-chip")).to_contain_text("12:00:00", timeout=PATIENCE)

    desk.button("+1 h").click()
    desk.sees("From 2026-02-01 12:00:00 to 2026-02-01 13:00:00")
    assert desk.control("GET", "/clock")["now"] == "2026-02-01T13:00:00.000000Z"

    desk.button("Follow this machine").click()
    desk.sees("real: follows this machine")


def test_the_report_names_the_jobs_and_the_messages(desk: Desk):
    desk.control("PUT", "/clock", {"mode": "frozen", "instant": "2026-02-01T12:00:00Z"})
    install(desk)
    desk.open("Clock")
    desk.field("Seconds").fill("60")
    desk.main.get_by_role("button", name="Advance").first.click()

    desk.sees("read", within=desk.rows("Jobs"))
    desk.sees("defaultWebhook", within=desk.rows("Messages"))
    desk.rows("Messages").get_by_role("link").first.click()
    expect(desk.heading).to_have_text("Deliveries", timeout=PATIENCE)


def test_what_the_clock_cannot_do_is_refused_in_words(desk: Desk):
    desk.expects("status of 422", "status of 400")
    desk.open("Clock")
    desk.field("Up to").fill("yesterday")
    desk.main.get_by_role("button", name="Advance").last.click()
    expect(desk.page.get_by_role("alert")).to_be_visible(timeout=PATIENCE)


def install(desk: Desk) -> None:
    """Connect a customer to Apollo and install what reads its contacts."""
    connection = {"groupRef": "acme", "consumerRef": "ann", "provider": "apollo", "apiKey": "any"}
    assert desk.client("POST", "/connections:generate", connection).status_code == 201
    content = {"provider": "apollo", "read": {"objects": {"contacts": {"objectName": "contacts"}}}}
    body = {"groupRef": "acme", "config": {"content": content}}
    made = desk.client("POST", "/integrations/my-integration/installations", body)
    assert made.status_code == 201, made.text
