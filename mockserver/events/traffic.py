"""Lets deliveries give way to calls: one event loop does both, and whoever calls is waiting.

This is about real time only: what is delivered, and in which order, is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mockserver.simulation.clock import elapsed

#: Seconds without a call after which nobody seems to be calling.
QUIET = 0.003
#: Seconds for which deliveries go on before they give way again: a call waits about as long.
SLICE = 0.00015


@dataclass(slots=True, eq=False)
class _Waiting:
    """A delivery that gives way."""

    deadline: float
    go: asyncio.Future[None]


class Traffic:
    """The calls of a mock, as its deliveries see them."""

    def __init__(self, clock: Callable[[], float] = elapsed) -> None:
        """Start without a call; `clock` is the machine's monotonic one, in seconds."""
        self.clock = clock
        self._latest = clock() - QUIET
        self._waiting: list[_Waiting] = []
        self._hurried = 0
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None

    def noted(self) -> None:
        """Note that a call came, or was answered."""
        self._latest = self.clock()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let no delivery give way while the block runs: somebody waits for them."""
        self._hurried += 1
        try:
            for waiting in self._waiting:
                _release(waiting)
            yield
        finally:
            self._hurried -= 1

    async def gap(self, deadline: float) -> None:
        """Return when nobody seems to be calling; whoever waits had a turn by then.

        Args:
            deadline: when it has waited long enough, by the machine's monotonic clock.
        """
        await asyncio.sleep(0)
        if self._hurried or self._is_quiet() or self.clock() >= deadline:
            return
        loop = asyncio.get_running_loop()
        waiting = _Waiting(deadline, loop.create_future())
        self._waiting.append(waiting)
        self._arm(loop)
        try:
            await waiting.go
        finally:
            self._waiting.remove(waiting)

    def _is_quiet(self) -> bool:
        return self.clock() - self._latest >= QUIET

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None or self._timer[0] is not loop:
            delay = self._latest + QUIET - self.clock()
            self._timer = loop, loop.call_later(max(delay, 0), self._look)

    def _look(self) -> None:
        """Let go who waited long enough, and when it is quiet the next one; then look again."""
        self._timer = None
        now, left = self.clock(), []
        for waiting in self._waiting:
            if waiting.deadline <= now:
                _release(waiting)
            elif not waiting.go.done():
                left.append(waiting)
        if left and self._is_quiet():
            _release(left.pop(0))
        if left:
            self._arm(asyncio.get_running_loop())


def _release(waiting: _Waiting) -> None:
    if not waiting.go.done():
        waiting.go.set_result(None)
