"""The loop of a mock in process ends: who still waits for it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockserver.testing.loop import LoopThread, _Outcome

_PATIENCE = 20  # seconds after which something will not happen any more


async def _who() -> int:
    return threading.get_ident()


def test_a_call_that_had_not_begun_when_the_loop_ended_is_told():
    loop: LoopThread = LoopThread()
    outcome: _Outcome[int] = _Outcome()
    with loop._turn:  # so that both come in one step of the loop
        loop._let_start(_who(), outcome)
        loop._loop.call_soon_threadsafe(loop._loop.stop)
        loop._is_closing = True
    loop._thread.join()
    with pytest.raises(asyncio.CancelledError):
        outcome.wait()
    loop._loop.close()


@pytest.mark.parametrize("way", ["run", "begin"])
def test_a_call_that_waits_as_the_loop_ends_is_told(way: str):
    loop, waits = LoopThread(), threading.Event()
    near, far = socket.socketpair()

    async def wait() -> None:
        near.setblocking(False)
        asyncio.get_running_loop().call_soon(waits.set)
        await asyncio.get_running_loop().sock_recv(near, 1)

    with near, far, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(getattr(loop, way), wait())
        assert waits.wait(_PATIENCE)
        loop.close()
        with pytest.raises(asyncio.CancelledError):
            waiting.result(_PATIENCE)
    for call in (loop.run, loop.begin):
        with pytest.raises(RuntimeError, match="the mock ended"):
            call(_who())
    loop.close()  # twice is once


def test_who_calls_while_the_loop_ends_gets_an_answer_or_is_told():
    for _ in range(20):
        loop, started = LoopThread(), threading.Barrier(4)

        def calls(loop: LoopThread = loop, started: threading.Barrier = started) -> str:
            started.wait(_PATIENCE)
            try:
                while True:
                    loop.begin(asyncio.sleep(0))
                    loop.run(asyncio.sleep(0))
            except (RuntimeError, asyncio.CancelledError) as told:
                return type(told).__name__

        with ThreadPoolExecutor(3) as pool:
            calling = [pool.submit(calls) for _ in range(3)]
            started.wait(_PATIENCE)
            loop.close()
            assert all(one.result(_PATIENCE) for one in calling)
