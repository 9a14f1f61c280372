"""Lets deliveries give way to calls: one event loop does both, and whoever calls is waiting.

This is about real time only: what is delivered, and in which order, is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mockserver.simulation.stopwatch import elapsed

#: Seconds without a call after which nobody seems to be calling.
QUIET = 0.003
#: Seconds for which deliveries go on before they give way again: a call waits about as long.
SLICE = 0.00015


@dataclass(frozen=True, slots=True)
class Window:
    """When a delivery may go on, by the machine's monotonic clock."""

    earliest: float  # not before that, unless somebody waits for it
    latest: float  # by then, whoever calls; not before `earliest`


@dataclass(slots=True, eq=False)
class _Waiting:
    """A delivery that gives way."""

    window: Window
    go: asyncio.Future[None]

    def due(self, quiet: float) -> float:
        """Return when it may go on, if it is quiet from a moment on."""
        return min(self.window.latest, max(self.window.earliest, quiet))


class Traffic:
    """The calls of a mock, as its deliveries see them."""

    def __init__(self, clock: Callable[[], float] = elapsed) -> None:
        """Start without a call; `clock` is the machine's monotonic one, in seconds."""
        self.clock = clock
        self._latest = clock() - QUIET
        self._waiting: list[_Waiting] = []
        self._hurried = 0
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle, float] | None = None

    def noted(self) -> None:
        """Note that a call came, or was answered."""
        self._latest = self.clock()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let no delivery give way while the block runs: somebody waits for them."""
        self._hurried += 1
        try:
            for waiting in self._alive():
                _release(waiting)
            yield
        finally:
            self._hurried -= 1

    async def gap(self, window: Window) -> None:
        """Return when a delivery may go on; whoever waits had a turn by then."""
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(window, loop.create_future())
        if self._hurried or waiting.due(self._quiet) <= self.clock():
            return
        self._waiting.append(waiting)
        self._arm(loop)
        try:
            await waiting.go
        finally:
            if waiting in self._waiting:  # not when its loop had ended, and others looked
                self._waiting.remove(waiting)

    def _alive(self) -> list[_Waiting]:
        """Return those that wait, without those whose event loop has ended before them."""
        self._waiting = [one for one in self._waiting if not one.go.get_loop().is_closed()]
        return self._waiting

    @property
    def _quiet(self) -> float:
        """From when on it is quiet, if nobody calls."""
        return self._latest + QUIET

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """See that somebody looks when the first of those that wait may go on."""
        first = min(one.due(self._quiet) for one in self._alive() if not one.go.done())
        if self._timer is not None:
            armed, timer, due = self._timer
            if armed is loop and due <= first:
                return
            timer.cancel()
        handle = loop.call_later(max(first - self.clock(), 0), self._look)
        self._timer = loop, handle, first

    def _look(self) -> None:
        """Let one go that may, and those that waited long enough; then look again."""
        self._timer = None
        now, free = self.clock(), True
        for one in self._alive():
            if not one.go.done() and one.due(self._quiet) <= now:
                if free or one.window.latest <= now:
                    _release(one)
                free = False
        if not all(one.go.done() for one in self._waiting):
            self._arm(asyncio.get_running_loop())


def _release(waiting: _Waiting) -> None:
    if not waiting.go.done():
        waiting.go.set_result(None)
