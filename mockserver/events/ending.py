"""The end of a server: what is under way is finished, for a while, and what is left is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from mockserver.events import retries
from mockserver.events.scheduler import Scheduler
from mockserver.state.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Left:
    """What a sandbox still had to deliver when the server ended."""

    sandbox: str
    unfinished: int  # under way, or waiting for their turn
    later: int  # waiting for their next attempt

    def __str__(self) -> str:
        parts = []
        if self.unfinished:
            parts.append(f"{self.unfinished} not sent")
        if self.later:
            parts.append(f"{self.later} waiting for another attempt")
        return f"deliveries left in sandbox {self.sandbox}: {', '.join(parts)}"


@dataclass(slots=True)
class Ending:
    """Ends a server. It runs in the event loop, but for `hurry`, which signals call."""

    scheduler: Scheduler
    seconds: float  # how long the end waits for deliveries
    #: Makes the server stop taking requests and end; None while none runs that could.
    stop: Callable[[], None] | None = None
    left: list[Left] = field(default_factory=list)  # known after `finish`
    _loop: asyncio.AbstractEventLoop | None = None
    _hurried: asyncio.Event = field(default_factory=asyncio.Event)

    def hurry(self) -> None:
        """Wait no longer; may be called from a signal handler or another thread."""
        if self._loop is None:
            self._hurried.set()
        else:
            self._loop.call_soon_threadsafe(self._hurried.set)

    def pending(self, sandboxes: Iterable[Sandbox]) -> int:
        """Return how many messages are under way or wait for their turn."""
        return sum(map(self.scheduler.dispatcher.pending, sandboxes))

    async def finish(self, sandboxes: Iterable[Sandbox]) -> None:
        """Wait until everything handed out is delivered or has failed, then end what is not."""
        self._loop = asyncio.get_running_loop()
        scheduler, worlds = self.scheduler, tuple(sandboxes)
        waits = [scheduler.dispatcher.settled(one, scheduler.now(one)) for one in worlds]
        settled: asyncio.Future[Any] = asyncio.gather(*waits)
        hurried: asyncio.Future[Any] = asyncio.ensure_future(self._hurried.wait())
        await asyncio.wait(
            {settled, hurried}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for waiting in (settled, hurried):
            waiting.cancel()
        await asyncio.gather(settled, hurried, return_exceptions=True)
        self.left = [left for one in worlds if (left := self._left(one))]
        await scheduler.close()

    def _left(self, sandbox: Sandbox) -> Left | None:
        unfinished = self.scheduler.dispatcher.pending(sandbox)
        later = sum(job.kind == retries.KIND for job in sandbox.root.agenda)
        return Left(sandbox.name, unfinished, later) if unfinished or later else None
