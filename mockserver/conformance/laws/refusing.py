"""Laws of refused updates: nothing is applied, not even in part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance import world
from mockserver.conformance.comparison import instant
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.family import Family
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import absent, granted, refused, settled
from mockserver.conformance.population import bystanders
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_field, of_status, resolve, said
from mockserver.conformance.things import Thing, make
from mockserver.contract.contract import Contract

_UNKNOWN = ("noSuchField", "id", "createTime", "metadata.noSuchField", "LABEL", "*", "")

#: Values for what no mask may name.
_INTRUDING: Mapping[str, Any] = {
    "noSuchField": "x",
    "id": "x",
    "createTime": "2001-01-01T00:00:00Z",
}


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's update call, as far as it must be refused."""
    if family.update is None:
        return
    update, text = family.update, said(contract, family.update)
    yield Rule(update, "absent-is-refused", text, partial(_absent, family))
    yield Rule(update, "updateTime-moves", text, partial(_times, family))
    if not family.is_masked:
        return
    masks = of_field(contract, update, "updateMask")
    yield Rule(update, "unknown-mask-is-refused", masks, partial(_unknown, family))
    strength, cites = valueless(contract, family)
    run = partial(_valueless, family)
    yield Rule(update, "mask-without-value-is-refused", cites, run, strength)
    run = partial(_empty_mask, family)
    yield Rule(update, "empty-mask-applies-nothing", masks, run)
    run = partial(_applies_nothing, family)
    yield Rule(update, "refused-applies-nothing", masks, run)


def valueless(contract: Contract, family: Family) -> tuple[Strength, str]:
    """Return how well founded it is that a mask without a value is refused, and by which text.

    As what it is refused stays open: where a 422 speaks of it, a 400 "bad request" is declared too.
    """
    update = str(family.update)
    masks = of_field(contract, update, "updateMask")
    declared = of_status(contract, update, 422)
    if "value not found" in resolve(contract, declared):
        return Strength.PROMISED, declared
    text = resolve(contract, masks)
    if "corresponding value" in " ".join(text.split()):
        return Strength.PROMISED, masks
    return Strength.INFERRED, masks


def check_refused(thing: Thing, exchange: Exchange, statuses: frozenset[int], what: str) -> None:
    """Hold that an update was refused.

    Raises:
        Broken: it was not.
    """
    refused(exchange, statuses, f"updating a {thing.family.noun} with {what}")


def _absent(family: Family, lab: Lab) -> None:
    """Hold that what is not there is not updated, and not made either."""
    thing = make(lab, family)
    known = [thing, *bystanders(lab, family.noun)]
    values = fresh_values(lab, family)
    with world.unmoved(lab, known, "by an update of what is not there, "):
        exchange = thing.shelf.change(lab.absent(), values)
        absent(lab, exchange, f"updating a {family.noun} that is not there")


def _unknown(family: Family, lab: Lab) -> None:
    """Try it alone and beside a right one; nothing may be applied."""
    thing = make(lab, family)
    before = thing.record()
    path, value = next(iter(fresh_values(lab, family).items()))
    for unknown in _UNKNOWN:
        for mask in ([unknown], [path, unknown], [unknown, path]):
            exchange = thing.change({path: value, **_INTRUDING}, mask)
            check_refused(thing, exchange, INVALID, f"the mask {unknown!r}")
            same(before, thing.record(), "a refused update moved the record")


def _empty_mask(family: Family, lab: Lab) -> None:
    """Hold that a mask of nothing changes nothing, whether it is granted or refused."""
    thing = make(lab, family)
    before = thing.record()
    exchange = thing.change(fresh_values(lab, family), [])
    if not exchange.answer.is_success:
        refused(exchange, INVALID, "an update with an empty mask")
    now = settled(thing.record(), family)
    same(settled(before, family), now, "an update with an empty mask")


def _valueless(family: Family, lab: Lab) -> None:
    """Try each path without a value, alone and behind those that have one."""
    for variant in family.variants:
        thing = make(lab, family, variant=variant.name)
        before = thing.record()
        values = fresh_values(lab, family, variant.name)
        for path in values:
            others = {name: value for name, value in values.items() if name != path}
            cases: tuple[dict[str, Any], ...] = ({}, others)
            for given in cases:
                exchange = thing.change(given, [*given, path])
                check_refused(thing, exchange, INVALID, f"no value for {path}")
                same(before, thing.record(), "a refused update moved the record")


def _applies_nothing(family: Family, lab: Lab) -> None:
    thing = make(lab, family)
    values = fresh_values(lab, family)
    with world.unmoved(lab, [thing, *bystanders(lab)], "by a refused update, "):
        exchange = thing.change({**values, "noSuchField": 1}, [*values, "noSuchField"])
        check_refused(thing, exchange, INVALID, "an unknown mask behind right ones")


def _times(family: Family, lab: Lab) -> None:
    """Hold that updateTime moves with each update, never backwards, and createTime never.

    Whether it had to move is only known when the target's clock did: when a record that was made
    between the two updates is younger than the first update.
    """
    thing = make(lab, family)
    created = thing.record().get("createTime")
    stamps = []
    for _ in range(2):
        between = instant(make(lab, family).record().get("createTime"))
        values = dict([next(iter(fresh_values(lab, family).items()))])
        granted(thing.change(values))
        record = thing.record()
        same(created, record.get("createTime"), "createTime")
        stamps.append(instant(record.get("updateTime")))
    made, (first, second) = instant(created), stamps
    if made is not None and first is not None and first.before(made):
        raise Broken("updateTime is before createTime", pointer="/updateTime")
    if first is None or second is None:
        return
    if second.before(first):
        raise Broken("updateTime went backwards", pointer="/updateTime")
    if between is not None and first.before(between) and second.at == first.at:
        raise Broken("updateTime did not move with the second update", pointer="/updateTime")
