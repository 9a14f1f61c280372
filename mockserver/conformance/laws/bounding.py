"""Laws of bounds: what the text allows is taken and shown, what it rules out is refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance.attempts import each
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.family import Bound, Family, Maker, here
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import check_listed, check_shown
from mockserver.conformance.laws.expect import granted, refused
from mockserver.conformance.laws.updating import changed_record, check_changed
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_field
from mockserver.conformance.things import attempt, make, right_call, with_field
from mockserver.conformance.world import is_ours
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of what a noun's fields take."""
    for number, bound in enumerate(family.bounds):
        again = sum(one.field == bound.field for one in family.bounds[:number])
        mark = f"{bound.field}-{again + 1}" if again else bound.field
        yield from _of_create(contract, family, bound, mark)
        if bound.on_update is not None and family.update is not None:
            yield from _of_update(contract, family, bound, mark)


def _of_create(contract: Contract, family: Family, bound: Bound, mark: str) -> Iterator[Rule]:
    create = family.create
    text = bound.cites or of_field(contract, create, *bound.field.split("."))
    if bound.taken:
        run = partial(_taken, family, bound)
        yield Rule(create, f"{mark}-takes-what-it-may", text, run, bound.strength)
    if bound.refused:
        run = partial(_refused, family, bound)
        yield Rule(create, f"{mark}-refuses-the-rest", text, run, bound.strength)


def _of_update(contract: Contract, family: Family, bound: Bound, mark: str) -> Iterator[Rule]:
    update, strength = str(family.update), bound.on_update or Strength.INFERRED
    path = [family.values] if family.is_masked else []
    text = of_field(contract, update, *path, *bound.field.split("."))
    if bound.taken:
        run = partial(_taken_by_update, family, bound)
        yield Rule(update, f"{mark}-takes-what-it-may", text, run, strength)
    if bound.refused:
        run = partial(_refused_by_update, family, bound)
        yield Rule(update, f"{mark}-refuses-the-rest", text, run, strength)


def _taken(family: Family, bound: Bound, lab: Lab) -> None:
    def attempt_one(maker: Maker) -> None:
        value = maker(lab)
        call = right_call(lab, family, here(lab), bound.variant, {bound.field: value})
        thing, exchange = attempt(lab, family, here(lab), call)
        granted(exchange, f"{bound.field} {_shown(value)}")
        if thing is None:
            raise Broken(f"{exchange} made nothing")
        check_shown(thing)
        check_listed(thing, thing.record())

    each(bound.taken, attempt_one)


def _refused(family: Family, bound: Bound, lab: Lab) -> None:
    """Try each; afterwards nothing was made."""
    call = right_call(lab, family, here(lab), bound.variant)
    thing = make(lab, family, variant=bound.variant)

    def attempt_one(maker: Maker) -> None:
        value = maker(lab)
        exchange = thing.shelf.send(with_field(call, bound.field, value))
        refused(exchange, INVALID, f"{bound.field} {_shown(value)}")

    each(bound.refused, attempt_one)
    for entry in thing.shelf.entries() if family.lists else ():
        if is_ours(lab, entry, ()) and value_at(entry, family.key) != thing.id:
            raise Broken(f"a refused create call made a {family.noun}")


def _taken_by_update(family: Family, bound: Bound, lab: Lab) -> None:
    thing = make(lab, family, variant=bound.variant)

    def attempt_one(maker: Maker) -> None:
        value = maker(lab)
        expected = changed_record(family, thing.record(), {bound.field: value})
        exchange = thing.change({bound.field: value})
        check_changed(thing, exchange, expected, f"updating {bound.field} to {_shown(value)}")

    each(bound.taken, attempt_one)


def _refused_by_update(family: Family, bound: Bound, lab: Lab) -> None:
    thing = make(lab, family, variant=bound.variant)
    before = thing.record()

    def attempt_one(maker: Maker) -> None:
        value = maker(lab)
        exchange = thing.change({bound.field: value})
        refused(exchange, INVALID, f"updating {bound.field} to {_shown(value)}")
        same(before, thing.record(), "a refused update moved the record")

    each(bound.refused, attempt_one)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:30]}… ({len(text)} characters)"
