"""Laws of what must be unique: within its scope, as long as it is there, and no wider."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance import world
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import same
from mockserver.conformance.family import Family, Unique, here, there, with_value
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import check_own, created
from mockserver.conformance.laws.expect import granted, refused
from mockserver.conformance.population import bystanders
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_field, said
from mockserver.conformance.things import Thing, attempt, make, right_call, with_field
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's unique fields; without one, that equals may be made."""
    for unique in family.unique:
        yield from _of_create(contract, family, unique)
        if family.update is not None and family.mask(unique.field) is not None:
            yield from _of_update(contract, family, unique)
        if family.delete is not None and not family.stays:
            run = partial(_free_after_delete, family, unique)
            text = said(contract, family.delete)
            yield Rule(family.delete, f"frees-the-{unique.field}", text, run)
    if family.may_repeat and not family.unique and not family.references:
        text = said(contract, family.create)
        run = partial(_equals_are_taken, family)
        yield Rule(family.create, "equals-are-taken", text, run, Strength.INFERRED)


def _text(contract: Contract, family: Family, unique: Unique) -> str:
    return unique.cites or of_field(contract, family.create, unique.field)


def _of_create(contract: Contract, family: Family, unique: Unique) -> Iterator[Rule]:
    create, text, field = family.create, _text(contract, family, unique), unique.field
    run = partial(_taken, family, unique)
    yield Rule(create, f"{field}-is-taken-once", text, run, unique.strength)
    if unique.is_folded:
        run = partial(_taken_in_capitals, family, unique)
        yield Rule(create, f"{field}-is-taken-in-capitals", text, run, unique.strength)
    if family.has_neighbours and not unique.is_global:
        run = partial(_free_elsewhere, family, unique)
        needs = frozenset({"neighbour"})
        yield Rule(create, f"{field}-is-free-in-another-project", text, run, needs=needs)


def _of_update(contract: Contract, family: Family, unique: Unique) -> Iterator[Rule]:
    update, text, field = str(family.update), _text(contract, family, unique), unique.field
    run = partial(_rename_to_taken, family, unique)
    yield Rule(update, f"{field}-is-taken-once", text, run, unique.strength)
    run = partial(_rename_to_itself, family, unique)
    yield Rule(update, f"{field}-may-stay", text, run, Strength.INFERRED)
    run = partial(_free_after_rename, family, unique)
    yield Rule(update, f"frees-the-old-{field}", said(contract, update), run)


def again(lab: Lab, thing: Thing, unique: Unique, value: object = None) -> Exchange:
    """Ask for a second record with the unique value of a first one; return what came."""
    wanted = value_at(thing.call.body, unique.field) if value is None else value
    call = with_field(right_call(lab, thing.family, here(lab)), unique.field, wanted)
    return thing.shelf.send(call)


def _taken(family: Family, unique: Unique, lab: Lab) -> None:
    """Hold that it is refused, nothing is made, and the first one stays."""
    thing = make(lab, family)
    with world.unmoved(lab, [thing, *bystanders(lab, family.noun)], "by a refused duplicate, "):
        exchange = again(lab, thing, unique)
        refused(exchange, unique.statuses, f"a second {family.noun} of the same {unique.field}")
    _check_once(thing, unique)


def _check_once(thing: Thing, unique: Unique) -> None:
    family = thing.family
    if not family.lists:
        return
    echo = family.echo.get(unique.field)
    shown = unique.field if echo is None or echo.shown is None else echo.shown
    value = value_at(thing.record(), shown)
    number = sum(value_at(entry, shown) == value for entry in thing.shelf.entries())
    if number != 1:
        raise Broken(f"{number} of them are listed with the {unique.field} of one")


def _taken_in_capitals(family: Family, unique: Unique, lab: Lab) -> None:
    thing = make(lab, family)
    capitals = str(value_at(thing.call.body, unique.field)).upper()
    exchange = again(lab, thing, unique, capitals)
    what = f"a second {family.noun} of the same {unique.field} in capitals"
    refused(exchange, unique.statuses, what)


def _free_elsewhere(family: Family, unique: Unique, lab: Lab) -> None:
    """Hold that ours may be called as theirs is."""
    theirs = make(lab, family, there(lab))
    value = value_at(theirs.call.body, unique.field)
    call = with_field(right_call(lab, family, here(lab)), unique.field, value)
    ours, exchange = attempt(lab, family, here(lab), call)
    granted(exchange, f"the {unique.field} of a {family.noun} of another project")
    if ours is None:
        raise Broken(f"{exchange} made nothing")
    check_own(ours)
    check_own(theirs)
    if ours.id == theirs.id:
        raise Broken("two projects share one record")
    _check_apart(ours, theirs)


def _check_apart(ours: Thing, theirs: Thing) -> None:
    """Hold that what is done to ours leaves the one of the same name in the other project alone.

    Raises:
        Broken: it does not.
    """
    family, before = ours.family, theirs.record()
    if family.update is not None:
        path, value = list(fresh_values(ours.shelf.lab, family).items())[-1]
        granted(ours.change({path: value}))
        same(before, theirs.record(), "its namesake in another project")
    if family.delete is not None and not family.stays:
        granted(ours.delete())
        same(before, theirs.record(), "its namesake in another project")


def _free_after_delete(family: Family, unique: Unique, lab: Lab) -> None:
    thing = make(lab, family)
    granted(thing.delete())
    value = value_at(thing.call.body, unique.field)
    call = right_call(lab, family, here(lab), fields={unique.field: value})
    new, exchange = attempt(lab, family, here(lab), call)
    granted(exchange, f"the {unique.field} of a deleted {family.noun}")
    if new is None or new.id == thing.id:
        raise Broken(f"a new {family.noun} is the one that was deleted")
    check_own(new)


def _rename_to_taken(family: Family, unique: Unique, lab: Lab) -> None:
    first, second = make(lab, family), make(lab, family)
    taken = value_at(first.call.body, unique.field)
    with world.unmoved(
        lab, [first, second, *bystanders(lab, family.noun)], "by a refused rename, "
    ):
        exchange = second.change({unique.field: taken})
        refused(exchange, unique.statuses, f"the {unique.field} of another {family.noun}")


def _rename_to_itself(family: Family, unique: Unique, lab: Lab) -> None:
    thing = created(lab, family)
    own = value_at(thing.call.body, unique.field)
    granted(thing.change({unique.field: own}), f"renaming a {family.noun} to its own name")
    shown = thing.record()
    expected = with_value(shown, unique.field, value_at(shown, unique.field))
    same(expected, shown, "a rename to its own name")


def _free_after_rename(family: Family, unique: Unique, lab: Lab) -> None:
    """Hold that the old value is free and the new one taken."""
    thing = make(lab, family)
    mask = family.mask(unique.field)
    if mask is None:
        return
    new = mask.value(lab)
    granted(thing.change({unique.field: new}))
    granted(again(lab, thing, unique), f"the {unique.field} that a {family.noun} had before")
    exchange = again(lab, thing, unique, new)
    refused(
        exchange,
        unique.statuses,
        f"the {unique.field} that a {family.noun} has now",
        strength=unique.strength,
    )


def _equals_are_taken(family: Family, lab: Lab) -> None:
    """Hold that the same body twice makes two: nothing says that it must be unique."""
    thing = make(lab, family)
    twin, exchange = attempt(lab, family, here(lab), thing.call)
    granted(exchange, f"a second {family.noun} like the first")
    if twin is None or twin.id == thing.id:
        raise Broken(f"the same body twice made one {family.noun}, not two")
