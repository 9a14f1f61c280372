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
#: Where a record stands in the order of its table, and the record.
Row = tuple[int, Record]
#: The entries under one key of an index: mostly one.
Found = Entry | Ordered
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
    #: Where the entries of each index stand, by its name.
    places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {index.name: place for place, index in enumerate(self.indexes)}
        object.__setattr__(self, "places", places)


@dataclass(slots=True)  # each write makes one: frozen would take five times as long
class Table:
    """The records of one schema. Every change returns a new table that shares the rest.

    Nothing assigns to a field, which the type checker sees to.

    An entry of `order` is an object that stands for one version of its record: tables that share
    the entry hold the same record there.
    """

    schema: Final[Schema]
    rows: Final[Map[str, Row]] = field(default_factory=Map)
    order: Final[Ordered] = field(default_factory=Ordered)
    #: What each index of the schema finds; none at all in a table that was always empty.
    indexes: Final[tuple[Map[Key, Found], ...]] = ()
    next_position: Final[int] = 0

    @classmethod
    def of(
        cls, schema: Schema, entries: Sequence[tuple[int, str, Record]], next_position: int
    ) -> Table:
        """Return the table of some records at once: with position and id, in order of position.

        Raises:
            ValueError: they are not in order.
        """
        indexes: list[Map[Key, Found]] = []
        for index in schema.indexes if entries else ():
            found: dict[Key, list[Entry]] = {}
            for position, identifier, record in entries:
                found.setdefault(index.key(record), []).append((position, identifier))
            indexes.append(Map({key: _together(some) for key, some in found.items()}))
        return cls(
            schema,
            Map({identifier: (position, record) for position, identifier, record in entries}),
            Ordered.of([(position, identifier) for position, identifier, _ in entries]),
            tuple(indexes),
            next_position,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Record]:
        rows = self.rows
        return (rows[identifier][1] for identifier in self.order)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self.rows

    def __getitem__(self, identifier: str) -> Record:
        return self.rows[identifier][1]

    def get(self, identifier: str) -> Record | None:
        """Return the record, or None."""
        row = self.rows.get(identifier)
        return None if row is None else row[1]

    def position(self, identifier: str) -> int:
        """Return where a record stands in `order`.

        Raises:
            KeyError: there is none.
        """
        return self.rows[identifier][0]

    def found(self, index: str, key: Key) -> Ordered:
        """Return the ids under `key`, in order of creation.

        Raises:
            KeyError: no such index is declared.
        """
        found = self._found(index, key)
        if found is None:
            return _NOTHING
        return _as_set(found)

    def first(self, index: str, key: Key) -> Record | None:
        """Return the oldest record under `key`, or None.

        Raises:
            KeyError: no such index is declared.
        """
        found = self._found(index, key)
        if found is None:
            return None
        identifier = found.first() if isinstance(found, Ordered) else found[1]
        return None if identifier is None else self.rows[identifier][1]

    def put(self, identifier: str, record: Record) -> Table:
        """Return a table with `record` added, or in place of the one with this id."""
        row = self.rows.get(identifier)
        if row is None:
            position = self.next_position
            return Table(
                self.schema,
                self.rows.set(identifier, (position, record)),
                self.order.add(position, identifier),
                self._with((position, identifier), record),
                position + 1,
            )
        position, old = row
        return Table(
            self.schema,
            self.rows.set(identifier, (position, record)),
            self.order.renew(position, identifier),
            self._moved((position, identifier), old, record),
            self.next_position,
        )

    def delete(self, identifier: str) -> Table:
        """Return a table without the record; an absent id is no error."""
        row = self.rows.get(identifier)
        if row is None:
            return self
        position, old = row
        return Table(
            self.schema,
            self.rows.delete(identifier),
            self.order.remove(position, identifier),
            self._moved((position, identifier), old, None),
            self.next_position,
        )

    def _found(self, index: str, key: Key) -> Found | None:
        place = self.schema.places.get(index)
        if place is None:
            raise KeyError(f"{self.schema.name} has no index {index}")
        return self.indexes[place].get(key) if self.indexes else None

    def _with(self, entry: Entry, record: Record) -> tuple[Map[Key, Found], ...]:
        """Return the indexes with a new record."""
        declared = self.schema.indexes
        return tuple(
            [
                _added(found, index.key(record), entry)
                for index, found in zip(declared, self.indexes or map(_none, declared), strict=True)
            ]
        )

    def _moved(self, entry: Entry, old: Record, new: Record | None) -> tuple[Map[Key, Found], ...]:
        """Return the indexes with a record changed, or without it."""
        indexes = list(self.indexes)
        for place, index in enumerate(self.schema.indexes):
            before = index.key(old)
            after = index.key(new) if new is not None else None
            if before != after:
                found = _removed(indexes[place], before, entry)
                indexes[place] = found if after is None else _added(found, after, entry)
        return tuple(indexes)


def _none(_: Index) -> Map[Key, Found]:
    return Map()


def _together(entries: list[Entry]) -> Found:
    return entries[0] if len(entries) == 1 else Ordered.of(entries)


def _as_set(found: Found) -> Ordered:
    return found if isinstance(found, Ordered) else Ordered((), (found,), 1)


def _added(entries: Map[Key, Found], key: Key, entry: Entry) -> Map[Key, Found]:
    found = entries.get(key)
    if found is None:
        return entries.set(key, entry)
    return entries.set(key, _as_set(found).add(*entry))


def _removed(entries: Map[Key, Found], key: Key, entry: Entry) -> Map[Key, Found]:
    found = entries[key]
    if not isinstance(found, Ordered):
        return entries.delete(key)
    rest = found.remove(*entry)
    return entries.set(key, rest.last[0] if rest.size == 1 else rest)
