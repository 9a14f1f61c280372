"""What differs between two states: records created, changed and deleted.

It reads what the two do not share, and nothing else: see `Ordered.changed`. States that share
nothing, as after a start from a file, are compared record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.pointers import escape
from mockserver.state.absent import ABSENT
from mockserver.state.ordered import Ordered
from mockserver.state.root import Root
from mockserver.state.tables import Record, Table


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value inside a record that differs; ABSENT where there is none."""

    path: str  # a JSON Pointer (RFC 6901)
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that only one of the two states has."""

    table: str
    id: str
    record: Record


@dataclass(frozen=True, slots=True)
class Change:
    """A record that both states have, with what differs in it."""

    table: str
    id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs, by table and then in order of creation."""

    created: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()
    deleted: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted)


def diff(before: Root, after: Root, tables: Sequence[str] | None = None) -> Difference:
    """Return what changed from one state to another.

    Args:
        before: the earlier state.
        after: the later one; it need not descend from the earlier.
        tables: the tables to look at; None for all.
    """
    if before.tables is after.tables:
        return Difference()
    created: list[Entry] = []
    changed: list[Change] = []
    deleted: list[Entry] = []
    for name in sorted({*before.tables, *after.tables}) if tables is None else tables:
        old, new = before.tables.get(name), after.tables.get(name)
        if old is new:
            continue
        gone, come = _entries(old, new)
        old_rows, new_rows = _rows(old), _rows(new)
        deleted += (Entry(name, one, old_rows[one]) for one in gone if one not in new_rows)
        for one in come:
            if one not in old_rows:
                created.append(Entry(name, one, new_rows[one]))
            else:
                fields = tuple(differing(old_rows[one], new_rows[one]))
                if fields:
                    changed.append(Change(name, one, fields))
    return Difference(tuple(created), tuple(changed), tuple(deleted))


def _entries(old: Table | None, new: Table | None) -> tuple[list[str], list[str]]:
    """Return the ids of the records that the two tables do not share, of each."""
    gone, come = _order(old).changed(_order(new))
    return [one for _, one in gone], [one for _, one in come]


def _order(table: Table | None) -> Ordered:
    return Ordered() if table is None else table.order


def _rows(table: Table | None) -> Table | dict[str, Record]:
    return {} if table is None else table


def differing(before: Any, after: Any, path: str = "") -> Iterator[FieldChange]:
    """Yield where two JSON values differ; lists of different lengths differ as a whole."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            old, new = before.get(name, ABSENT), after.get(name, ABSENT)
            yield from differing(old, new, f"{path}/{escape(name)}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differing(old, new, f"{path}/{number}")
    elif type(before) is not type(after) or before != after:  # True is no 1 here, 1 no 1.0
        yield FieldChange(path, before, after)
