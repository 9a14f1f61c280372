"""The whole state of one sandbox, as one immutable value.

A snapshot is a reference to a root; restoring is putting that reference back. Nothing that a
request can change lives anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

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


@dataclass(slots=True)  # each request makes one: frozen would take five times as long
class Root:
    """Tables, counters, clock, requests counted, what falls due, what leaves, what is arranged.

    Nobody else assigns to a field, which the type checker sees to.
    """

    tables: Final[Map[str, Table]] = field(default_factory=Map)
    counters: Final[Map[str, int]] = field(default_factory=Map)
    clock: Final[ClockState] = ClockState()
    requests: Final[int] = 0
    agenda: Final[Agenda] = field(default_factory=Agenda)
    outbox: Final[tuple[Message, ...]] = ()  # committed, not handed out yet; in order of commits
    controls: Final[Map[str, Any]] = field(default_factory=Map)  # progressions, drills: by name
    #: The same object in every root that says the same, but for how many requests were counted.
    #: Whoever reads nothing else may remember what it read for as long as the mark is this one.
    mark: object = field(init=False, repr=False, compare=False, default_factory=object)

    def numbered(self) -> Root:
        """Return a root that has counted one request more."""
        root = Root(
            self.tables,
            self.counters,
            self.clock,
            self.requests + 1,
            self.agenda,
            self.outbox,
            self.controls,
        )
        root.mark = self.mark
        return root

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
