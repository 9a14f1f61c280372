"""One immutable table: records by id, in order of creation, with declared indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from immutables import Map

from mockserver.state.ordered import Entry, Ordered

#: A record holds JSON types only: dict, list, str, int, float, bool, None.
Record = Mapping[str, Any]
Key = tuple[Any, ...]
_NOTHING: Final = Ordered()


@dataclass(frozen=True, slots=True)
class Index:
    """A declared index: the fields whose values make the key, in order."""

    name: str
    fields: tuple[str, ...]

    def key(self, record: Record) -> Key:
        """Return the key under which `record` is found; absent fields count as None."""
        return tuple([record.get(name) for name in self.fields])


@dataclass(frozen=True, slots=True)
class Schema:
    """What a table is: its name and its indexes."""

    name: str
    indexes: tuple[Index, ...] = ()


@dataclass(slots=True)  # each write makes one: frozen would take five times as long
class Table:
    """The records of one schema. Every change returns a new table that shares the rest.

    Nothing assigns to a field, which the type checker sees to.

    An entry of `order` is an object that stands for one version of its record: tables that share
    the entry hold the same record there.
    """

    schema: Final[Schema]
    rows: Final[Map[str, Record]] = field(default_factory=Map)
    positions: Final[Map[str, int]] = field(default_factory=Map)
    order: Final[Ordered] = field(default_factory=Ordered)
    indexes: Final[Map[str, Map[Key, Ordered]]] = field(default_factory=Map)
    next_position: Final[int] = 0

    @classmethod
    def of(
        cls, schema: Schema, entries: Sequence[tuple[int, str, Record]], next_position: int
    ) -> Table:
        """Return the table of some records at once: with position and id, in order of position.

        Raises:
            ValueError: they are not in order.
        """
        indexes: dict[str, Map[Key, Ordered]] = {}
        for index in schema.indexes if entries else ():
            found: dict[Key, list[Entry]] = {}
            for position, identifier, record in entries:
                found.setdefault(index.key(record), []).append((position, identifier))
            indexes[index.name] = Map({key: Ordered.of(some) for key, some in found.items()})
        return cls(
            schema,
            Map({identifier: record for _, identifier, record in entries}),
            Map({identifier: position for position, identifier, _ in entries}),
            Ordered.of([(position, identifier) for position, identifier, _ in entries]),
            Map(indexes),
            next_position,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Record]:
        rows = self.rows
        return (rows[identifier] for identifier in self.order)

    def get(self, identifier: str) -> Record | None:
        """Return the record, or None."""
        return self.rows.get(identifier)

    def found(self, index: str, key: Key) -> Ordered:
        """Return the ids under `key`, in order of creation.

        Raises:
            KeyError: no such index is declared.
        """
        entries = self.indexes.get(index)
        if entries is None:
            if all(index != declared.name for declared in self.schema.indexes):
                raise KeyError(f"{self.schema.name} has no index {index}")
            return _NOTHING
        return entries.get(key, _NOTHING)

    def put(self, identifier: str, record: Record) -> Table:
        """Return a table with `record` added, or in place of the one with this id."""
        old = self.rows.get(identifier)
        fresh = old is None
        position = self.next_position if fresh else self.positions[identifier]
        order = self.order
        return Table(
            self.schema,
            self.rows.set(identifier, record),
            self.positions.set(identifier, position) if fresh else self.positions,
            order.add(position, identifier) if fresh else order.renew(position, identifier),
            self._reindexed(position, identifier, old, record),
            self.next_position + 1 if fresh else self.next_position,
        )

    def delete(self, identifier: str) -> Table:
        """Return a table without the record; an absent id is no error."""
        old = self.rows.get(identifier)
        if old is None:
            return self
        position = self.positions[identifier]
        return Table(
            self.schema,
            self.rows.delete(identifier),
            self.positions.delete(identifier),
            self.order.remove(position, identifier),
            self._reindexed(position, identifier, old, None),
            self.next_position,
        )

    def _reindexed(
        self, position: int, identifier: str, old: Record | None, new: Record | None
    ) -> Map[str, Map[Key, Ordered]]:
        indexes = self.indexes
        for index in self.schema.indexes:
            before = index.key(old) if old is not None else None
            after = index.key(new) if new is not None else None
            if before != after:
                entries = indexes.get(index.name, Map())
                entries = _moved(entries, position, identifier, before, after)
                indexes = indexes.set(index.name, entries)
        return indexes


def _moved(
    entries: Map[Key, Ordered],
    position: int,
    identifier: str,
    before: Key | None,
    after: Key | None,
) -> Map[Key, Ordered]:
    if before is not None:
        rest = entries[before].remove(position, identifier)
        entries = entries.set(before, rest) if rest else entries.delete(before)
    if after is not None:
        entries = entries.set(after, entries.get(after, Ordered()).add(position, identifier))
    return entries
