"""Laws of other ways to name a record in a path: by name, and where it says so in any case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from mockserver.conformance.expect import same
from mockserver.conformance.family import Family, Spelling
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import absent, granted, settled
from mockserver.conformance.right import fresh_values, of_thing
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_parameter
from mockserver.conformance.things import Thing, make, own_parameter, update_body
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's other spellings in paths."""
    for spelling in family.spellings:
        for operation, strength in spelling.operations.items():
            parameter = own_parameter(contract.operations[operation])
            text = of_parameter(contract, operation, parameter)
            run = partial(_by_name, family, spelling, operation)
            yield Rule(operation, f"takes-the-{spelling.field}", text, run, strength)
            if spelling.is_folded:
                run = partial(_in_capitals, family, spelling, operation)
                name = f"takes-the-{spelling.field}-in-capitals"
                yield Rule(operation, name, text, run, Strength.INFERRED)
        if family.update is not None and family.get in spelling.operations:
            text = of_parameter(
                contract, str(family.get), own_parameter(contract.operations[str(family.get)])
            )
            run = partial(_follows_a_rename, family, spelling)
            yield Rule(str(family.get), f"follows-the-{spelling.field}", text, run)


def _by_name(family: Family, spelling: Spelling, operation: str, lab: Lab) -> None:
    thing = make(lab, family)
    _try(thing, operation, str(value_at(thing.record(), spelling.field)))


def _in_capitals(family: Family, spelling: Spelling, operation: str, lab: Lab) -> None:
    thing = make(lab, family)
    _try(thing, operation, str(value_at(thing.record(), spelling.field)).upper())


def _try(thing: Thing, operation: str, name: str) -> None:
    """Call an operation by another name; it must mean that record and no other."""
    lab, family = thing.shelf.lab, thing.family
    brother = make(lab, family)
    before, other = thing.record(), brother.record()
    call = of_thing(operation, replace(thing, id=name))
    values = {}
    if operation == family.update:
        path, value = list(fresh_values(lab, family).items())[-1]
        values = {path: value}
        call = replace(call, body=update_body(family, values))
    exchange = granted(thing.shelf.send(call), f"{operation} by {name!r}")
    same(other, brother.record(), f"another {family.noun} changed")
    if operation == family.delete:
        if thing.shelf.read(thing.id) is not None:
            raise Broken(f"a {family.noun} that was deleted by another name can still be read")
        return
    answered = thing.shelf.shown(exchange)
    if operation == family.get:
        same(before, answered, f"a {family.noun} looks otherwise by its other name")
    else:
        same(
            settled(thing.record(), family),
            settled(answered, family),
            "the answer to an update by name",
        )


def _follows_a_rename(family: Family, spelling: Spelling, lab: Lab) -> None:
    """Hold that a renamed record is found by its new name and not by its old one.

    It is renamed by its id, and by its name where an update takes that.
    """
    _rename(family, spelling, make(lab, family), by_name=False)
    if spelling.operations.get(str(family.update)) is Strength.PROMISED:
        _rename(family, spelling, make(lab, family), by_name=True)


def _rename(family: Family, spelling: Spelling, thing: Thing, *, by_name: bool) -> None:
    lab = thing.shelf.lab
    old = str(value_at(thing.record(), spelling.field))
    mask = family.mask(spelling.field)
    if mask is None:
        return
    new = mask.value(lab)
    granted(thing.shelf.change(old if by_name else thing.id, {spelling.field: new}))
    renamed = str(mask.normal(new))
    exchange = granted(thing.shelf.get(renamed), f"{family.get} by the new {spelling.field}")
    if value_at(exchange.json, family.key) != thing.id:
        raise Broken(f"the new {spelling.field} means another {family.noun}")
    absent(lab, thing.shelf.get(old), f"{family.get} by a {spelling.field} that it had before")
