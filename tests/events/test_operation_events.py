"""What triggered reads and asynchronous writes tell when they end."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources import async_writes, reads
from mockserver.resources.async_writes import Outcome
from mockserver.state.tables import Record
from tests import worlds
from tests.installing import LEAD, Place
from tests.listening import PROJECT, Ear
from tests.worlds import change

SHORT = 60  # seconds: enough for a backfill, too short for a scheduled read
HOUR = 3600


def stored(mock: Mock, made: Record) -> Record:
    found = mock.sandbox.root.tables["installations"].get(made["id"])
    assert found is not None
    return found


@pytest.mark.parametrize("bounds", [{}, {"since": 1_700_000_000_000_000}, {"until": 1}])
def test_a_triggered_read_tells_its_span_when_it_is_done(
    here: Ear, spot: Place, bounds: dict[str, int]
):
    made = spot.installed(spot.reading(lead=LEAD))
    here.forget()
    with change(here.mock) as work:
        installation = stored(here.mock, made)
        reads.trigger(work, worlds.catalog(), installation, "lead", **bounds)
    here.advance(SHORT)

    [told] = here.told()
    assert told["notificationType"] == "read.triggered.done"
    assert told["data"]["objectName"] == "lead"
    assert ("fromTimestamp" in told["data"]) is ("since" in bounds)
    assert ("untilTimestamp" in told["data"]) is ("until" in bounds)


def test_a_triggered_read_that_fails_tells_why(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.forget()
    with change(here.mock) as work:
        reads.trigger(work, worlds.catalog(), stored(here.mock, made), "lead")
    here.control().put("/drills/bad_credentials", {})
    here.advance(SHORT)

    error, failed = here.told()
    assert error["notificationType"] == "connection.error"
    assert failed["notificationType"] == "read.triggered.error"
    assert "401" in failed["data"]["error"]


def write(here: Ear, made: Record, outcome: Outcome, **options: Any) -> Record:
    """Accept a write whose provider answers with `outcome`; return its operation."""

    def perform(*_: Any) -> Outcome:
        return outcome

    def attempt(task: Any, payload: Any) -> None:
        async_writes.attempt(task.work, task.catalog, payload["operationId"], perform)

    here.mock.scheduler.jobs = {**here.mock.scheduler.jobs, async_writes.ATTEMPT: attempt}
    with change(here.mock) as work:
        installation = stored(here.mock, made)
        return async_writes.begin(work, installation, "lead", {"records": []}, **options)


@pytest.mark.parametrize(
    ("outcome", "status", "result"),
    [
        (Outcome(["a", "b"], []), "success", "Batch write completed (2 succeeded, 0 failed)"),
        (Outcome(["a"], ["no"]), "failure", "Batch write completed (1 succeeded, 1 failed)"),
        (Outcome([], ["no"]), "failure", "[lead] Error writing to provider"),
    ],
)
def test_an_asynchronous_write_tells_what_became_of_it(
    here: Ear, spot: Place, outcome: Outcome, status: str, result: str
):
    made = spot.installed(spot.reading(lead=LEAD))
    here.forget()
    operation = write(here, made, outcome)
    before = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    here.advance(SHORT)

    [told] = here.told()
    after = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    assert (before["status"], after["status"], after["result"]) == ("in_progress", status, result)
    assert after["metadata"]["successfulRecordIds"] == outcome.identifiers
    assert told["notificationType"] == "write.async.done"
    assert told["data"]["success"] is (not outcome.errors)
    assert told["data"]["successfulRecordIds"] == outcome.identifiers
    assert told["data"]["errors"] == outcome.errors


def test_a_throttled_write_is_tried_again_until_its_deadline(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.forget()
    here.control().put("/drills/provider_throttled", {})
    operation = write(here, made, Outcome(["a"], []), hours=1)
    here.advance(HOUR - 60)
    waiting = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    assert (waiting["status"], here.types) == ("in_progress", [])
    assert waiting["metadata"]["retry"]["attempts"] > 3

    here.advance(HOUR)

    ended = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    assert ended["status"] == "failure"
    assert "deadline" in here.told("write.async.done")[0]["data"]["errors"][0]
    assert ended["metadata"]["retry"]["lastNotified"]


def test_a_throttled_write_succeeds_when_the_provider_recovers(here: Ear, spot: Place):
    made = spot.installed(spot.reading(lead=LEAD))
    here.control().put("/drills/provider_throttled", {"times": 2})
    operation = write(here, made, Outcome(["a"], []))

    here.advance(HOUR)

    ended = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    assert (ended["status"], ended["metadata"]["retry"]["attempts"]) == ("success", 2)
