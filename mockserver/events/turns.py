"""One attempt of a delivery, from the moment it waits for its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from mockserver.simulation import stopwatch
from mockserver.state.outbox import Message
from mockserver.state.sandbox import Sandbox

GONE = "the sandbox was put back to an earlier state"


@dataclass(slots=True)
class Turn:
    """One attempt that waits for its turn."""

    sandbox: Sandbox
    message: Message
    trigger: str
    done: asyncio.Event | None = None  # set when it is over, where somebody waits for it
    since: float = field(default_factory=stopwatch.elapsed)


def drop(turns: Iterable[Turn]) -> None:
    """Note that these will not be made; nobody waits for them any more."""
    for turn in turns:
        turn.sandbox.drop("message", turn.message.id, turn.message.event_type, GONE)
        if turn.done is not None:
            turn.done.set()
