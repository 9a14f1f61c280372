"""While a clock is turned, each moment is settled before the next, and others are served."""

from __future__ import annotations

import asyncio

import pytest

from mockserver.events.retries import retry
from mockserver.rules.errors import Refused
from mockserver.simulation.clock import SECOND
from mockserver.state.outbox import Message
from mockserver.state.root import ClockState
from mockserver.state.sandbox import Sandbox
from tests.conftest import make_mock
from tests.listening import Ear, ear
from tests.noting import Sink, notes, project_id, schedule, set_up, with_sink
from tests.worlds import change


@pytest.fixture
def here() -> Ear:
    found = ear()
    set_up(found.mock)
    return found


def test_everything_of_one_moment_is_delivered_before_the_next_begins():
    here, sink = with_sink()
    with change(here.mock) as work:
        for seconds in (3, 1, 2):
            due = work.moment + seconds * SECOND
            work.schedule("test.tell", due, {"projectId": project_id(here)})

    here.advance(10)

    assert sink.log == [f"connection.created at 00:0{n}" for n in (1, 2, 3)]


def test_a_sink_may_change_the_sandbox_while_it_is_delivered_to():
    here, sink = with_sink()
    changes = sink.changes
    assert changes is not None

    def call(sandbox: Sandbox, message: Message) -> None:
        if message.attempt < 3:
            now = changes.now(sandbox)
            changes.change(sandbox, lambda work: retry(work, message, now + SECOND))

    sink.call = call
    with change(here.mock) as work:
        due = work.moment + SECOND
        work.schedule("test.tell", due, {"projectId": project_id(here)})

    fired = here.advance(10)

    assert sink.log == [f"connection.created at 00:0{n}" for n in (1, 2, 3)]
    assert [line["kind"] for line in fired.jobs] == ["test.tell"] + ["delivery.attempt"] * 2
    assert [line["attempt"] for line in fired.messages] == [1, 2, 3]


def test_only_one_may_turn_the_clock_at_a_time():
    here, sink = with_sink()
    refusals: list[str] = []
    scheduler = here.mock.scheduler

    def call(sandbox: Sandbox, message: Message) -> None:
        for attempt in (
            lambda: scheduler.advance(sandbox, scheduler.now(sandbox)).send(None),
            lambda: scheduler.set_clock(sandbox, ClockState()),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            refusals.append(refused.value.kind)

    sink.call = call
    with change(here.mock) as work:
        work.schedule("test.tell", work.moment + SECOND, {"projectId": project_id(here)})

    assert here.advance(2).complete
    assert refusals == ["conflict", "conflict"]
    assert here.advance(1).complete  # and it is free again


def test_a_reset_while_the_clock_is_turned_ends_the_turn_and_keeps_the_new_clock():
    here, sink = with_sink()
    sink.call = lambda sandbox, _: sandbox.reset()
    clock_before = here.mock.sandbox.baseline.clock
    schedule(here.mock, 5, "never")
    with change(here.mock) as work:
        work.schedule("test.tell", work.moment + SECOND, {"projectId": project_id(here)})

    fired = here.advance(10)

    assert not fired.complete
    assert notes(here.mock) == []
    assert here.mock.sandbox.root.clock == clock_before
    assert "test.note" in {gone.kind for gone in here.mock.sandbox.dropped}


def test_a_change_for_a_message_of_an_older_generation_is_not_made(here: Ear):
    scheduler, sandbox = here.mock.scheduler, here.mock.sandbox
    with change(here.mock) as work:
        work.send(project_id(here), "contactWebhook", {}, "read")
    [message] = here.messages
    assert message.generation == sandbox.generation
    sandbox.reset()

    done = scheduler.change(sandbox, lambda _: "done", generation=message.generation)

    assert done is None
    assert scheduler.change(sandbox, lambda _: "done", generation=1) == "done"


@pytest.mark.parametrize("seconds", [-1, 10**14])
def test_a_clock_is_not_turned_back_nor_out_of_reach(here: Ear, seconds: int):
    before = here.mock.sandbox.root

    with pytest.raises(ValueError, match="clock"):
        here.advance(seconds)

    assert here.mock.sandbox.root is before


def test_others_see_the_moment_that_the_turning_clock_has_reached_and_the_mode_comes_back():
    sink, wall = Sink(), [1_770_000_000 * SECOND]
    mock = make_mock(dispatcher=sink, clock="real")
    mock.scheduler.wall = lambda: wall[0]
    set_up(mock)
    schedule(mock, 30, "half")
    start = mock.scheduler.now(mock.sandbox)

    asyncio.run(mock.scheduler.advance(mock.sandbox, start + 60 * SECOND))

    assert notes(mock) == [("half", start + 30 * SECOND)]
    assert mock.sandbox.root.clock.mode == "offset"
    wall[0] += 5 * SECOND
    assert mock.scheduler.now(mock.sandbox) == start + 65 * SECOND
