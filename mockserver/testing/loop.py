"""The thread that a mock lives in: one event loop, to which every other thread hands its calls."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class LoopThread:
    """An event loop that runs in a thread of its own until it is closed."""

    def __init__(self) -> None:
        """Start the thread. It does not keep the program from ending."""
        self._loop = _new_loop()
        self._process = os.getpid()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="mockserver", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end, and return what it returns or raise what it raises.

        Raises:
            RuntimeError: the loop is closed, or lives in the process that this one was forked from.
        """
        if self._loop.is_closed() or os.getpid() != self._process:
            coroutine.close()
            where = "ended" if self._loop.is_closed() else "runs in the process that forked this"
            raise RuntimeError(f"the mock {where}; start one here: mockserver.running()")
        outcome: _Outcome[T] = _Outcome()
        self._loop.call_soon_threadsafe(self._start, outcome.hold(coroutine))
        return outcome.wait()

    def close(self) -> None:
        """End what still runs in the loop, and the thread."""
        if self._loop.is_closed() or os.getpid() != self._process:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)  # a loop does not hold its tasks
        task.add_done_callback(self._tasks.discard)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())


class _Outcome(Generic[T]):
    """What becomes of a coroutine that another thread waits for.

    A future of concurrent.futures would do; a bare lock takes a third of the time.
    """

    __slots__ = ("_done", "_error", "_value")

    def __init__(self) -> None:
        self._done = threading.Lock()
        self._done.acquire()
        self._error: BaseException | None = None
        self._value: T | None = None

    async def hold(self, coroutine: Coroutine[Any, Any, T]) -> None:
        """Run a coroutine, and keep what becomes of it."""
        try:
            self._value = await coroutine
        except BaseException as error:  # the thread that waits gets it, whatever it is
            self._error = error
        finally:
            self._done.release()

    def wait(self) -> T:
        """Return what the coroutine returned, or raise what it raised."""
        with self._done:
            if self._error is not None:
                raise self._error
            return cast("T", self._value)


def _new_loop() -> asyncio.AbstractEventLoop:
    with suppress(ImportError):  # there is none for Windows
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()
