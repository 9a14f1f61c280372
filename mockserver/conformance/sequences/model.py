"""The reference model: what the target should have by now, by what it answered so far."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from mockserver.conformance.family import Echo, Family, Place, Unique
from mockserver.conformance.family import at as value_at
from mockserver.conformance.things import Record, Shelf, Thing


class State(Enum):
    """What the model knows of a record."""

    ALIVE = "alive"
    GONE = "gone"
    OPEN = "open"  # nobody says what became of it; nothing of it is asserted any more


@dataclass
class Entry:
    """A record that was made."""

    thing: Thing
    record: Record | None  # as it must be read; None: it was not read yet
    variant: str | None = None  # how it was made; None: as a parent of something else
    is_stale: bool = False  # a write to something else may have moved it: it is read anew
    state: State = State.ALIVE
    former: list[str] = field(default_factory=list)  # unique values that it had once

    @property
    def family(self) -> Family:
        """Its noun."""
        return self.thing.family

    @property
    def place(self) -> Place:
        """Its project."""
        return self.thing.shelf.place

    def names(self, identifier: str) -> bool:
        """Tell whether it lies below a record with an id, or says that id anywhere."""
        if identifier == self.thing.id:
            return False
        said = json.dumps([self.record, self.thing.call.body, *self.thing.shelf.path.values()])
        return identifier in said


class Model:
    """Every record that was made, in order, tombstones included."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Take a record that the target says it made."""
        self.entries.append(entry)

    def of(
        self, family: Family | None = None, place: Place | None = None, state: State = State.ALIVE
    ) -> list[Entry]:
        """Return the records of a noun, a place and a state, oldest first."""
        return [
            one
            for one in self.entries
            if one.state is state
            and (family is None or one.family is family)
            and (place is None or one.place == place)
        ]

    def find(self, identifier: str) -> Entry | None:
        """Return the record with an id, whatever became of it."""
        return next((one for one in self.entries if one.thing.id == identifier), None)

    def pointing_at(self, entry: Entry) -> list[Entry]:
        """Return the records that are there and name another one."""
        return [one for one in self.of() if one.names(entry.thing.id)]

    def shelves(self) -> Iterator[Shelf]:
        """Yield each shelf that something was put on, once."""
        seen = set()
        for entry in self.entries:
            where = entry.thing.shelf
            mark = (where.family.noun, where.place, tuple(sorted(where.path.items())))
            if mark not in seen:
                seen.add(mark)
                yield where

    def taken(self, family: Family, unique: Unique, place: Place) -> list[str]:
        """Return the unique values that are in use in a place, as they are shown."""
        scope = None if unique.is_global else place
        return [value for one in self.of(family, scope) if (value := shown(one, unique))]

    def left(self, family: Family, unique: Unique, place: Place) -> list[str]:
        """Return the unique values that somebody had in a place, and that are free again."""
        had = [
            value
            for one in self.entries
            if one.family is family and one.place == place and one.state is not State.OPEN
            for value in (*one.former, *_last(one, unique))
        ]
        taken = {value.lower() for value in self.taken(family, unique, place)}
        return [value for value in had if value.lower() not in taken]


def shown(entry: Entry, unique: Unique) -> str | None:
    """Return the unique value of a record as it is shown; None when it is not known."""
    echo = entry.family.echo.get(unique.field, Echo(unique.field))
    value = value_at(entry.record, echo.shown) if entry.record and echo.shown else None
    return value if isinstance(value, str) else None


def _last(entry: Entry, unique: Unique) -> list[str]:
    value = shown(entry, unique) if entry.state is State.GONE else None
    return [value] if value else []
