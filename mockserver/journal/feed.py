"""Tells listeners what happens in a sandbox, as it happens.

Nobody waits for a listener: what one does not take in time is dropped, and it is told how much.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from mockserver.state.sandbox import Sandbox

MOST_WAITING = 1_000  # events of one listener
HEARTBEAT = b": still here\n\n"  # a comment. Source: HTML Living Standard, 9.2.5


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    name: str  # "request", "delivery", "clock", "state" or "dropped"
    data: Callable[[], Any]  # JSON, made when it is sent
    identifier: int | None = None  # of a request its sequence number, which a listener resumes at

    def encode(self) -> bytes:
        """Return the event as server-sent events are written."""
        head = f"id: {self.identifier}\n" if self.identifier is not None else ""
        return f"{head}event: {self.name}\ndata: ".encode() + orjson.dumps(self.data()) + b"\n\n"


@dataclass(slots=True, eq=False)
class Listener:
    """Someone who listens to one sandbox."""

    sandbox: str
    waiting: deque[Event] = field(default_factory=deque)
    dropped: int = 0
    ended: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: Event) -> None:
        """Put an event into the queue; when that is full, the oldest one is dropped."""
        if len(self.waiting) >= MOST_WAITING:
            self.waiting.popleft()
            self.dropped += 1
        self.waiting.append(event)
        self.news.set()

    def end(self) -> None:
        """Have nothing more come, after what waits."""
        self.ended = True
        self.news.set()

    def take(self) -> list[Event]:
        """Return what waits, and before it how much was dropped."""
        taken = list(self.waiting)
        self.waiting.clear()
        self.news.clear()
        if self.dropped:
            taken.insert(0, dropped(self.dropped))
            self.dropped = 0
        return taken


class Feed:
    """The listeners of all sandboxes."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self.listeners: set[Listener] = set()
        self.closed = False

    def tell(self, sandbox: Sandbox, event: Event) -> None:
        """Tell everybody who listens to a sandbox."""
        for listener in self.listeners:
            if listener.sandbox == sandbox.name:
                listener.tell(event)

    def close(self) -> None:
        """End every listener, and whoever comes after this."""
        self.closed = True
        for listener in self.listeners:
            listener.end()

    async def stream(
        self,
        sandbox: Sandbox,
        *,
        first: Callable[[], list[Event]],
        heartbeat: float,
        look: Callable[[], None],
    ) -> AsyncGenerator[bytes, None]:
        """Yield what happens in a sandbox, as server-sent events, until somebody ends it.

        Args:
            sandbox: the world.
            first: returns what is told before anything that happens from then on.
            heartbeat: seconds of silence after which a comment keeps the connection alive.
            look: called before each heartbeat, to tell what happened without a request.
        """
        listener = Listener(sandbox.name, ended=self.closed)
        self.listeners.add(listener)
        try:
            missed = first()
            yield HEARTBEAT  # the client learns at once that it is heard
            for event in missed:
                yield event.encode()
            async for part in _heard(listener, heartbeat, look):
                yield part
        finally:
            self.listeners.discard(listener)


async def _heard(
    listener: Listener, heartbeat: float, look: Callable[[], None]
) -> AsyncGenerator[bytes, None]:
    while True:
        for event in listener.take():
            yield event.encode()
        if listener.ended:
            return
        try:
            await asyncio.wait_for(listener.news.wait(), heartbeat)
        except TimeoutError:
            look()
            if not listener.waiting:
                yield HEARTBEAT


def dropped(number: int) -> Event:
    """Return the event that tells how many were dropped."""
    return Event("dropped", lambda: {"events": number})
