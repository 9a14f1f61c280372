"""The panels of sandboxes, state, changes and snapshots."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.dashboard.desk import PATIENCE, Desk


def test_the_switcher_leads_to_the_other_sandbox_and_its_state(desk: Desk):
    desk.make_topic("only-here")
    desk.open("State")
    desk.field("Table").select_option("topics")
    desk.sees("only-here")

    desk.page.get_by_label("Sandbox").select_option("default")
    expect(desk.main.get_by_text("only-here")).to_have_count(0, timeout=PATIENCE)
    assert "sandbox=default" in desk.page.url
    desk.page.get_by_label("Sandbox").select_option(desk.sandbox)
    desk.field("Table").select_option("topics")
    desk.sees("only-here")


def test_a_sandbox_is_forked_and_dropped(desk: Desk):
    desk.make_topic("carried-along")
    desk.open("Sandboxes")
    fork = f"{desk.sandbox[:40]}-fork"
    desk.field("Name").fill(fork)
    desk.field("Begins as").select_option(f"a fork of {desk.sandbox}")
    desk.button("Create").click()
    desk.sees(fork, within=desk.rows("Sandboxes"))
    forked = desk.http.get("/__admin/state/topics", headers={"X-Mock-Sandbox": fork}).json()
    assert "carried-along" in [one["record"]["name"] for one in forked["records"]]

    desk.button(f"Drop {fork}").click()
    desk.confirm("Cancel")
    assert desk.http.get(f"/__admin/sandboxes/{fork}").status_code == 200
    desk.button(f"Drop {fork}").click()
    desk.confirm("Drop it")
    expect(desk.button(f"Drop {fork}")).to_have_count(0, timeout=PATIENCE)
    assert desk.http.get(f"/__admin/sandboxes/{fork}").status_code == 404


def test_a_refusal_is_told_in_the_words_of_the_control_plane(desk: Desk):
    desk.expects("status of 409 (Conflict)")
    desk.open("Sandboxes")
    desk.field("Name").fill(desk.sandbox)
    desk.button("Create").click()
    alert = desk.page.get_by_role("alert")
    expect(alert).to_contain_text("already exists", timeout=PATIENCE)
    expect(alert).to_contain_text("choose another name")


def test_a_name_that_no_sandbox_can_have_is_refused_and_left(desk: Desk):
    desk.expects("status of 400 (Bad Request)")
    desk.page.goto(f"{desk.server}/__admin/ui?sandbox=No%20Name#nowhere/else")
    expect(desk.page.locator("#connection")).to_have_text("Refused", timeout=PATIENCE)
    expect(desk.page.get_by_role("alert")).to_contain_text("is no name of a sandbox")
    desk.page.get_by_label("Sandbox").select_option("default")
    desk.is_live()


def test_records_are_shown_without_their_secrets(desk: Desk):
    desk.open("State")
    desk.field("Table").select_option("topics")
    topic = desk.make_topic("shown-at-once")
    desk.page.get_by_role("button", name="shown-at-once").click()
    detail = desk.page.get_by_role("region", name="Record")
    expect(detail.get_by_role("heading")).to_have_text("shown-at-once", timeout=PATIENCE)
    desk.sees(topic, within=detail)
    assert desk.page.url.endswith(f"#state/topics/{topic}")

    desk.field("Table").select_option("apiKeys")
    expect(desk.rows("Records").first).to_be_visible(timeout=PATIENCE)
    assert "mock-full-key" not in desk.main.inner_text()
    desk.rows("Records").first.get_by_role("button").click()
    expect(detail.locator("pre")).to_contain_text("projectId", timeout=PATIENCE)
    assert "mock-full-key" not in desk.main.inner_text()


def test_changes_name_what_was_created_changed_and_deleted(desk: Desk):
    kept, gone = desk.make_topic("to-be-renamed"), desk.make_topic("to-be-deleted")
    desk.open("Snapshots")
    desk.field("Name").fill("before")
    desk.button("Take a snapshot").click()
    desk.sees("before", within=desk.rows("Snapshots"))

    assert desk.client("PATCH", f"/topics/{kept}", {"name": "renamed"}).status_code == 200
    assert desk.client("DELETE", f"/topics/{gone}").status_code == 204
    desk.make_topic("created")
    desk.page.get_by_role("link", name="Compare before with now").click()

    desk.sees("1 record created, 1 changed, 1 deleted.")
    row = desk.rows(f"Fields of topics {kept}").filter(has_text="/name")
    expect(row.locator("del")).to_have_text('"to-be-renamed"')
    expect(row.locator("ins")).to_have_text('"renamed"')

    desk.turn_to("Snapshots")
    desk.button("Restore before").click()
    desk.confirm("Restore it")
    desk.sees("The state is that of before.", within=desk.page.locator("#toasts"))
    names = [one["record"]["name"] for one in desk.control("GET", "/state/topics")["records"]]
    assert {"to-be-renamed", "to-be-deleted"} <= set(names)
    assert "created" not in names

    desk.button("Delete before").click()
    desk.confirm("Delete it")
    desk.sees("No snapshot was taken yet.")


def test_reset_puts_the_sandbox_back_and_export_saves_a_fixture(desk: Desk, tmp_path: Path):
    desk.make_topic("short-lived")
    desk.open("State")
    with desk.page.expect_download() as saving:
        desk.button("Export as a fixture").click()
    path = tmp_path / "saved.yaml"
    saving.value.save_as(path)
    assert "short-lived" in path.read_text(encoding="utf-8")
    assert saving.value.suggested_filename == f"{desk.sandbox}.yaml"

    desk.button("Reset…").click()
    desk.confirm("Reset it")
    desk.sees("The sandbox is as it began.", within=desk.page.locator("#toasts"))
    assert desk.control("GET", "/state/diff")["isEmpty"]
