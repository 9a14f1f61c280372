"""A transaction: reads and writes over one root, kept or dropped as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from mockserver.state.agenda import Job
from mockserver.state.outbox import Outgoing
from mockserver.state.root import Root
from mockserver.state.tables import Key, Record, Table


class Transaction(Protocol):
    """What rules may do to the state. Nothing else reaches the tables."""

    def get(self, table: str, identifier: str) -> Record | None:
        """Return the record with this id, or None."""

    def find(self, table: str, index: str, key: Key) -> list[Record]:
        """Return the records under `key` of a declared index, oldest first."""

    def first(self, table: str, index: str, key: Key) -> Record | None:
        """Return the oldest record under `key`, or None."""

    def size(self, table: str, index: str, key: Key) -> int:
        """Return how many records are under `key`."""

    def all(self, table: str) -> Iterator[Record]:
        """Yield every record of the table, oldest first."""

    def page(
        self, table: str, index: str, key: Key, *, before: int | None, limit: int
    ) -> tuple[list[Record], int | None]:
        """Return up to `limit` records under `key`, newest first, and where the next page begins.

        `before` is what an earlier page returned, or None for the first; None comes back when
        nothing is left. Records that are added meanwhile do not move the pages.
        """

    def put(self, table: str, identifier: str, record: Record) -> None:
        """Add or replace a record. The record must not be changed afterwards."""

    def delete(self, table: str, identifier: str) -> None:
        """Remove a record; an absent one is no error."""

    def count(self, stream: str) -> int:
        """Return the next number of a counter, starting at 0."""

    def send(self, outgoing: Outgoing) -> None:
        """Let something leave when this transaction is kept, after what was sent before."""

    def schedule(self, kind: str, due: int, payload: Mapping[str, Any]) -> Job:
        """Let a job be done at a moment: microseconds since 1970-01-01 UTC."""

    def unschedule(self, identifier: str) -> None:
        """Take a job back; an absent one is no error."""

    def control(self, name: str) -> Any:
        """Return what is arranged under a name (progressions, drills), or None."""

    def set_control(self, name: str, value: Any) -> None:
        """Arrange something: JSON types. None takes it away."""


class Write(NamedTuple):
    """One line of the write log: what a record was and what it became (None: absent)."""

    table: str
    identifier: str
    before: Record | None
    after: Record | None


class RootTransaction:
    """A transaction over an immutable root."""

    __slots__ = ("_agenda", "_controls", "_counters", "_root", "_tables", "outgoing", "writes")

    def __init__(self, root: Root) -> None:
        """Start from `root`, which stays as it is."""
        self._root = root
        self._tables = root.tables
        self._counters = root.counters
        self._agenda = root.agenda
        self._controls = root.controls
        self.writes: list[Write] = []
        self.outgoing: list[Outgoing] = []

    def get(self, table: str, identifier: str) -> Record | None:
        """Return the record with this id, or None."""
        return self._tables[table].get(identifier)

    def find(self, table: str, index: str, key: Key) -> list[Record]:
        """Return the records under `key` of a declared index, oldest first."""
        found = self._tables[table]
        return [found[identifier] for identifier in found.found(index, key)]

    def first(self, table: str, index: str, key: Key) -> Record | None:
        """Return the oldest record under `key`, or None."""
        return self._tables[table].first(index, key)

    def size(self, table: str, index: str, key: Key) -> int:
        """Return how many records are under `key`."""
        return len(self._tables[table].found(index, key))

    def all(self, table: str) -> Iterator[Record]:
        """Yield every record of the table, oldest first."""
        return iter(self._tables[table])

    def page(
        self, table: str, index: str, key: Key, *, before: int | None, limit: int
    ) -> tuple[list[Record], int | None]:
        """Return up to `limit` records under `key`, newest first, and where the next page is."""
        found = self._tables[table]
        entries = found.found(index, key).below(before, limit + 1)
        records = [found[identifier] for _, identifier in entries[:limit]]
        return records, entries[limit - 1][0] if len(entries) > limit else None

    def put(self, table: str, identifier: str, record: Record) -> None:
        """Add or replace a record."""
        old = self._tables[table]
        self.writes.append(Write(table, identifier, old.get(identifier), record))
        self._set(table, old.put(identifier, record))

    def delete(self, table: str, identifier: str) -> None:
        """Remove a record; an absent one is no error."""
        old = self._tables[table]
        before = old.get(identifier)
        if before is not None:
            self.writes.append(Write(table, identifier, before, None))
            self._set(table, old.delete(identifier))

    def count(self, stream: str) -> int:
        """Return the next number of a counter, starting at 0."""
        number = self._counters.get(stream, 0)
        self._counters = self._counters.set(stream, number + 1)
        return number

    def send(self, outgoing: Outgoing) -> None:
        """Let something leave when this transaction is kept, after what was sent before."""
        self.outgoing.append(outgoing)

    def schedule(self, kind: str, due: int, payload: Mapping[str, Any]) -> Job:
        """Let a job be done at a moment: microseconds since 1970-01-01 UTC."""
        self._agenda, job = self._agenda.add(kind, due, payload)
        return job

    def unschedule(self, identifier: str) -> None:
        """Take a job back; an absent one is no error."""
        self._agenda = self._agenda.remove(identifier)

    def control(self, name: str) -> Any:
        """Return what is arranged under a name (progressions, drills), or None."""
        return self._controls.get(name)

    def set_control(self, name: str, value: Any) -> None:
        """Arrange something: JSON types. None takes it away."""
        controls = self._controls
        if value is not None:
            self._controls = controls.set(name, value)
        elif name in controls:
            self._controls = controls.delete(name)

    def committed(self) -> Root:
        """Return the root with everything this transaction did; nothing has left it yet."""
        root = self._root
        if (
            self._tables is root.tables
            and self._counters is root.counters
            and self._agenda is root.agenda
            and self._controls is root.controls
        ):
            return root
        return Root(
            self._tables,
            self._counters,
            root.clock,
            root.requests,
            self._agenda,
            root.outbox,
            self._controls,
        )

    def _set(self, name: str, table: Table) -> None:
        self._tables = self._tables.set(name, table)
