"""Deliveries give way to calls, but not for ever; who is known to be away costs next to nothing."""

from __future__ import annotations

import asyncio
from time import monotonic

from mockserver.addresses import AddressRules
from mockserver.events.reputation import Reputation
from mockserver.events.sending import Connection, Network
from mockserver.events.traffic import QUIET, Traffic, Window
from mockserver.events.wire import Reply, Request
from mockserver.settings import Settings
from tests.client import Client
from tests.conftest import make_mock
from tests.sinks import closed_port, sink

NEVER = float("inf")


class Clock:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def begin(traffic: Traffic, latest: float, earliest: float = 0.0) -> asyncio.Task[None]:
    """Let a delivery ask for its turn, and others have theirs."""
    asking = asyncio.create_task(traffic.gap(Window(earliest, latest)))
    for _ in range(20):
        await asyncio.sleep(0)
    return asking


def test_a_delivery_waits_while_calls_come_and_goes_on_when_they_end():
    async def scenario() -> None:
        clock = Clock()
        traffic = Traffic(clock)
        traffic.noted()
        one, other = await begin(traffic, NEVER), await begin(traffic, NEVER)
        assert not one.done()
        assert not other.done()
        clock.now += 2 * QUIET
        await asyncio.wait_for(asyncio.gather(one, other), 20)

    asyncio.run(scenario())


def test_a_delivery_does_not_wait_where_nobody_calls():
    async def scenario() -> None:
        assert (await begin(Traffic(Clock()), NEVER)).done()

    asyncio.run(scenario())


def test_a_delivery_that_waited_long_enough_goes_on_whoever_calls():
    async def scenario() -> None:
        clock = Clock()
        traffic = Traffic(clock)
        traffic.noted()
        patient, late = await begin(traffic, NEVER), await begin(traffic, clock.now + 1)
        assert not late.done()
        clock.now += 1
        traffic.noted()
        await asyncio.wait_for(late, 20)
        assert not patient.done()
        assert (await begin(traffic, clock.now)).done()
        patient.cancel()

    asyncio.run(scenario())


def test_a_delivery_that_is_to_come_later_waits_though_nobody_calls():
    async def scenario() -> None:
        clock = Clock()
        traffic = Traffic(clock)
        later = await begin(traffic, NEVER, clock.now + 0.01)
        assert not later.done()
        assert (await begin(traffic, NEVER)).done()
        clock.now += 0.02
        await asyncio.wait_for(later, 20)

    asyncio.run(scenario())


def test_where_nobody_answered_a_connection_is_tried_for_many_messages_at_once():
    reputation = Reputation(Settings())
    now = 100.0
    soon = reputation.window("hook", now)
    reputation.note("hook", Reply(error="connection refused", duration=0.001), now, None)
    answered_for, next_one = reputation.window("hook", now), reputation.window("hook", now + 0.001)
    assert soon.earliest == answered_for.earliest == now
    assert next_one.earliest > now + 0.001
    assert next_one.latest > soon.latest

    reputation.note("hook", Reply(status=500, duration=0.001), now, None)
    assert reputation.window("hook", now) == soon


def test_nothing_gives_way_while_somebody_waits_for_deliveries():
    async def scenario() -> None:
        traffic = Traffic(Clock())
        traffic.noted()
        waiting = await begin(traffic, NEVER)
        with traffic.hurried():
            await asyncio.wait_for(waiting, 20)
            assert (await begin(traffic, NEVER)).done()
        later = await begin(traffic, NEVER)
        assert not later.done()
        later.cancel()

    asyncio.run(scenario())


def test_what_waited_while_nobody_listened_has_had_its_attempt_and_what_comes_later_gets_another():
    port = closed_port()
    request = Request(f"http://localhost:{port}/", [], b"{}")

    async def scenario() -> None:
        network = Network(AddressRules(this_machine=True), 20.0)
        connection, early = Connection(network), monotonic()
        first = await connection.post(request, since=early)
        with sink(port=port) as there:
            second = await connection.post(request, since=early)
            assert there.received == []
            third = await connection.post(request, since=monotonic())
            assert len(there.received) == 1
        await connection.close()

        assert [first.error, second.error] == ["connection refused"] * 2
        assert third.status == 200

    asyncio.run(scenario())


def test_every_call_is_noted():
    mock, clock = make_mock(), Clock()
    mock.scheduler.traffic.clock = clock
    clock.now = monotonic() + 1000  # nobody has called since

    async def goes_on() -> bool:
        return (await begin(mock.scheduler.traffic, NEVER)).done()

    assert asyncio.run(goes_on())
    assert Client(mock).get("/providers").status == 200
    assert not asyncio.run(goes_on())
    clock.now += 2 * QUIET
    assert asyncio.run(goes_on())


def test_who_waited_in_an_event_loop_that_ended_holds_nobody_up():
    traffic = Traffic(Clock())
    traffic.noted()
    waiting = traffic.gap(Window(0.0, NEVER))
    ended = asyncio.new_event_loop()
    task = ended.create_task(waiting)
    ended.run_until_complete(asyncio.sleep(0.001))
    assert not task.done()
    ended.close()

    with traffic.hurried():
        assert not task.done()
    task._log_destroy_pending = False  # type: ignore[attr-defined] # it is to be left behind
    waiting.close()
