"""A sandbox that is dropped does nothing any more; one of its name takes nothing over."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from mockserver.app import Mock
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.sandbox import Sandbox
from tests.client import Client
from tests.conftest import make_mock
from tests.faulting import arm
from tests.listening import destination, lead, topic
from tests.noting import set_up
from tests.sinks import Answer, Received, Sink, sink

EVENT = "connection.created"


def made(mock: Mock, name: str = "mine") -> Sandbox:
    return mock.worlds.make(name, mock.sandbox.root)


def note(mock: Mock, sandbox: Sandbox, seconds: float) -> None:
    def schedule(work: Work) -> None:
        work.schedule("test.note", work.moment + int(seconds * SECOND), {"name": sandbox.name})

    mock.scheduler.change(sandbox, schedule)


def emit(mock: Mock, sandbox: Sandbox, count: int) -> None:
    def tell(work: Work) -> None:
        [project] = work.tx.find("projects", "name", ("my-project",))
        for number in range(count):
            work.emit(EVENT, project["id"], {"number": number})

    mock.scheduler.change(sandbox, tell)


@dataclass(frozen=True)
class Held:
    """A destination that keeps each message waiting until it is released."""

    sink: Sink
    arrived: threading.Event
    released: threading.Event


@contextmanager
def holding(mock: Mock, status: int = 200) -> Iterator[Held]:
    """Lead the event to a destination that answers when the test lets it."""
    arrived, released = threading.Event(), threading.Event()

    def act(_: Received) -> Answer:
        arrived.set()
        released.wait(30)
        return Answer(status)

    with sink(act=act) as there:
        client = Client(mock)
        hook = destination(client, "first", metadata={"url": f"{there.url}/hook"})
        lead(client, topic(client, "t", EVENT), hook)
        yield Held(there, arrived, released)


def noted(sandbox: Sandbox) -> bool:
    return any("note" in name for name in sandbox.root.controls)


def test_what_falls_due_after_the_end_is_not_done():
    mock = make_mock(clock="real")
    set_up(mock)
    mine, other = made(mock), made(mock, "other")

    async def wait() -> None:
        note(mock, mine, 0.02)
        note(mock, other, 0.05)
        mock.worlds.drop("mine")
        again = made(mock)
        mock.scheduler.catch_up(mine)  # whoever still holds the old one looks at it
        note(mock, again, 0.04)
        while not (noted(other) and noted(again)):  # the loop turns until both timers have rung
            await asyncio.sleep(0)
        await mock.scheduler.close()

    asyncio.run(wait())

    assert not noted(mine)


def test_what_is_being_delivered_ends_with_its_sandbox():
    mock = make_mock()

    with holding(mock, 500) as held:
        mine = made(mock)

        async def session() -> None:
            emit(mock, mine, 3)
            await asyncio.to_thread(held.arrived.wait, 30)
            mock.worlds.drop("mine")
            again = made(mock)
            held.released.set()
            await mock.deliveries.settled(again, 0)
            assert len(mock.deliveries.inbox(again)) == 0
            await mock.scheduler.close()

        asyncio.run(session())

    assert len(held.sink.received) == 1
    assert len(mine.root.agenda) == len(mock.sandbox.root.agenda), "no attempt is to follow"


def test_a_clock_that_is_turned_while_its_sandbox_is_dropped_stops():
    mock = make_mock()

    with holding(mock) as held:
        set_up(mock)
        mine = made(mock)
        note(mock, mine, 5)

        async def session() -> bool:
            emit(mock, mine, 1)
            to = mock.scheduler.now(mine) + 10 * SECOND
            turning = asyncio.create_task(mock.scheduler.advance(mine, to))
            await asyncio.to_thread(held.arrived.wait, 30)
            mock.worlds.drop("mine")
            held.released.set()
            fired = await turning
            await mock.scheduler.close()
            return fired.complete

        assert asyncio.run(session()) is False

    assert not noted(mine)


def test_the_clock_of_the_next_one_of_its_name_can_be_turned_at_once():
    mock = make_mock()

    with holding(mock) as held:
        mine = made(mock)

        async def session() -> bool:
            emit(mock, mine, 1)
            turning = asyncio.create_task(
                mock.scheduler.advance(mine, mock.scheduler.now(mine) + 10 * SECOND)
            )
            await asyncio.to_thread(held.arrived.wait, 30)
            mock.worlds.drop("mine")
            again = made(mock)
            try:
                fired = await mock.scheduler.advance(again, mock.scheduler.now(again) + SECOND)
            finally:
                held.released.set()
                await turning
                await mock.scheduler.close()
            return fired.complete

        assert asyncio.run(session()) is True


def test_what_was_asked_of_it_is_not_in_the_journal_of_the_next_one_of_its_name(
    monkeypatch: pytest.MonkeyPatch,
):
    mock = make_mock()
    mine = Client(mock, headers={"x-mock-sandbox": "mine"})
    control = Client(mock, key=None, prefix="/__admin", headers={"x-mock-sandbox": "mine"})
    arm(control, {"method": "GET"}, {"proceed": True, "fixedDelayMilliseconds": 1})

    async def dropping(_: float) -> None:
        mock.worlds.drop("mine")
        made(mock)

    monkeypatch.setattr("mockserver.http.faults.asyncio.sleep", dropping)
    assert mine.get("/projects/my-project").status == 200

    assert control.get("/requests").json["requests"] == []
    assert control.get("/coverage").json["summary"]["operations"]["covered"] == 0
    assert control.get("/mappings").json["mappings"] == []


def test_a_rule_that_comes_too_late_is_not_armed_in_the_next_one_of_its_name():
    mock = make_mock()
    gone = made(mock)
    mock.worlds.drop("mine")
    again = made(mock)

    (rule,) = mock.armory.compile_rules(gone, [{"response": {"proceed": True}}])
    mock.armory.arms(gone).add([rule])
    mock.armory.settle(gone)

    assert mock.armory.arms(again).rules == []
    assert mock.armory.armed == {}


def test_a_sandbox_that_was_put_back_says_what_will_not_be_delivered():
    mock = make_mock()
    client, admin = Client(mock), Client(mock, key=None, prefix="/__admin")
    hook = destination(client, "first", metadata={"url": "http://127.0.0.1:9/closed"})
    lead(client, topic(client, "t", EVENT), hook)

    async def session() -> None:
        emit(mock, mock.sandbox, 1)
        await mock.deliveries.settled(mock.sandbox, 0)
        await mock.scheduler.close()

    asyncio.run(session())
    assert [one["status"] for one in admin.get("/deliveries").json["deliveries"]] == ["waiting"]

    admin.post("/state/reset")

    [left] = admin.get("/deliveries").json["deliveries"]
    assert left["status"] == "dropped"
    assert left["reason"] == "the sandbox was put back to an earlier state"
    assert "nextAttemptTime" not in left
