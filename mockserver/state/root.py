"""The whole state of one sandbox, as one immutable value.

A snapshot is a reference to a root; restoring is putting that reference back. Nothing that a
request can change lives anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from immutables import Map

from mockserver.state.agenda import Agenda
from mockserver.state.outbox import Message
from mockserver.state.tables import Schema, Table


@dataclass(frozen=True, slots=True)
class ClockState:
    """How this sandbox tells the time. Moments are microseconds since 1970-01-01 UTC."""

    mode: str = "real"  # "real", "frozen" or "offset"
    instant: int = 0  # the moment at which a frozen clock stands
    offset: int = 0  # how far an offset clock runs ahead of the real one, in microseconds


@dataclass(frozen=True, slots=True)
class Root:
    """Tables, counters, clock, requests counted, what falls due, what leaves, what is arranged."""

    tables: Map[str, Table] = field(default_factory=Map)
    counters: Map[str, int] = field(default_factory=Map)
    clock: ClockState = ClockState()
    requests: int = 0
    agenda: Agenda = field(default_factory=Agenda)
    outbox: tuple[Message, ...] = ()  # committed, not handed out yet; in the order of the commits
    controls: Map[str, Any] = field(default_factory=Map)  # progressions, drills: JSON by name

    def numbered(self) -> Root:
        """Return a root that has counted one request more."""
        return Root(
            self.tables,
            self.counters,
            self.clock,
            self.requests + 1,
            self.agenda,
            self.outbox,
            self.controls,
        )

    def with_clock(self, clock: ClockState) -> Root:
        """Return a root whose clock is `clock`."""
        return replace(self, clock=clock)

    def with_outbox(self, outbox: tuple[Message, ...]) -> Root:
        """Return a root with these messages left to hand out."""
        return replace(self, outbox=outbox)

    def without_job(self, identifier: str) -> Root:
        """Return a root whose agenda lacks a job."""
        return replace(self, agenda=self.agenda.remove(identifier))


def empty_root(schemas: Iterable[Schema], clock: ClockState | None = None) -> Root:
    """Return a root with an empty table per schema."""
    tables = Map({schema.name: Table(schema) for schema in schemas})
    return Root(tables=tables, clock=clock or ClockState())
