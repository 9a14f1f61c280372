"""Units of work are kept, jobs fall due, messages leave: in order, and only then."""

from __future__ import annotations

import asyncio
import logging
from types import ModuleType

import pytest

from mockserver.events.registry import collect, job
from mockserver.events.retries import retry
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.root import ClockState
from mockserver.state.sandbox import Sandbox
from tests.conftest import make_mock
from tests.listening import PROJECT, Ear, ear
from tests.noting import notes, project_id, schedule, set_up
from tests.worlds import change


@pytest.fixture
def here() -> Ear:
    found = ear()
    set_up(found.mock)
    return found


def test_a_job_that_is_due_now_is_done_as_soon_as_it_is_kept(here: Ear):
    due = schedule(here.mock, 0, "now")

    assert notes(here.mock) == [("now", due)]


def test_a_dropped_unit_of_work_schedules_and_tells_nothing(here: Ear):
    work = here.mock.scheduler.work(here.mock.sandbox)
    work.schedule("test.note", work.moment, {"name": "never"})
    work.emit("connection.created", "p", {})

    here.advance(1)

    assert notes(here.mock) == []
    assert here.messages == []


def test_advancing_does_what_falls_due_in_order_of_time(here: Ear):
    start = here.mock.scheduler.now(here.mock.sandbox)
    after = {"in": SECOND // 2, "name": "grandchild"}
    schedule(here.mock, 3, "third")
    schedule(here.mock, 1, "first", then=[{"in": SECOND, "name": "child", "then": [after]}])
    schedule(here.mock, 2, "with child")
    schedule(here.mock, 9, "later")

    fired = here.advance(5)

    assert notes(here.mock) == [
        ("first", start + SECOND),
        ("with child", start + 2 * SECOND),
        ("child", start + 2 * SECOND),
        ("grandchild", start + 5 * SECOND // 2),
        ("third", start + 3 * SECOND),
    ]
    assert [line["due"] for line in fired.jobs] == [stamp(at) for _, at in notes(here.mock)]
    assert (fired.start, fired.end, fired.complete) == (start, start + 5 * SECOND, True)
    assert here.mock.scheduler.now(here.mock.sandbox) == start + 5 * SECOND


def test_one_long_advance_does_what_many_short_ones_do(here: Ear):
    other = ear()
    set_up(other.mock)
    chain = {"in": SECOND, "name": "c", "then": [{"in": 700_000, "name": "d"}]}
    for mock in (here.mock, other.mock):
        for number in range(20):
            schedule(mock, number * 0.3, str(number), then=[chain])

    here.advance(12)
    for _ in range(48):
        other.advance(0.25)

    assert notes(here.mock) == notes(other.mock)
    assert here.mock.sandbox.root.clock == other.mock.sandbox.root.clock


def test_a_job_that_is_taken_back_is_not_done(here: Ear):
    with change(here.mock) as work:
        identifier = work.schedule("test.note", work.moment + SECOND, {"name": "never"})
    with change(here.mock) as work:
        work.unschedule(identifier)

    assert here.advance(5).jobs == []
    assert notes(here.mock) == []


def test_a_defect_in_a_job_is_recorded_and_the_others_go_on(
    here: Ear, caplog: pytest.LogCaptureFixture
):
    with change(here.mock) as work:
        work.schedule("test.fail", work.moment + SECOND, {"why": "boom"})
        work.schedule("test.unknown", work.moment + SECOND, {})
    schedule(here.mock, 2, "after")

    with caplog.at_level(logging.CRITICAL):
        fired = here.advance(5)

    assert [name for name, _ in notes(here.mock)] == ["after"]
    assert ["error" in line for line in fired.jobs] == [True, True, False]
    assert fired.jobs[0]["error"] == "RuntimeError: boom"
    assert [gone.kind for gone in here.mock.sandbox.dropped] == ["test.fail", "test.unknown"]


def test_a_retry_comes_back_at_its_moment_as_the_next_attempt(here: Ear):
    with change(here.mock) as work:
        work.send(project_id(here), "listener", {"n": 1}, "read")
    [first] = here.messages
    here.forget()

    with change(here.mock) as work:
        retry(work, first, work.moment + 5 * SECOND)
    assert here.advance(4.9).messages_sent == 0
    fired = here.advance(0.1)

    [second] = here.messages
    assert (second.id, second.body, second.attempt) == (first.id, first.body, 2)
    assert fired.messages[0]["attempt"] == 2


def test_with_a_clock_that_runs_jobs_are_done_when_their_moment_has_come():
    mock = make_mock(clock="real")
    set_up(mock)
    done = asyncio.Event()

    async def wait() -> list[tuple[str, int]]:
        loop = asyncio.get_running_loop()
        original = mock.scheduler.catch_up

        def watched(sandbox: Sandbox) -> int:
            now = original(sandbox)
            if notes(mock):
                loop.call_soon(done.set)
            return now

        mock.scheduler.catch_up = watched  # type: ignore[method-assign] # only to be told
        due = schedule(mock, 0.05, "soon")
        await asyncio.wait_for(done.wait(), 30)
        await mock.scheduler.close()
        return [("soon", due)]

    assert asyncio.run(wait()) == notes(mock)


def test_a_job_that_is_restored_is_done_although_a_later_one_had_its_id():
    mock = make_mock(clock="real")
    set_up(mock)

    async def run() -> None:
        before = mock.sandbox.snapshot()
        due = schedule(mock, 60, "sooner")
        sooner = mock.sandbox.snapshot()
        mock.sandbox.restore(before)
        mock.scheduler.catch_up(mock.sandbox)
        schedule(mock, 3600, "later")  # numbered as the one before

        mock.sandbox.restore(sooner)
        mock.scheduler.catch_up(mock.sandbox)
        mock.scheduler.wall = lambda: due
        mock.scheduler.catch_up(mock.sandbox)
        await mock.scheduler.close()

    asyncio.run(run())
    assert [name for name, _ in notes(mock)] == ["sooner"]


def test_whoever_looks_sees_what_was_due_before(here: Ear):
    schedule(here.mock, 5, "due")
    root = here.mock.sandbox.root
    clock = ClockState("frozen", root.clock.instant + 10 * SECOND)
    here.mock.sandbox.root = root.with_clock(clock)
    assert notes(here.mock) == []

    here.client.get(PROJECT)

    assert [name for name, _ in notes(here.mock)] == ["due"]


def test_two_functions_for_one_kind_are_a_mistake():
    module = ModuleType("jobs")
    vars(module)["first"] = job("k")(lambda task, payload: None)
    vars(module)["second"] = job("k")(lambda task, payload: None)

    with pytest.raises(ValueError, match="two functions are marked as the job k"):
        collect([module])
