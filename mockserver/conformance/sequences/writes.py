"""Steps that write: what the model says they must come to, and what becomes of it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.family import Family, Place, Unique, with_value
from mockserver.conformance.laws.creating import check_shown
from mockserver.conformance.laws.expect import HIDDEN, absent, granted, refused
from mockserver.conformance.laws.updating import changed_record
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Refused, Strength, Unreached
from mockserver.conformance.sequences.model import Entry, State, shown
from mockserver.conformance.sequences.play import Play, Step, picked, quiet
from mockserver.conformance.things import attempt

_CONFLICT = INVALID | {409}
_UNNAMEABLE = HIDDEN | _CONFLICT
#: How a step chooses a name: mostly a new one.
_NAMES = ("fresh", "taken", "left", "foreign", "fresh", "left")


def create(play: Play, step: Step) -> None:
    """Make a record: with a new name, one in use, one that is free again or a namesake's."""
    family = play.family(step.noun)
    place = play.place(family, step.place)
    play.operation = family.create
    try:
        _create(play, step, family, place)
    except Refused:
        play.barred.add(family.noun)
        raise


def _create(play: Play, step: Step, family: Family, place: Place) -> None:
    start = max((exchange.number for exchange in play.lab.trace), default=0)
    variant = picked(list(family.variants), step.pick)
    call = variant.call(play.lab, place)
    play.adopt(start)
    call, is_pointed = _pointed(play, step, family, place, call)
    call, conflict = _named(play, step, family, place, call)
    repeats = bool(family.references) and any(
        one.thing.call.body == call.body for one in play.model.of(family, place)
    )
    thing, exchange = attempt(play.lab, family, place, call)
    if conflict is not None:
        what = f"a second {family.noun} of one {conflict.field}"
        refused(exchange, conflict.statuses, what, strength=conflict.strength)
    elif not is_pointed:
        what = f"a {family.noun} for what is not there"
        refused(exchange, _UNNAMEABLE, what, strength=Strength.INFERRED)
    elif not repeats:
        granted(exchange)
        if thing is None or play.model.find(thing.id) is not None:
            raise Broken(f"{exchange} made nothing new")
        check_shown(thing)
        entry = Entry(thing, None, variant.name)
        play.model.add(entry)
        play.expected(entry)
        play.unsettle(entry)
    elif thing is not None and play.model.find(thing.id) is None:
        # Nobody says that the same parents are not joined twice.
        play.model.add(Entry(thing, None, variant.name))


def _pointed(play: Play, step: Step, family: Family, place: Place, call: Call) -> tuple[Call, bool]:
    """Point references at records of the model; tell whether all of them are there."""
    are_there = True
    for number, reference in enumerate(family.references):
        state = State.GONE if step.twist % 7 == 6 and number == 0 else State.ALIVE
        found = [
            one for one in play.model.of(None, place, state) if one.family.noun == reference.noun
        ]
        # Where a record may not be repeated, its parents must fit each other.
        if not found or (state is State.ALIVE and not family.may_repeat):
            continue
        target = picked(found, step.pick + number)
        call = replace(call, body=with_value(call.body, reference.field, target.thing.id))
        are_there = are_there and state is State.ALIVE
    return call, are_there


def _named(
    play: Play, step: Step, family: Family, place: Place, call: Call
) -> tuple[Call, Unique | None]:
    """Choose the unique value; return the promise that forbids it, if one does."""
    if not family.unique:
        return call, None
    unique = family.unique[0]
    how = _NAMES[step.twist % len(_NAMES)]
    found = _candidates(play, family, unique, place, how)
    if not found:
        return call, None
    value = picked(found, step.pick)
    call = replace(call, body=with_value(call.body, unique.field, value))
    return call, unique if how == "taken" else None


def _candidates(play: Play, family: Family, unique: Unique, place: Place, how: str) -> list[str]:
    taken = play.model.taken(family, unique, place)
    if how == "taken":
        return taken
    if how == "left" and not family.stays:
        return play.model.left(family, unique, place)
    if how == "foreign" and not unique.is_global:
        others = [one for one in play.places if one != place]
        theirs = [name for one in others for name in play.model.taken(family, unique, one)]
        return [name for name in theirs if name not in taken]
    return []


