"""Scheduled reads: by cron on the sandbox's clock, paused by whoever pauses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.resources import read_schedules
from mockserver.simulation.clock import SECOND
from mockserver.state.root import ClockState
from mockserver.state.tables import Record
from tests.installing import PROJECT, Place, place
from tests.listening import Ear, check, ear, notification_schemas
from tests.worlds import GROUP, change, read_object, reading

HOUR = 3600
LEAD = {"objectName": "lead"}
HERE = {"groupRef": GROUP}  # the fixture has installations too
HALF_HOURLY = reading(
    read_object("lead", requiredFields=["lastname"]),
    read_object("account", requiredFields=["name"], schedule="0 * * * *"),
    read_object("task", requiredFields=["id"], schedule=""),
)


@pytest.fixture
def here() -> Iterator[Ear]:
    found = ear()
    yield found
    schemas = notification_schemas()
    for body in found.told():
        check(schemas, body)


@pytest.fixture
def spot(here: Ear) -> Place:
    return place(here.client, here.mock, HALF_HOURLY)


def operations(spot: Place, made: Record) -> list[dict[str, Any]]:
    """Return the operations of an installation, oldest first."""
    path = f"{spot.path}/{made['id']}/operations?pageSize=1000"
    found: list[dict[str, Any]] = spot.client.get(path).json["results"]
    return found[::-1]


def starts(spot: Place, made: Record) -> list[str]:
    return [one["createTime"][11:19] for one in operations(spot, made)]


def test_reads_start_with_the_ticks_of_their_schedules(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD, account={"objectName": "account"}))

    here.advance(2 * HOUR + 60)

    times = ["12:30:00", "13:00:00", "13:00:00", "13:30:00", "14:00:00", "14:00:00"]
    assert starts(spot, made) == times
    for one in operations(spot, made):
        assert one["status"] == "success"
        [name] = one["metadata"]["objects"]
        assert one["result"] == f"[{name}] No new data found"
        assert "progress" not in one["metadata"]  # only backfills have one


def test_a_read_of_nothing_new_takes_a_second_and_says_so_in_its_log(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.advance(1800)
    [under_way] = operations(spot, made)
    assert (under_way["status"], spot.stored(made)["lastOperationStatus"]) == ("in_progress",) * 2

    here.advance(1)

    [done] = operations(spot, made)
    logs = here.client.get(f"{PROJECT}/operations/{done['id']}/logs").json
    assert [line["message"]["msg"] for line in logs] == [
        "Starting scheduled read of lead",
        "[lead] No new data found",
    ]
    assert spot.stored(made)["lastOperationStatus"] == "success"


def test_an_object_without_a_schedule_is_not_read(here: Ear, spot: Place):
    made = spot.installed(spot.reading(task={"objectName": "task"}))

    here.advance(24 * HOUR)

    assert operations(spot, made) == []


def test_a_disabled_object_is_not_read_until_it_is_enabled(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    for disabled in (True, False):
        switch = {"read": {"objects": {"lead": {"disabled": disabled}}}}
        assert spot.configure(made, "read.objects.lead.disabled", **switch).status == 200
        here.advance(HOUR)

    assert starts(spot, made) == ["13:30:00", "14:00:00"]


def test_disabling_an_object_ends_its_read(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.advance(1800)
    switch = {"read": {"objects": {"lead": {"disabled": True}}}}

    spot.configure(made, "read.objects.lead.disabled", **switch)
    here.advance(10)

    [ended] = operations(spot, made)
    assert ended["status"] == "failure"
    assert "cancelled: object disabled" in ended["result"]
    assert spot.stored(made)["healthStatus"] == "healthy"


def test_with_its_installation_a_schedule_goes(here: Ear, spot: Place):
    root = here.mock.sandbox.root
    before = (list(root.agenda), len(root.tables["readSchedules"]))
    made = spot.installed(spot.reading(lead=LEAD))
    assert len(here.mock.sandbox.root.agenda) == len(before[0]) + 1

    spot.client.delete(f"{spot.path}/{made['id']}")

    root = here.mock.sandbox.root
    assert (list(root.agenda), len(root.tables["readSchedules"])) == before


def test_a_builder_pauses_and_unpauses(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    installation = here.mock.sandbox.root.tables["installations"].get(made["id"]) or {}

    for _ in range(2):  # again changes nothing
        with change(here.mock) as work:
            read_schedules.pause(work, installation, ["lead", "nobody"])
    here.advance(HOUR)
    assert operations(spot, made) == []
    assert spot.stored(made)["healthStatus"] == "healthy"
    for _ in range(2):
        with change(here.mock) as work:
            read_schedules.unpause(work, installation, ["lead"])
    here.advance(HOUR)

    assert starts(spot, made) == ["13:30:00", "14:00:00"]
    assert here.told("read.schedule.paused") == []


def test_three_failures_pause_a_schedule_and_tell_of_it(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.control().put("/drills/provider_throttled", {"objectName": "lead", **HERE})

    here.advance(5 * HOUR)

    failed = operations(spot, made)
    assert [one["status"] for one in failed] == ["failure"] * 3
    assert failed[0]["result"] == "[lead] Error reading from provider"
    [told] = here.told("read.schedule.paused")
    assert "429" in told["data"]["error"]
    assert told["data"]["config"] == made["config"]["content"]
    assert spot.stored(made)["healthStatus"] == "unhealthy"
    logs = here.client.get(f"{PROJECT}/operations/{failed[0]['id']}/logs").json
    assert [line["severity"] for line in logs] == ["INFO"] + ["WARNING"] * 5 + ["ERROR"]
    assert "429" in logs[-1]["message"]["error"]


def test_an_unpaused_schedule_is_healthy_again_with_its_next_success(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    control = here.control()
    control.put("/drills/provider_throttled", HERE)
    here.advance(3 * HOUR)
    control.delete("/drills/provider_throttled")
    installation = here.mock.sandbox.root.tables["installations"].get(made["id"]) or {}

    with change(here.mock) as work:
        read_schedules.unpause(work, installation, ["lead"])
    here.advance(HOUR)
    here.advance(1)

    assert operations(spot, made)[-1]["status"] == "success"
    assert spot.stored(made)["healthStatus"] == "healthy"


def test_some_failures_are_forgotten_after_a_success(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    for _ in range(3):
        here.control().put("/drills/provider_throttled", {"times": 12, **HERE})
        here.advance(HOUR)
        here.advance(HOUR)

    statuses = [one["status"] for one in operations(spot, made)]
    assert "failure" in statuses
    assert here.told("read.schedule.paused") == []


def test_bad_credentials_pause_at_once(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.control().put("/drills/bad_credentials", {"times": 1, **HERE})
    here.forget()

    here.advance(5 * HOUR)

    assert here.types == ["connection.error", "read.schedule.paused"]
    assert len(operations(spot, made)) == 1
    found = spot.stored(made)
    assert found["connection"]["status"] == "bad_credentials"
    assert found["healthStatus"] == "unhealthy"


def test_ticks_that_nobody_was_there_for_are_left_out(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    root = here.mock.sandbox.root
    later = ClockState("frozen", root.clock.instant + 10 * HOUR * SECOND)

    here.mock.scheduler.set_clock(here.mock.sandbox, later)
    here.advance(HOUR)

    assert starts(spot, made) == ["22:30:00", "23:00:00"]


def test_a_read_reaches_back_to_the_one_before(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.advance(HOUR)

    plans = [
        row["plan"]
        for row in here.mock.sandbox.root.tables["operations"]
        if row["installationId"] == made["id"]
    ]

    spans = [(plan["since"], plan["end"]) for plan in plans]
    assert spans[0][1] == spans[1][0]
    assert spans[0][1] - spans[0][0] == 1800 * SECOND


def test_a_month_of_reads_every_half_hour_is_turned_in_one_go(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))

    fired = here.advance(30 * 24 * HOUR)

    assert fired.complete
    assert len(operations(spot, made)) == 1000  # of a page
    assert fired.jobs_run > 2 * 30 * 24 * 2
