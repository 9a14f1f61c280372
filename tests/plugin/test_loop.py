"""The loop of a mock in process: whoever calls runs it, and a thread does while nobody calls."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

import mockserver
from mockserver.testing.loop import LoopThread
from tests.sinks import Answer, Received, sink

_PATIENCE = 20  # seconds after which something will not happen any more


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    here = LoopThread()
    yield here
    here.close()


async def _who() -> int:
    return threading.get_ident()


def test_whoever_calls_runs_the_loop(loop: LoopThread):
    assert loop.run(_who()) == threading.get_ident()


def test_it_is_the_thread_where_that_is_asked_for(loop: LoopThread):
    assert loop.run(_who(), in_thread=True) not in {threading.get_ident(), 0}


def test_a_call_within_another_loop_is_handed_over(loop: LoopThread):
    async def within() -> int:
        return loop.run(_who())

    assert asyncio.run(within()) != threading.get_ident()


def test_what_a_coroutine_raises_is_raised(loop: LoopThread):
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("nothing there")

    for in_thread in (False, True):
        with pytest.raises(LookupError, match="nothing there"):
            loop.run(fail(), in_thread=in_thread)
    assert loop.run(_who()) == threading.get_ident()


def test_what_a_call_leaves_behind_goes_on_while_nobody_calls(loop: LoopThread):
    done = threading.Event()

    async def behind() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        await asyncio.to_thread(str)
        done.set()

    async def call() -> asyncio.Task[None]:
        return asyncio.create_task(behind())

    _task = loop.run(call())
    assert done.wait(_PATIENCE)


def test_a_timer_runs_out_while_nobody_calls(loop: LoopThread):
    first, second = threading.Event(), threading.Event()

    async def arm() -> None:
        here = asyncio.get_running_loop()
        here.call_later(3600, lambda: None)
        here.call_later(0.02, second.set)
        here.call_later(0.01, first.set)

    loop.run(arm())
    assert first.wait(_PATIENCE)
    assert second.wait(_PATIENCE)
    assert loop.run(_who()) == threading.get_ident()  # the thread sleeps again


def test_somebody_who_waits_keeps_nobody_from_calling(loop: LoopThread):
    """One waits for what another does: both are in the loop at once."""

    async def event() -> asyncio.Event:
        return asyncio.Event()

    told, waits = loop.run(event()), threading.Event()

    async def wait() -> str:
        waits.set()
        await told.wait()
        return "told"

    async def tell() -> None:
        told.set()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(loop.run, wait())
        assert waits.wait(_PATIENCE)
        loop.run(tell())
        assert waiting.result(_PATIENCE) == "told"


def test_many_threads_call_at_once_and_every_call_is_done_once(loop: LoopThread):
    done: list[int] = []

    async def step(number: int) -> int:
        await asyncio.sleep(0)
        done.append(number)
        return number

    def calls(start: int) -> list[int]:
        return [loop.run(step(number)) for number in range(start, start + 200)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(calls, range(0, 1600, 200)))
    assert list(chain.from_iterable(answers)) == list(range(1600))
    assert sorted(done) == list(range(1600))


def test_an_interrupted_call_leaves_the_loop_usable(loop: LoopThread):
    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)

    with pytest.raises(KeyboardInterrupt):
        loop.run(interrupted())
    assert loop.run(asyncio.sleep(0, "still here")) == "still here"
    assert loop.run(asyncio.sleep(0, "the thread, too"), in_thread=True) == "the thread, too"


def test_a_call_that_waits_as_the_loop_ends_is_told():
    loop, waits = LoopThread(), threading.Event()

    async def wait() -> None:
        waits.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(loop.run, wait())
        assert waits.wait(_PATIENCE)
        loop.close()
        with pytest.raises(asyncio.CancelledError):
            waiting.result(_PATIENCE)
    with pytest.raises(RuntimeError, match="the mock ended"):
        loop.run(_who())


def test_webhooks_are_sent_while_nobody_calls():
    arrived = threading.Event()

    def act(_received: Received) -> Answer:
        arrived.set()
        return Answer(204)

    with sink(act=act) as there, mockserver.running() as mock:
        url = {"metadata": {"url": f"{there.url}/hook"}}
        change = {"updateMask": ["metadata.url"], "destination": url}
        mock.call("updateDestination", destination="defaultWebhook", body=change)
        who = {"provider": "apollo", "groupRef": "g", "consumerRef": "u"}
        mock.call("generateConnection", body={**who, "apiKey": "k"})
        config = {"content": {"provider": "apollo"}}
        mock.call(
            "createInstallation",
            integrationId="my-integration",
            body={"groupRef": "g", "config": config},
        )
        assert arrived.wait(_PATIENCE)
    assert there.received[0].path == "/hook"
