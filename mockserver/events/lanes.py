"""Keeps the order: what goes to one destination goes one after another.

A lane survives the event loop that it is worked off in: what was not finished when a loop ended is
taken up again in the next one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from mockserver.events.sending import Connection, Network
from mockserver.events.traffic import SLICE, Traffic, Window
from mockserver.simulation.stopwatch import elapsed


class Waits(Protocol):
    """Something that waits for its turn."""

    @property
    def since(self) -> float:
        """When it began to wait, by the machine's monotonic clock."""


Turn = TypeVar("Turn", bound=Waits)
#: Works off one turn. What it raises is a defect: the worker of the lane ends with it.
Act = Callable[[Turn, Connection], Awaitable[None]]
#: Destinations that are sent to at once.
MOST_AT_ONCE = 32


@dataclass(slots=True)
class Lane(Generic[Turn]):
    """What waits for one destination, in order; the first may be under way."""

    waiting: deque[Turn] = field(default_factory=deque)
    worker: asyncio.Task[None] | None = None

    def is_worked_off(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Tell whether somebody works in this loop."""
        worker = self.worker
        return worker is not None and not worker.done() and worker.get_loop() is loop


@dataclass(slots=True)
class _Gate:
    """Lets so many through at once, in one event loop."""

    loop: asyncio.AbstractEventLoop
    places: asyncio.Semaphore


class Lanes(Generic[Turn]):
    """The lanes of one sandbox, by destination."""

    def __init__(
        self,
        network: Network,
        act: Act[Turn],
        *,
        traffic: Traffic,
        window: Callable[[str, float], Window],
    ) -> None:
        """Start with nothing to do.

        Args:
            network: how to connect.
            act: works off a turn.
            traffic: what that gives way to.
            window: tells when it goes on, by destination and by when it began to wait.
        """
        self._network = network
        self._traffic = traffic
        self._window = window
        self._act = act
        self._lanes: dict[str, Lane[Turn]] = {}
        self._gate: _Gate | None = None

    def __len__(self) -> int:
        return sum(len(lane.waiting) for lane in self._lanes.values())

    def add(self, destination_id: str, turn: Turn, *, first: bool = False) -> None:
        """Let a turn wait behind the others; with `first`, right behind the one under way."""
        waiting = self._lanes.setdefault(destination_id, Lane()).waiting
        if first:
            waiting.insert(1, turn)
        else:
            waiting.append(turn)

    def start(self) -> list[asyncio.Task[None]]:
        """See that every lane is worked off; return who does. Needs a running event loop."""
        loop = asyncio.get_running_loop()
        for key, lane in list(self._lanes.items()):
            if lane.waiting and not lane.is_worked_off(loop):
                lane.worker = loop.create_task(self._work_off(key, lane))
        lanes = self._lanes.values()
        return [lane.worker for lane in lanes if lane.worker and lane.is_worked_off(loop)]

    async def finished(self) -> None:
        """Return when nothing waits and nothing is under way."""
        with self._traffic.hurried():
            while workers := self.start():
                await asyncio.wait(workers)

    def cancel(self) -> Iterable[Turn]:
        """End what is under way, and return everything that will not be worked off."""
        left = [turn for lane in self._lanes.values() for turn in lane.waiting]
        for lane in self._lanes.values():
            lane.waiting.clear()
            if lane.worker is not None and not lane.worker.get_loop().is_closed():
                lane.worker.cancel()
        self._lanes.clear()
        return left

    async def close(self) -> None:
        """End what is under way, and wait until it has ended."""
        loop = asyncio.get_running_loop()
        lanes = self._lanes.values()
        workers = [lane.worker for lane in lanes if lane.worker and lane.is_worked_off(loop)]
        self.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work_off(self, key: str, lane: Lane[Turn]) -> None:
        connection = Connection(self._network)
        try:
            while lane.waiting:
                await self._traffic.gap(self._window(key, lane.waiting[0].since))
                async with self._places():
                    await self._work_for_a_slice(lane, connection)
                if not lane.waiting:
                    await connection.close()  # meanwhile more may come
        finally:
            if not lane.waiting and self._lanes.get(key) is lane:
                del self._lanes[key]
            await connection.close()

    async def _work_for_a_slice(self, lane: Lane[Turn], connection: Connection) -> None:
        end = elapsed() + SLICE
        while lane.waiting:
            await self._act(lane.waiting[0], connection)
            if lane.waiting:  # unless everything was cancelled
                lane.waiting.popleft()
            if elapsed() >= end:
                return

    def _places(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if self._gate is None or self._gate.loop is not loop:
            self._gate = _Gate(loop, asyncio.Semaphore(MOST_AT_ONCE))
        return self._gate.places
