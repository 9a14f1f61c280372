"""Steps that read, and the sweep at the end: the target must be what the model says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.conformance.expect import same
from mockserver.conformance.family import at as value_at
from mockserver.conformance.laws.creating import shared
from mockserver.conformance.laws.expect import KEPT_OUT, absent_statuses, refused
from mockserver.conformance.right import of_thing
from mockserver.conformance.rules import Broken, Refused, Unreached
from mockserver.conformance.sequences.model import Entry, State
from mockserver.conformance.sequences.play import Play, Step, picked, quiet
from mockserver.conformance.sequences.writes import new_values
from mockserver.conformance.things import Shelf, update_body
from mockserver.conformance.world import is_ours


def get(play: Play, step: Step) -> None:
    """Read a record: it is as it was left."""
    entry = picked(play.model.of(), step.pick)
    play.operation = entry.family.get or entry.family.lists[0]
    check_read(play, entry)


def check_read(play: Play, entry: Entry) -> None:
    """Hold that a record is read as the model says.

    Raises:
        Broken: it is not.
    """
    expected = play.expected(entry)
    record = play.read(entry)
    if record is None:
        raise Broken(f"a {entry.family.noun} is not there any more")
    same(quiet(entry.family, expected), quiet(entry.family, record), f"a {entry.family.noun}")


def listing(play: Play, step: Step) -> None:
    """Read a list: it has what it must, once, as it must be, and nothing that nobody made."""
    where = picked([one for one in play.model.shelves() if one.family.lists], step.pick)
    name = picked(list(where.family.lists), step.twist)
    play.operation = name
    check_list(play, where, name, {})


def filtered(play: Play, step: Step) -> None:
    """Read a list by what some record has."""
    entry = picked([one for one in play.model.of() if one.family.filters], step.pick)
    family, record = entry.family, play.expected(entry)
    name = picked(list(family.lists), step.twist)
    known = {p.name for p in play.lab.contract.operations[name].parameters}
    filters = [
        one
        for one in family.filters
        if one.parameter in known and (not one.lists or name in one.lists) and one.of(record)
    ]
    chosen = [one for n, one in enumerate(filters) if (step.noun >> n) & 1] or filters[:1]
    if not chosen:
        raise Unreached("nothing to filter by")
    play.operation = name
    check_list(
        play, entry.thing.shelf, name, {one.parameter: str(one.of(record)) for one in chosen}
    )


def check_list(play: Play, where: Shelf, name: str, query: Mapping[str, str]) -> None:
    """Hold that a list shows exactly what the model has there, as far as it is ours.

    Raises:
        Broken: it does not.
    """
    family = where.family
    entries = where.entries(operation=name, **query)
    listed: dict[str, list[Any]] = {}
    for one in entries:
        listed.setdefault(str(value_at(one, family.key)), []).append(one)
    for entry in _of_list(play, where, name):
        rows = listed.pop(entry.thing.id, [])
        if entry.state is not State.OPEN:
            _check_rows(play, entry, rows, name, query)
    # The list of one project may show what lies below several parents.
    if not query and name == family.lists[0]:
        for identifier, rows in listed.items():
            if is_ours(play.lab, rows[0], ()) and play.model.find(identifier) is None:
                raise Broken(f"{name} shows a {family.noun} that nobody made")


def _of_list(play: Play, where: Shelf, name: str) -> list[Entry]:
    """Return the records that a list may show: of its shelf, or of the whole project."""
    whole = name != where.family.lists[0]
    return [
        one
        for one in play.model.entries
        if one.family is where.family
        and one.place == where.place
        and (whole or one.thing.shelf.path == where.path)
    ]


def _check_rows(
    play: Play, entry: Entry, rows: list[Any], name: str, query: Mapping[str, str]
) -> None:
    told = f"{name} with {dict(query)}" if query else name
    family = entry.family
    if entry.state is State.GONE:
        if rows:
            raise Broken(f"{told} shows a {family.noun} that is gone")
        return
    expected = play.expected(entry)
    wanted = all(
        one.keeps(query[one.parameter], expected)
        for one in family.filters
        if one.parameter in query
    )
    if len(rows) != int(wanted):
        raise Broken(f"{told} shows a {family.noun} {len(rows)} times, not {int(wanted)}")
    if rows:
        row = quiet(family, entry.thing.shelf.known(rows[0], name))
        left = quiet(family, expected)
        same(shared(left, row), shared(row, left), f"a {family.noun} in {told}")


def from_elsewhere(play: Play, step: Step) -> None:
    """Try to read, change or delete a record through the other project: it is not there."""
    entry = picked([one for one in play.model.of() if one.family.has_neighbours], step.pick)
    family = entry.family
    others = [one for one in play.places if one != entry.place]
    calls = [name for name in (family.get, family.update, family.delete) if name]
    play.operation = picked(calls, step.twist)
    moved = replace(entry.thing, shelf=entry.thing.shelf.beside(picked(others, 0)))
    call = of_thing(play.operation, moved)
    if play.operation == family.update:
        values = new_values(play, entry)
        path = picked(sorted(values), step.noun)
        call = replace(call, body=update_body(family, {path: values[path]}))
    allowed = KEPT_OUT | absent_statuses(play.lab, play.operation)
    what = f"{play.operation} of a {family.noun} through another project"
    refused(play.lab.make(call), allowed, what)
    check_read(play, entry)


def sweep(play: Play) -> None:
    """Hold everything against the model: every list, every read, and what is gone.

    Raises:
        Broken: the target and the model differ.
    """
    for where in list(play.model.shelves()):
        for name in where.family.lists:
            play.operation = name
            _leniently(play, where, name)
    for entry in play.model.of(state=State.GONE)[:5]:
        if entry.family.get is not None:
            play.operation = entry.family.get
            if play.read(entry) is not None:
                raise Broken(f"a deleted {entry.family.noun} can be read again")
    for entry in play.model.of():
        if entry.family.get is not None:
            play.operation = entry.family.get
            check_read(play, entry)


def _leniently(play: Play, where: Shelf, name: str) -> None:
    try:
        check_list(play, where, name, {})
    except (Refused, Unreached):
        return  # its parent is gone, or it may not be read
