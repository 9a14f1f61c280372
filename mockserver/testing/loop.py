"""The event loop that a mock lives in, run by whoever calls it.

To hand a call to a thread and to wait for its answer takes longer than answering. So whoever calls
runs the loop, for as long as the call takes. In between a thread looks after it: it sleeps while
there is nothing to do, wakes up when a timer runs out, and runs the loop for as long as sockets are
open. Who calls meanwhile hands the call to whoever runs it.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import threading
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
#: Seconds by which a timer may be late, so that the thread is not woken for each that is moved.
_LATE = 0.001
_NEVER = threading.TIMEOUT_MAX
#: Seconds that a call waits for the thread, which is mostly done in less.
_BRIEF = 0.001
#: Takes the seconds until the next timer (0: something is ready, None: there is no timer), and
#: returns for how long sockets are waited for.
Look = Callable[[float | None], float | None]
#: Not even a look at the sockets, which is a system call.
_NOT_AT_ALL = -1.0


class LoopThread:
    """An event loop, and the thread that runs it while nobody calls, until it is closed."""

    def __init__(self) -> None:
        """Start the thread. It does not keep the program from ending."""
        self._selector = _Selector()
        self._stirred = threading.Event()
        self._loop = _Loop(self._selector, self._stirred.set)
        self._own = len(self._selector.get_map())  # what wakes the loop up, and no socket of others
        self._turn = threading.Lock()  # held by whoever runs the loop
        self._is_brief = False  # whether that is the thread, which waits for no socket
        self._due = _NEVER  # when the thread wakes up by itself, by the monotonic clock
        self._process = os.getpid()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._thread = threading.Thread(target=self._look_after, name="mockserver", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], *, in_thread: bool = False) -> T:
        """Run a coroutine to its end, and return what it returns or raise what it raises.

        Args:
            coroutine: what is to be done.
            in_thread: whether the thread has to do it, for what behaves differently in the main
                thread.

        Raises:
            RuntimeError: the loop is closed, or lives in the process that this one was forked from.
        """
        if self._loop.is_closed() or os.getpid() != self._process:
            coroutine.close()
            where = "ended" if self._loop.is_closed() else "runs in the process that forked this"
            raise RuntimeError(f"the mock {where}; start one here: mockserver.running()")
        outcome: _Outcome[T] = _Outcome()
        if in_thread or _runs_a_loop() or not self._take_turn():
            self._loop.call_soon_threadsafe(self._start, outcome.hold(coroutine))
        else:
            self._run_here(outcome, coroutine)
        return outcome.wait()

    def close(self) -> None:
        """End what still runs in the loop, and the thread."""
        if self._loop.is_closed() or os.getpid() != self._process:
            return
        self._is_closing = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)  # a loop does not hold its tasks
        task.add_done_callback(self._tasks.discard)

    def _take_turn(self) -> bool:
        """Take the turn unless somebody has it who keeps it; tell whether that was so."""
        turn = self._turn
        return turn.acquire(blocking=False) or (self._is_brief and turn.acquire(timeout=_BRIEF))

    def _run_here(self, outcome: _Outcome[T], coroutine: Coroutine[Any, Any, T]) -> None:
        """Run the loop until a coroutine has ended; it is this thread's turn, which it gives up."""
        next_timer: float | None = 0
        is_first = True

        def look(timeout: float | None) -> float | None:
            nonlocal next_timer, is_first
            if is_first:
                is_first = False
                return _NOT_AT_ALL
            if not outcome.is_known:
                return timeout
            next_timer = timeout
            self._loop.stop()
            return _NOT_AT_ALL

        try:
            self._start(outcome.hold(coroutine))
            self._selector.look = look
            self._loop.run_forever()
        finally:
            if len(self._selector.get_map()) > self._own:
                next_timer = 0
            is_earlier = self._is_earlier(next_timer)
            self._turn.release()
            if is_earlier:
                self._stirred.set()

    def _is_earlier(self, next_timer: float | None) -> bool:
        """Note when the loop has to run again; tell whether that is before the thread wakes up."""
        if next_timer is None:
            return False
        due = time.monotonic() + next_timer
        if due >= self._due - _LATE:
            return False
        self._due = due
        return True

    def _look_after(self) -> None:
        """Run the loop whenever it has something to do and nobody else runs it: the thread."""
        asyncio.set_event_loop(self._loop)
        while not self._is_closing:
            self._stirred.wait(min(max(self._due - time.monotonic(), 0), _NEVER))
            self._stirred.clear()
            with self._turn:
                self._due, self._is_brief = _NEVER, True
                self._selector.look = self._rest
                self._loop.run_forever()
                self._is_brief = False
        with self._turn:
            self._selector.look = _wait
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())

    def _rest(self, timeout: float | None) -> float | None:
        """End the thread's turn when there is nothing to do but to wait for a timer."""
        if timeout == 0:
            return timeout
        if len(self._selector.get_map()) > self._own:
            self._is_brief = False
            return timeout
        self._is_earlier(timeout)
        self._loop.stop()
        return 0


class _Selector(selectors.DefaultSelector):
    """Waits for sockets; whoever runs the loop looks before each wait."""

    def __init__(self) -> None:
        super().__init__()
        self.look: Look = _wait

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        timeout = self.look(timeout)
        return [] if timeout is _NOT_AT_ALL else super().select(timeout)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that tells when another thread put something into it."""

    def __init__(self, selector: selectors.BaseSelector, stirred: Callable[[], None]) -> None:
        super().__init__(selector)
        self._on_stirred = stirred

    def call_soon_threadsafe(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        self._on_stirred()
        return handle


class _Outcome(Generic[T]):
    """What becomes of a coroutine that a thread waits for.

    A future of concurrent.futures would do; a bare lock takes a third of the time.
    """

    __slots__ = ("_done", "_error", "_value", "is_known")

    def __init__(self) -> None:
        self._done = threading.Lock()
        self._done.acquire()
        self._error: BaseException | None = None
        self._value: T | None = None
        self.is_known = False

    async def hold(self, coroutine: Coroutine[Any, Any, T]) -> None:
        """Run a coroutine, and keep what becomes of it."""
        try:
            self._value = await coroutine
        except BaseException as error:  # the thread that waits gets it, whatever it is
            self._error = error
        finally:
            self.is_known = True
            self._done.release()

    def wait(self) -> T:
        """Return what the coroutine returned, or raise what it raised."""
        with self._done:
            if self._error is not None:
                raise self._error
            return cast("T", self._value)


def _runs_a_loop() -> bool:
    """Tell whether this thread runs an event loop already: a thread runs one at a time."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _wait(timeout: float | None) -> float | None:
    """Look at nothing."""
    return timeout
