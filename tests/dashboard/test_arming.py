"""The panels of faults, deliveries and coverage."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.dashboard.desk import PATIENCE, Desk
from tests.dashboard.test_clock import install


def test_a_rule_is_armed_from_the_form_and_deleted(desk: Desk):
    desk.open("Faults")
    desk.field("Operation").first.fill("listTopics")
    desk.field("Answer").select_option("503 (transport)")
    desk.field("Times").fill("1")
    desk.main.get_by_label("Name", exact=True).fill("topics are down")
    desk.button("Arm").first.click()
    desk.sees("topics are down", within=desk.rows("Rules"))

    assert desk.client("GET", "/topics").status_code == 503
    desk.sees("1 of 1", within=desk.rows("Rules"))
    assert desk.client("GET", "/topics").status_code == 200
    desk.button("Delete the rule topics are down").click()
    desk.sees("No rule is armed.")


def test_a_request_leads_to_a_rule_for_its_operation(desk: Desk):
    desk.client("GET", "/topics")
    desk.open()
    desk.rows("Requests, the newest first").first.get_by_role("button").click()
    desk.page.get_by_role("link", name="Make it fail").click()
    expect(desk.field("Operation").first).to_have_value("listTopics", timeout=PATIENCE)


def test_a_rule_that_the_contract_forbids_is_refused_in_words(desk: Desk):
    desk.expects("status of 422", "status of 400")
    desk.open("Faults")
    desk.field("Operation").first.fill("listTopics2")
    desk.field("Answer").select_option("503 (transport)")
    desk.button("Arm").first.click()
    expect(desk.page.get_by_role("alert")).to_contain_text("listTopics", timeout=PATIENCE)


def test_a_scenario_is_put_into_another_state(desk: Desk):
    rule = {
        "request": {"operationId": "createTopic"},
        "response": {"status": 409},
        "scenarioName": "race",
        "requiredScenarioState": "Lost",
    }
    desk.control("POST", "/mappings", rule)
    desk.open("Faults")
    desk.main.get_by_label("State of race").select_option("Lost")
    desk.sees("It is in the state Lost.", within=desk.page.locator("#toasts"))
    assert desk.client("POST", "/topics", {"name": "late"}).status_code == 409

    desk.button("Disarm everything…").click()
    desk.confirm("Disarm everything")
    desk.sees("No rule names a scenario.")
    assert desk.client("POST", "/topics", {"name": "late"}).status_code == 201


def test_chances_limits_and_drills_are_armed(desk: Desk):
    desk.open("Faults")
    desk.button("Add").click()
    desk.sees("every one", within=desk.rows("Chances of failure"))
    assert desk.client("GET", "/topics").status_code == 503
    desk.button("Delete the chance for every operation").click()
    desk.sees("Nothing fails by chance.")

    desk.field("At once").fill("1")
    desk.field("More per second").fill("0.001")
    desk.button("Set").last.click()
    desk.sees("1 of 1 requests may come now")
    assert [desk.client("GET", "/topics").status_code for _ in range(2)] == [200, 429]
    desk.button("Remove the limit").click()
    desk.sees("Not limited.")

    desk.button("Arm bad_credentials").click()
    desk.sees("armed", within=desk.rows("Failure drills").first)
    desk.button("Disarm bad_credentials").click()
    expect(desk.button("Arm bad_credentials")).to_be_visible(timeout=PATIENCE)


def test_a_delivery_is_shown_with_its_attempts_and_sent_once_more(desk: Desk):
    desk.expects("ERR_")
    desk.control("PUT", "/clock", {"mode": "frozen", "instant": "2026-02-01T12:00:00Z"})
    install(desk)
    desk.control("POST", "/clock", {"seconds": 60})
    (first, *_) = desk.control("GET", "/deliveries")["deliveries"]

    desk.open("Deliveries")
    rows = desk.rows("Deliveries, the newest first")
    expect(rows.first).to_contain_text(first["eventType"], timeout=PATIENCE)
    rows.first.get_by_role("button").click()
    detail = desk.page.get_by_role("region", name="Delivery", exact=True)
    desk.sees(first["id"], within=detail)
    before = len(desk.control("GET", f"/deliveries/{first['id']}")["attempts"])

    desk.button("Send once more").click()
    desk.sees(f"{before + 1} attempt", within=detail)
    after = desk.control("GET", f"/deliveries/{first['id']}")
    assert len(after["attempts"]) == before + 1
    latest = detail.locator("details").last
    latest.get_by_text("redeliver").click()
    desk.sees("svix-id", within=latest)

    desk.button("Empty the inbox").click()
    desk.confirm("Empty it")
    desk.sees("No message was sent yet.")


def test_the_heat_map_counts_answers_by_operation_and_status(desk: Desk):
    desk.make_topic("counted")
    desk.client("POST", "/topics", {"title": "no name"})
    desk.open("Coverage")
    desk.field("Filter").fill("createTopic")
    heat = desk.main.get_by_role("table", name="Requests by operation and status")
    row = heat.get_by_role("row").filter(has_text="/topics").first
    columns = [cell.inner_text() for cell in heat.get_by_role("columnheader").all()]
    cells = row.locator("td")
    expect(cells.nth(columns.index("201") - 1)).to_have_text("1", timeout=PATIENCE)
    assert "never" in cells.nth(columns.index("409") - 1).inner_text()

    desk.make_topic("counted-too")
    expect(cells.nth(columns.index("201") - 1)).to_have_text("2", timeout=PATIENCE)

    desk.field("Filter").fill("")
    desk.field("Show").select_option("Never called")
    expect(heat.get_by_text("createTopic", exact=True)).to_have_count(0, timeout=PATIENCE)
    desk.button("Begin anew").click()
    desk.confirm("Begin anew")
    desk.sees("0 of")
