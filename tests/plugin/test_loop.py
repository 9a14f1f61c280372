"""The loop of a mock in process: a thread runs it, and who calls begins the call."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from itertools import chain
from typing import Any

import pytest

import mockserver
from mockserver.testing.loop import LoopThread
from tests.sinks import Answer, Received, sink

_PATIENCE = 20  # seconds after which something will not happen any more
Call = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    here = LoopThread()
    yield here
    here.close()


@pytest.fixture(params=["run", "begin"])
def call(loop: LoopThread, request: pytest.FixtureRequest) -> Call:
    """Either way to call."""
    found: Call = getattr(loop, request.param)
    return found


async def _who() -> int:
    return threading.get_ident()


async def _who_later() -> int:
    await asyncio.sleep(0)
    return threading.get_ident()


def test_a_call_begins_in_the_thread_that_makes_it(loop: LoopThread):
    assert loop.begin(_who()) == threading.get_ident()


def test_a_call_that_waits_goes_on_in_the_thread_of_the_loop(loop: LoopThread):
    there = loop.run(_who())

    assert there != threading.get_ident()
    assert loop.begin(_who_later()) == there


def test_all_of_it_happens_in_one_event_loop(loop: LoopThread):
    async def which() -> list[asyncio.AbstractEventLoop]:
        before = asyncio.get_running_loop()
        await asyncio.sleep(0)
        return [before, asyncio.get_running_loop()]

    assert len({*loop.run(which()), *loop.begin(which())}) == 1
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_a_call_can_be_made_within_another_event_loop(call: Call):
    async def within() -> Any:
        mine = asyncio.get_running_loop()
        answer = call(asyncio.sleep(0, "so it is"))
        assert asyncio.get_running_loop() is mine
        await asyncio.sleep(0)
        return answer

    assert asyncio.run(within()) == "so it is"


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_what_a_coroutine_raises_is_raised(call: Call, turns: int):
    async def fail() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        call(fail())
    assert call(asyncio.sleep(0, "still here")) == "still here"


def test_a_call_has_a_context_of_its_own(call: Call):
    word: ContextVar[str] = ContextVar("word", default="none")

    async def put() -> str:
        word.set("set")
        await asyncio.sleep(0)
        return word.get()

    assert call(put()) == "set"
    assert word.get() == "none"


def test_what_a_call_leaves_behind_goes_on_while_nobody_calls(call: Call):
    done = threading.Event()

    async def behind() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        await asyncio.to_thread(str)
        done.set()

    async def leave() -> asyncio.Task[None]:
        return asyncio.create_task(behind())

    _task = call(leave())
    assert done.wait(_PATIENCE)


def test_a_timer_runs_out_while_nobody_calls(call: Call):
    first, second = threading.Event(), threading.Event()

    async def arm(*timers: tuple[float, Callable[[], None]]) -> None:
        for delay, act in timers:
            asyncio.get_running_loop().call_later(delay, act)

    call(arm((3600, first.clear)))
    call(arm((0.02, second.set), (0.01, first.set)))  # sooner than what is waited for
    assert first.wait(_PATIENCE)
    assert second.wait(_PATIENCE)


def test_somebody_who_waits_keeps_nobody_from_calling(call: Call):
    """One waits for what another does: both are in the loop at once."""
    told: list[asyncio.Event] = []
    waits = threading.Event()

    async def wait() -> str:
        told.append(asyncio.Event())
        waits.set()
        await told[0].wait()
        return "told"

    async def tell() -> None:
        told[0].set()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(call, wait())
        assert waits.wait(_PATIENCE)
        call(tell())
        assert waiting.result(_PATIENCE) == "told"


def test_many_threads_call_at_once_and_every_call_is_done_once(loop: LoopThread):
    done: list[int] = []
    inside: list[int] = []

    async def step(number: int) -> int:
        inside.append(number)
        assert inside == [number]  # nobody else is in the middle of anything
        inside.pop()
        if number % 3 == 0:
            await asyncio.sleep(0)
        done.append(number)
        return number

    def calls(start: int) -> list[int]:
        return [
            (loop.run if number % 5 == 0 else loop.begin)(step(number))
            for number in range(start, start + 200)
        ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(calls, range(0, 1600, 200)))
    assert list(chain.from_iterable(answers)) == list(range(1600))
    assert sorted(done) == list(range(1600))


def test_a_busy_loop_lets_calls_in(loop: LoopThread):
    ended = threading.Event()

    async def spin() -> None:
        while not ended.is_set():
            await asyncio.sleep(0)

    async def start() -> asyncio.Task[None]:
        return asyncio.create_task(spin())

    _task = loop.run(start())
    assert [loop.begin(_who()) for _ in range(50)] == [threading.get_ident()] * 50
    ended.set()


class Interrupted(BaseException):
    """What a signal handler raises, as those of test runners do."""


# A call that is interrupted before it began was never awaited: so it should be.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("module", ["pytest_timeout", "of_somebody_else"])
def test_calls_that_are_interrupted_anywhere_leave_the_loop_usable(call: Call, module: str):
    def interrupt(*_: Any) -> None:
        raise Interrupted

    interrupt.__module__ = module

    async def work() -> None:
        others = []
        for number in range(3):
            others.append(asyncio.create_task(asyncio.sleep(0)))
            if number == 1:
                await asyncio.sleep(0)
        await asyncio.wait(others)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for number in range(400):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.000_01 + number * 0.000_000_4)
                while True:  # until it comes, in one call or another
                    call(work())
            except Interrupted:
                assert call(asyncio.sleep(0, "still here")) == "still here"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_a_handler_that_may_call_the_mock_comes_between_no_two_lines_of_it(loop: LoopThread):
    before = signal.signal(signal.SIGTERM, lambda *_: loop.run(_who()))
    try:
        assert loop.begin(_who()) == loop.run(_who())  # it is the thread of the loop
    finally:
        signal.signal(signal.SIGTERM, before)
    assert loop.begin(_who()) == threading.get_ident()


def test_a_call_in_the_middle_of_a_call_of_the_same_thread_is_refused(loop: LoopThread):
    async def again() -> list[str]:
        refused = []
        for call in (loop.run, loop.begin):
            with pytest.raises(RuntimeError, match="in the middle of a call") as told:
                call(_who())
            refused.append(str(told.value))
        return refused

    assert len(loop.begin(again())) == 2
    assert loop.begin(_who()) == threading.get_ident()


def test_the_signals_stay_the_test_s_own():
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    with mockserver.running() as mock:
        assert mock.url
        mock.call("listTopics")
        assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before


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
