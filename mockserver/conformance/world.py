"""Everything of ours, read through the lists: what a write may move, and what it must not.

The frame rule: after a write, exactly what is predicted has changed, in both projects.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.comparison import Difference, differences
from mockserver.conformance.lab import Lab
from mockserver.conformance.naming import PREFIX
from mockserver.conformance.rules import Broken, Strength
from mockserver.conformance.things import Record, Shelf, Thing

#: (noun, place, id)
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Our records as they were read at one time."""

    records: Mapping[Key, Record]
    doubled: Collection[Key] = ()  # listed more than once


def snapshot(lab: Lab, things: Iterable[Thing], named: Collection[str] = ()) -> Snapshot:
    """Read every list that shows one of `things`, in the order of first mention.

    An entry is ours when it is one of `things`, carries the mark of this run, or names the id of
    one of `things`, or one of those in `named`; others may come and go.

    Raises:
        Unreached: a list was not granted.
    """
    known = list(things)
    ids = {*named, *(thing.id for thing in known)}
    records: dict[Key, Record] = {}
    doubled: list[Key] = []
    for where in _shelves(known):
        for record in _entries(where, known):
            key = (where.family.noun, where.place.name, str(record.get(where.family.key)))
            if key in records:
                doubled.append(key)
            elif is_ours(lab, record, ids):
                records[key] = where.known(record) if where.family.lists else record
    return Snapshot(records, tuple(doubled))


def is_ours(lab: Lab, record: Any, ids: Collection[str]) -> bool:
    """Tell whether a record carries the mark of this run or names one of our ids."""
    if isinstance(record, Mapping) and any(
        isinstance(value, str) and value in ids for value in record.values()
    ):
        return True
    return f"{PREFIX}{lab.run}-" in json.dumps(record)


def changes(before: Snapshot, after: Snapshot) -> dict[Key, list[Difference]]:
    """Return what differs between two snapshots, by record."""
    found = {}
    for key in {**before.records, **after.records}:
        moved = list(_moved(before.records.get(key), after.records.get(key)))
        if moved:
            found[key] = moved
    return found


def hold(
    before: Snapshot,
    after: Snapshot,
    *,
    allowed: Collection[Key] = (),
    doing: str = "",
    strength: Strength | None = None,
) -> None:
    """Hold two snapshots against the frame rule.

    Args:
        before: what was there.
        after: what is there now.
        allowed: the records that may have changed, come or gone.
        doing: what was done between, for people.
        strength: how well founded it is; None: as the rule that asks.

    Raises:
        Broken: something else changed.
    """
    for key, moved in changes(before, after).items():
        if key not in allowed:
            raise Broken(f"{doing}{_told(key)} changed: {moved[0]}", strength=strength)
    new = [key for key in after.doubled if key not in before.doubled]
    if new:
        raise Broken(f"{doing}{_told(new[0])} is listed more than once", strength=strength)


@contextmanager
def unmoved(
    lab: Lab,
    things: Sequence[Thing],
    doing: str = "",
    *,
    named: Collection[str] = (),
    strength: Strength | None = None,
) -> Iterator[None]:
    """Hold that nothing of ours changes within the block. Right for calls that must be refused.

    Args:
        lab: reads.
        things: whose lists are read.
        doing: what is done, for people.
        named: further ids of ours: what names them is ours, too.
        strength: how well founded it is; None: as the rule that asks.

    Raises:
        Broken: something changed.
    """
    before = snapshot(lab, things, named)
    yield
    hold(before, snapshot(lab, things, named), doing=doing, strength=strength)


def _moved(before: Record | None, after: Record | None) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference("", before, after)
    else:
        yield from differences(before, after)


def _shelves(things: Iterable[Thing]) -> Iterator[Shelf]:
    seen = set()
    for thing in things:
        where = thing.shelf
        path = tuple(sorted(where.path.items())) if where.family.lists else ()
        mark = (where.family.noun, where.place.name, path)
        if mark not in seen:
            seen.add(mark)
            yield where


def _entries(where: Shelf, things: Iterable[Thing]) -> Iterator[Record]:
    if where.family.lists:
        yield from (entry for entry in where.entries() if isinstance(entry, Mapping))
        return
    for thing in things:
        if thing.shelf.family is where.family and thing.shelf.place == where.place:
            record = where.read(thing.id)
            if record is not None:
                yield record


def _told(key: Key) -> str:
    noun, place, identifier = key
    where = "" if place == "here" else " of the neighbour project"
    return f"the {noun} {identifier}{where}"