def update(play: Play, step: Step) -> None:
    """Update a record by some masks; perhaps with values that no mask names, or a wrong mask."""
    entry = picked([one for one in play.model.of() if one.family.update], step.pick)
    family = entry.family
    play.operation = str(family.update)
    before = play.expected(entry)
    values, conflict = _values(play, step, entry)
    paths = [path for n, path in enumerate(values) if (step.noun >> n) & 1] or list(values)[:1]
    if not family.is_masked:
        paths = list(values)
    wrong = family.is_masked and step.twist % 5 == 4
    mask = [*paths, "noSuchField"] if wrong else paths
    exchange = entry.thing.change(values, mask)
    if wrong:
        refused(exchange, INVALID, f"updating a {family.noun} by an unknown mask")
    elif conflict is not None and conflict.field in paths:
        what = f"the {conflict.field} of another {family.noun}"
        refused(exchange, conflict.statuses, what, strength=conflict.strength)
    else:
        _changed(play, entry, before, {path: values[path] for path in paths}, exchange)
        return
    same(quiet(family, before), quiet(family, _read(play, entry)), "after a refused update")


def new_values(play: Play, entry: Entry) -> dict[str, Any]:
    """Return a new value for every mask that a record takes.

    Raises:
        Unreached: it takes none, or was made by the way.
    """
    family = entry.family
    values = {} if entry.variant is None else fresh_values(play.lab, family, entry.variant)
    if not values:
        raise Unreached("this kind of record cannot be updated")
    return dict(values)


def _values(play: Play, step: Step, entry: Entry) -> tuple[dict[str, Any], Unique | None]:
    """Choose new values for each mask; the unique one as a create step would."""
    family = entry.family
    values = new_values(play, entry)
    for unique in family.unique:
        how = _NAMES[step.twist % len(_NAMES)]
        found = _candidates(play, family, unique, entry.place, how)
        found = [name for name in found if name != shown(entry, unique)]
        if found and unique.field in values:
            values[unique.field] = picked(found, step.pick)
            return values, unique if how == "taken" else None
    return values, None


def _changed(
    play: Play, entry: Entry, before: Any, values: Mapping[str, Any], exchange: Exchange
) -> None:
    family = entry.family
    what = f"updating {', '.join(values)}"
    granted(exchange, what)
    expected = changed_record(family, before, values)
    answered = entry.thing.shelf.shown(exchange)
    if isinstance(answered, Mapping):
        same(quiet(family, expected), quiet(family, answered), f"{what}: the answer")
    for unique in family.unique:
        if unique.field in values and (old := shown(entry, unique)):
            entry.former.append(old)
    entry.record = _read(play, entry)
    same(quiet(family, expected), quiet(family, entry.record), f"{what}: as it is read afterwards")
    for one in play.model.pointing_at(entry):
        one.is_stale = True


def _read(play: Play, entry: Entry) -> Any:
    record = play.read(entry)
    if record is None:
        raise Broken(f"a {entry.family.noun} cannot be read after an update")
    return record


def delete(play: Play, step: Step) -> None:
    """Delete a record, and note what goes along."""
    entry = picked([one for one in play.model.of() if one.family.delete], step.pick)
    family = entry.family
    play.operation = str(family.delete)
    below = play.model.pointing_at(entry)
    exchange = entry.thing.delete()
    expected_gone = {cascade.noun for cascade in family.cascades}
    if exchange.status in _CONFLICT and (below or entry.variant is None or family.stays):
        return  # in use: some nouns must not go then
    granted(exchange, f"deleting a {family.noun}")
    _lose(play, entry, State.OPEN if family.stays else State.GONE)
    for one in below:
        _lose(play, one, State.GONE if one.family.noun in expected_gone else State.OPEN)
    if not family.stays and play.read(entry) is not None:
        raise Broken(f"a deleted {family.noun} can still be read")


def _lose(play: Play, entry: Entry, state: State) -> None:
    entry.state = state
    for _, identifier in entry.family.drags(entry.record) if entry.record else ():
        other = play.model.find(identifier)
        if other is not None and other.state is State.ALIVE:
            other.state = State.OPEN
    for one in play.model.pointing_at(entry):
        if one.state is State.ALIVE:
            one.state = State.OPEN


def touch_the_dead(play: Play, step: Step) -> None:
    """Read, update or delete what was deleted."""
    entry = picked(play.model.of(state=State.GONE), step.pick)
    family = entry.family
    calls = [name for name in (family.get, family.update, family.delete) if name]
    play.operation = picked(calls, step.twist)
    told = f"{play.operation} of a deleted {family.noun}"
    if play.operation == family.update:
        absent(play.lab, entry.thing.change(new_values(play, entry)), told)
    elif play.operation == family.delete:
        absent(play.lab, entry.thing.delete(), told)
    else:
        absent(play.lab, entry.thing.shelf.get(entry.thing.id), told)
