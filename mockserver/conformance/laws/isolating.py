"""Laws of two projects: what is another project's is not seen, changed, deleted or named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from mockserver.conformance import callers, registry, world
from mockserver.conformance.calls import Call
from mockserver.conformance.expect import INVALID
from mockserver.conformance.family import Family, Place, Reference, here, there
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import HIDDEN, KEPT_OUT, absent_statuses, granted, refused
from mockserver.conformance.population import bystanders
from mockserver.conformance.right import fresh_values, of_thing
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_field, said
from mockserver.conformance.things import (
    Thing,
    make,
    right_call,
    update_body,
    with_field,
)
from mockserver.contract.contract import Contract

_NEIGHBOUR = frozenset({"neighbour"})
#: What a body that names what is not there may be answered.
_UNNAMEABLE = HIDDEN | INVALID | {409}


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws that keep a noun's records of two projects apart."""
    for reference in family.references:
        yield _reference_rule(contract, family, reference)
    operations = [one for one in (family.get, family.update, family.delete) if one is not None]
    for operation in operations:
        strange = partial(_another_nouns_id, family, operation)
        yield Rule(operation, "another-nouns-id-is-refused", said(contract, operation), strange)
    if not family.has_neighbours:
        return
    for operation in operations:
        text = said(contract, operation)
        for name, run in (
            ("foreign-through-own-path", _foreign_here),
            ("own-through-foreign-path", _own_there),
            ("own-with-foreign-key", _with_foreign_key),
            ("foreign-with-own-key", _theirs_with_our_key),
        ):
            yield Rule(operation, name, text, partial(run, family, operation), needs=_NEIGHBOUR)
    for operation in family.lists:
        text = said(contract, operation)
        run = partial(_lists_own_only, family, operation)
        yield Rule(operation, "shows-own-only", text, run, needs=_NEIGHBOUR)
    run = partial(_creates_at_home_only, family)
    text = said(contract, family.create)
    yield Rule(family.create, "not-in-a-foreign-project", text, run, needs=_NEIGHBOUR)


def _reference_rule(contract: Contract, family: Family, reference: Reference) -> Rule:
    return Rule(
        family.create,
        f"{reference.field}-must-be-there",
        of_field(contract, family.create, reference.field),
        partial(_must_be_there, family, reference),
        reference.strength,
    )


def _call(lab: Lab, thing: Thing, operation: str, caller: str | None) -> Call:
    """Return a call of an operation on a record, as somebody; updates would change it."""
    call = replace(of_thing(operation, thing), caller=caller)
    if operation != thing.family.update:
        return call
    path, value = next(iter(fresh_values(lab, thing.family).items()))
    return replace(call, body=update_body(thing.family, {path: value}))


def _kept_out(lab: Lab, operation: str) -> frozenset[int]:
    return KEPT_OUT | absent_statuses(lab, operation)


def _try(lab: Lab, thing: Thing, operation: str, place: Place, what: str) -> None:
    """Call an operation on a record from another place; it must be kept out, and stay as it is."""
    moved = replace(thing, shelf=thing.shelf.beside(place))
    call = _call(lab, moved, operation, place.caller)
    with world.unmoved(lab, [thing], f"{what}: "):
        refused(lab.make(call), _kept_out(lab, operation), what)


def _foreign_here(family: Family, operation: str, lab: Lab) -> None:
    theirs = make(lab, family, there(lab))
    what = f"{operation} of a {family.noun} of another project through our own"
    # The parents in the path, too, are ours: only the record itself is foreign.
    ours = make(lab, family)
    call = _call(lab, replace(theirs, shelf=ours.shelf), operation, family.caller)
    with world.unmoved(lab, [theirs, ours], f"{what}: "):
        refused(lab.make(call), _kept_out(lab, operation), what)


def _another_nouns_id(family: Family, operation: str, lab: Lab) -> None:
    """Hold that an id means a record of its own noun only."""
    other = registry.family("destination" if family.noun == "topic" else "topic")
    stranger, own = make(lab, other), make(lab, family)
    call = _call(lab, replace(own, id=stranger.id), operation, own.shelf.who)
    what = f"{operation} of the id of a {other.noun}"
    with world.unmoved(lab, [stranger, own], f"{what}: "):
        refused(lab.make(call), _kept_out(lab, operation) | INVALID, what)


def _own_there(family: Family, operation: str, lab: Lab) -> None:
    what = f"{operation} of our {family.noun} through another project"
    _try(lab, make(lab, family), operation, there(lab), what)


def _with_foreign_key(family: Family, operation: str, lab: Lab) -> None:
    place = replace(here(lab), caller=callers.NEIGHBOUR_KEY, name="here")
    what = f"{operation} of our {family.noun} with the key of another project"
    _try(lab, make(lab, family), operation, place, what)


def _theirs_with_our_key(family: Family, operation: str, lab: Lab) -> None:
    theirs = make(lab, family, there(lab))
    place = replace(there(lab), caller=callers.KEY)
    what = f"{operation} of a {family.noun} of another project with our key"
    _try(lab, theirs, operation, place, what)


def _lists_own_only(family: Family, operation: str, lab: Lab) -> None:
    ours, theirs = make(lab, family), make(lab, family, there(lab))
    for where, other in ((ours.shelf, theirs), (theirs.shelf, ours)):
        if where.found(other.id, operation=operation):
            raise Broken(f"{operation} shows a {family.noun} of another project")
    foreign = replace(theirs.shelf, place=replace(theirs.shelf.place, caller=callers.KEY))
    exchange = foreign.listing(operation=operation)
    refused(exchange, KEPT_OUT | INVALID, f"{operation} of another project with our key")


def _creates_at_home_only(family: Family, lab: Lab) -> None:
    theirs = make(lab, family, there(lab))
    call = right_call(lab, family, there(lab))
    with world.unmoved(lab, [theirs, *bystanders(lab, family.noun)], "by a refused create, "):
        exchange = lab.make(call, caller=callers.KEY)
        refused(exchange, KEPT_OUT, f"{family.create} in another project with our key")


def _must_be_there(family: Family, reference: Reference, lab: Lab) -> None:
    """Try ids of nothing, of what is deleted and of what is another project's."""
    other = registry.family(reference.noun)
    cases = [("that is not there", lab.absent())]
    gone = make(lab, other)
    if other.delete is not None:
        granted(gone.delete())
        cases.append(("that was deleted", gone.id))
    if lab.door.target.neighbour is not None and other.has_neighbours:
        cases.append(("of another project", make(lab, other, there(lab)).id))
    call = right_call(lab, family, here(lab))
    named = {str(call.body.get(one.field)) for one in family.references}
    # That what is refused is not done is no matter of how the reference had to be judged.
    strength = Strength.PROMISED
    known, doing = bystanders(lab, family.noun), "by a refused create, "
    with world.unmoved(lab, known, doing, named=named, strength=strength):
        for told, identifier in cases:
            exchange = lab.make(with_field(call, reference.field, identifier))
            refused(exchange, _UNNAMEABLE, f"a {family.noun} for a {other.noun} {told}")
