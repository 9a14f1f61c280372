"""From the start of a server to its end, jobs fall due; then deliveries end."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from mockserver.app import Mock
from mockserver.events.dispatcher import Kept
from mockserver.simulation.clock import SECOND
from mockserver.state.root import ClockState
from tests.conftest import make_mock
from tests.noting import notes, schedule, set_up


class Closable(Kept):
    def __init__(self) -> None:
        super().__init__()
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


async def live(mock: Mock, *, while_up: Any) -> list[str]:
    """Start a server, do something, and end it; return what it answered."""
    sent: list[str] = []
    asked = ["lifespan.startup", "lifespan.shutdown"]

    async def receive() -> dict[str, Any]:
        if len(asked) == 1:
            while_up()
        return {"type": asked.pop(0)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    await mock.asgi({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    return sent


def test_what_is_due_is_done_at_the_start_and_deliveries_end_with_the_server():
    dispatcher = Closable()
    mock = make_mock(dispatcher=dispatcher)
    set_up(mock)
    schedule(mock, 5, "due")
    root = mock.sandbox.root
    mock.sandbox.root = root.with_clock(ClockState("frozen", root.clock.instant + 9 * SECOND))
    up: list[Any] = []

    sent = asyncio.run(live(mock, while_up=lambda: up.append((notes(mock), dispatcher.closed))))

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert [(name, closed) for [(name, _)], closed in up] == [("due", 0)]
    assert dispatcher.closed == 1
