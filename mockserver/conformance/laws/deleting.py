"""Laws of deleting: what is deleted is gone, for ever and alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance import registry, world
from mockserver.conformance.expect import same
from mockserver.conformance.family import Cascade, Family
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import check_listed
from mockserver.conformance.laws.expect import absent, granted
from mockserver.conformance.population import bystanders
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Rule
from mockserver.conformance.texts import said
from mockserver.conformance.things import Thing, make
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's delete call."""
    if family.delete is None:
        return
    delete, text = family.delete, said(contract, family.delete)
    yield Rule(delete, "absent-is-refused", text, partial(_absent, family))
    yield Rule(delete, "others-stay", text, partial(_others_stay, family))
    if family.stays:
        return
    yield Rule(delete, "deleted-is-gone", text, partial(_is_gone, family))
    yield Rule(delete, "deleted-cannot-be-deleted", text, partial(_not_twice, family))
    yield Rule(delete, "id-is-not-used-again", text, partial(_id_is_not_used_again, family))
    if family.lists:
        yield Rule(delete, "deleted-is-not-listed", text, partial(_not_listed, family))
    if family.update is not None:
        yield Rule(delete, "deleted-cannot-be-updated", text, partial(_not_updated, family))
    for cascade in family.cascades:
        other = cascade.noun.replace(" ", "-")
        run = partial(_is_gone_with_all, family, cascade)
        yield Rule(delete, f"deleted-is-gone-with-each-{other}", text, run)
        name = f"takes-each-{other}"
        yield Rule(delete, name, text, partial(_takes, family, cascade), cascade.strength)


def deleted(lab: Lab, family: Family, variant: str = "") -> Thing:
    """Make a record and delete it by a call that must be granted.

    Raises:
        Broken: it was refused.
    """
    thing = make(lab, family, variant=variant)
    granted(thing.delete(), f"deleting a {family.noun}")
    return thing


def _absent(family: Family, lab: Lab) -> None:
    thing = make(lab, family)
    before = thing.record()
    absent(lab, thing.shelf.delete(lab.absent()), f"deleting a {family.noun} that is not there")
    same(before, thing.record(), "another record changed")


def _is_gone(family: Family, lab: Lab) -> None:
    for variant in family.variants:
        thing = deleted(lab, family, variant.name)
        if thing.shelf.read(thing.id) is not None:
            raise Broken(f"a deleted {family.noun} can still be read")
        if family.get is not None:
            absent(lab, thing.shelf.get(thing.id), f"reading a deleted {family.noun}")


def _not_twice(family: Family, lab: Lab) -> None:
    thing = deleted(lab, family)
    absent(lab, thing.delete(), f"deleting a {family.noun} again")


def _not_updated(family: Family, lab: Lab) -> None:
    thing = deleted(lab, family)
    path, value = next(iter(fresh_values(lab, family).items()))
    absent(lab, thing.change({path: value}), f"updating a deleted {family.noun}")
    check_not_listed(thing)


def _not_listed(family: Family, lab: Lab) -> None:
    thing = make(lab, family)
    record = thing.record()
    check_listed(thing, record)
    granted(thing.delete())
    check_not_listed(thing)
    for wanted in family.filters:
        value = wanted.of(record)
        if value is not None:
            check_not_listed(thing, **{wanted.parameter: value})


def check_not_listed(thing: Thing, **query: str) -> None:
    """Hold that no list of a noun shows a record.

    Raises:
        Broken: one does.
    """
    for name in thing.family.lists:
        known = {p.name for p in thing.shelf.lab.contract.operations[name].parameters}
        if query.keys() <= known and thing.shelf.found(thing.id, operation=name, **query):
            with_query = f" with {query}" if query else ""
            raise Broken(f"{name}{with_query} still shows a deleted {thing.family.noun}")


def _id_is_not_used_again(family: Family, lab: Lab) -> None:
    gone = [deleted(lab, family) for _ in range(2)]
    new = [make(lab, family) for _ in range(2)]
    again = {thing.id for thing in gone} & {thing.id for thing in new}
    if again or gone[0].id == gone[1].id:
        raise Broken(f"a new {family.noun} has the id of one that was deleted")
    for thing in gone:
        if thing.shelf.read(thing.id) is not None:
            raise Broken(f"a deleted {family.noun} is there again")


def _others_stay(family: Family, lab: Lab) -> None:
    """Its neighbours in both projects stay as they are, and so do records of other nouns.

    One of the neighbours was updated: what is switched off is as much there as the others.
    """
    thing, brother = make(lab, family), make(lab, family)
    changed = make(lab, family)
    if family.update is not None:
        changed.change(fresh_values(lab, family))
    known = [*bystanders(lab), brother, changed, thing]
    before = world.snapshot(lab, known)
    dragged = {(noun, thing.shelf.place.name, one) for noun, one in family.drags(thing.record())}
    granted(thing.delete())
    world.hold(
        before,
        world.snapshot(lab, known),
        allowed={thing.key, *dragged},
        doing=f"while another {family.noun} was deleted, ",
    )


def _is_gone_with_all(family: Family, cascade: Cascade, lab: Lab) -> None:
    """Hold that a delete that is granted deletes, also what something points at."""
    thing = make(lab, family)
    make(lab, registry.family(cascade.noun), fields={cascade.field: thing.id})
    if not thing.delete().answer.is_success:
        return  # nobody says that it must be granted then
    if thing.shelf.read(thing.id) is not None:
        raise Broken(f"a {family.noun} with a {cascade.noun} was deleted, and is still there")
    check_not_listed(thing)


def _takes(family: Family, cascade: Cascade, lab: Lab) -> None:
    """Hold that what points at a record goes with it, and what points at another one stays."""
    other = registry.family(cascade.noun)
    thing, brother = make(lab, family), make(lab, family)
    lost = make(lab, other, fields={cascade.field: thing.id})
    kept = make(lab, other, fields={cascade.field: brother.id})
    before = kept.record()
    granted(thing.delete())
    if lost.shelf.read(lost.id) is not None:
        raise Broken(f"a {other.noun} outlives its {family.noun}")
    if other.delete is not None:
        absent(lab, lost.delete(), f"deleting a {other.noun} that went with its {family.noun}")
    same(before, kept.record(), f"a {other.noun} of another {family.noun} changed")
