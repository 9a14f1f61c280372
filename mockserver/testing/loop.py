"""The thread that a mock lives in: one event loop. Who calls runs the call, where it can.

To hand a call to a thread and to wait for its answer takes longer than to answer. So a call is
begun in the thread that makes it, in turn with what the event loop does: whoever has the turn acts,
and the loop gives it away while it waits for sockets and timers. What waits for something goes on
in the loop.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import threading
from asyncio import events
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from functools import partial
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

from mockserver.stepping import Ended, begin

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
#: Seconds for which those who act a lot let others go first who wait for their turn.
_POLITE = 0.00005
#: Signals whose handlers tests and their runners set, where the system has them.
_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGALRM", "SIGHUP", "SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
)
#: What does no more than to end the program, or to raise KeyboardInterrupt.
_HARMLESS = (signal.SIG_DFL, signal.SIG_IGN, signal.default_int_handler, None)
_ANOTHER = "start one here: mockserver.running()"
#: Modules whose handlers do no more either: they end a test by what is no Exception.
_HARMLESS_MODULES = ("pytest_timeout",)


class LoopThread:
    """An event loop that runs in a thread of its own until it is closed."""

    def __init__(self) -> None:
        """Start the thread. It does not keep the program from ending."""
        # A block takes such a lock and gives it back in one step each: no signal handler that
        # raises comes between.
        self._turn = threading.RLock()
        self._wanting: set[int] = set()  # threads that wait for their turn, or have it
        self._acting: int | None = None  # the thread that is in the middle of a call
        self._selector = _Selector(self._turn, self._wanting)
        self._loop = _Loop(self._selector)
        self._process = os.getpid()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="mockserver", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the thread to its end; return what it returns or raise what it raises.

        Raises:
            RuntimeError: the loop is closed, or lives in the process that this one was forked from.
        """
        outcome: _Outcome[T] = _Outcome()
        self._refuse_elsewhere(coroutine)
        with self._turn:  # so that nothing comes behind what ends the loop
            self._refuse_at_the_end(coroutine)
            self._let_start(coroutine, outcome)
        return outcome.wait()

    def begin(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Do the same, but begin in the thread that calls; it must not ask for its task at first.

        Raises:
            RuntimeError: as above.
        """
        me = threading.get_ident()
        # asyncio's debug mode watches from which thread the loop is called.
        if self._loop.get_debug() or _may_be_interrupted(me):
            return self.run(coroutine)
        self._refuse_elsewhere(coroutine)
        context = copy_context()
        before = events._get_running_loop()  # who calls may run a loop of its own
        try:
            self._wanting.add(me)
            with self._turn:
                self._refuse_at_the_end(coroutine)
                try:
                    self._acting = me
                    events._set_running_loop(self._loop)
                    begun = begin(coroutine, context)
                finally:
                    self._acting = None  # no handler of a signal runs before the next call
                    events._set_running_loop(before)
                    if self._selector.is_stirred:
                        self._loop.call_soon_threadsafe(_nothing)
                if isinstance(begun, Ended):
                    return begun.value
                outcome: _Outcome[T] = _Outcome()
                self._let_start(begun, outcome, context)
        finally:
            self._wanting.discard(me)
            if self._selector.is_wanting:
                self._selector.pause()
        return outcome.wait()

    def close(self) -> None:
        """End what still runs in the loop, and the thread."""
        if os.getpid() != self._process:
            return
        with self._turn:
            if self._is_closing:
                return
            self._is_closing = True
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _let_start(
        self,
        coroutine: Coroutine[Any, Any, T],
        outcome: _Outcome[T],
        context: Context | None = None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._start, coroutine, outcome, context)

    def _refuse_elsewhere(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        if os.getpid() != self._process:  # the turn may be held by a thread that is not here
            _refuse(coroutine, f"runs in the process that forked this; {_ANOTHER}")
        if self._acting == threading.get_ident():  # a __del__, say: to wait would be forever
            _refuse(coroutine, "is in the middle of a call of this thread; call it afterwards")

    def _refuse_at_the_end(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        if self._is_closing:
            _refuse(coroutine, f"ended; {_ANOTHER}")

    def _start(
        self, coroutine: Coroutine[Any, Any, T], outcome: _Outcome[T], context: Context | None
    ) -> None:
        task = self._loop.create_task(outcome.hold(coroutine), context=context)
        self._tasks.add(task)  # a loop does not hold its tasks
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(partial(outcome.tell, coroutine))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with self._turn:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())


class _Selector(selectors.DefaultSelector):
    """Waits for sockets and timers; whoever else wants has the turn meanwhile."""

    def __init__(self, turn: Any, wanting: set[int]) -> None:
        super().__init__()
        self._turn = turn
        self._wanting = wanting
        # Nobody gives it back: to wait for it is a pause that may be broken off anywhere.
        self._never = threading.Lock()
        self._never.acquire()
        self.is_wanting = False  # whether the loop waits for its turn
        #: Whether something was put into the loop that this wait does not know of.
        self.is_stirred = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.is_stirred = False
        self._turn.release()
        try:
            if self._wanting:
                self.pause()
            return super().select(timeout)
        finally:
            self.is_wanting = True
            self._turn.acquire()
            self.is_wanting = False

    def pause(self) -> None:
        """Let others have their turn first."""
        self._never.acquire(timeout=_POLITE)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that tells its selector when something is put into it."""

    def __init__(self, selector: _Selector) -> None:
        self._stirs = selector
        super().__init__(selector)

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        self._stirs.is_stirred = True
        return super().call_soon(callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        self._stirs.is_stirred = True
        return super().call_at(when, callback, *args, context=context)


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

    def tell(self, coroutine: Coroutine[Any, Any, T], task: asyncio.Task[None]) -> None:
        """Let the thread go on: the task has ended, also one that was cancelled before it began."""
        if task.cancelled():
            coroutine.close()
            self._error = asyncio.CancelledError()
        self._done.release()

    def wait(self) -> T:
        """Return what the coroutine returned, or raise what it raised."""
        with self._done:
            if self._error is not None:
                raise self._error
            return cast("T", self._value)


def _may_be_interrupted(thread: int) -> bool:
    """Tell whether a handler of a signal may run in the middle of what a thread does.

    Only the main thread runs them. One could call the mock again, or raise what the application
    takes for a mistake of its own.
    """
    if thread != threading.main_thread().ident:
        return False
    handlers = [signal.getsignal(one) for one in _SIGNALS]
    return any(
        one not in _HARMLESS and getattr(one, "__module__", "") not in _HARMLESS_MODULES
        for one in handlers
    )


def _refuse(coroutine: Coroutine[Any, Any, Any], why: str) -> None:
    coroutine.close()
    raise RuntimeError(f"the mock {why}")


def _nothing() -> None:
    """Wake the loop up: that is all."""
