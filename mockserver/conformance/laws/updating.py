"""Laws of updating: exactly what the mask names changes, is answered and is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance import world
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import same
from mockserver.conformance.family import Family, Flag, Mask, with_value
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import check_listed
from mockserver.conformance.laws.expect import NOTHING, granted, settled
from mockserver.conformance.population import bystanders
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.texts import of_field, said
from mockserver.conformance.things import Record, Thing, make
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's update call, as far as it must be granted."""
    if family.update is None:
        return
    update, text = family.update, said(contract, family.update)
    for mask in family.masks:
        mark = f"-{mask.variant}" if mask.variant else ""
        field = of_field(contract, update, *_steps(family, mask))
        yield Rule(update, f"only-{mask.path}-changes{mark}", field, partial(_only, family, mask))
    yield Rule(update, "is-kept", text, partial(_is_kept, family))
    yield Rule(update, "moves-nothing-else", text, partial(_moves_nothing_else, family))
    yield Rule(update, "id-and-createTime-stay", text, partial(_own_fields_stay, family))
    for flag in family.flags:
        of_flag = family.variant(flag.variant).name
        if not any(family.variant(mask.variant).name == of_flag for mask in family.masks):
            continue
        run = partial(_hidden_stays, family, flag)
        yield Rule(update, f"what-{flag.parameter}-shows-stays", text, run)
    for mask in family.masks:
        if mask.falsy:
            yield _falsy_rule(contract, family, mask)
    if family.is_masked:
        masks = of_field(contract, update, "updateMask")
        yield Rule(update, "several-masks", masks, partial(_several, family))
        yield Rule(update, "unmasked-is-ignored", masks, partial(_unmasked, family))


def _steps(family: Family, mask: Mask) -> list[str]:
    return [family.values, *mask.path.split(".")] if family.is_masked else mask.path.split(".")


def _falsy_rule(contract: Contract, family: Family, mask: Mask) -> Rule:
    mark = f"-{mask.variant}" if mask.variant else ""
    # That false is a value is what a boolean field is for; of other values nobody says it.
    strength = Strength.PROMISED if False in mask.falsy else Strength.INFERRED
    return Rule(
        str(family.update),
        f"empty-{mask.path}-counts{mark}",
        of_field(contract, str(family.update), *_steps(family, mask)),
        partial(_falsy, family, mask),
        strength,
    )


def changed_record(family: Family, record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it must be after an update of some masks."""
    after = dict(record)
    for path, value in values.items():
        mask = family.mask(path)
        if mask is not None and mask.shown is not None:
            after = with_value(after, mask.shown, mask.normal(value))
    return after


def check_changed(thing: Thing, exchange: Exchange, expected: Record, what: str) -> None:
    """Hold that an update was granted, answers the changed record, and that it is kept.

    Raises:
        Broken: it is not so.
    """
    granted(exchange, what)
    answered = thing.shelf.shown(exchange)
    if isinstance(answered, Mapping):
        same(
            settled(expected, thing.family), settled(answered, thing.family), f"{what}: the answer"
        )
    record = thing.record()
    same(
        settled(expected, thing.family),
        settled(record, thing.family),
        f"{what}: as it is read afterwards",
    )
    if isinstance(answered, Mapping):
        same(answered.get("updateTime"), record.get("updateTime"), f"{what}: updateTime as read")
    check_listed(thing, record)


def _only(family: Family, mask: Mask, lab: Lab) -> None:
    thing = make(lab, family, variant=mask.variant)
    before = thing.record()
    check_listed(thing, before)
    values = {mask.path: mask.value(lab)}
    exchange = thing.change(values)
    expected = changed_record(family, before, values)
    check_changed(thing, exchange, expected, f"updating {mask.path}")


def _several(family: Family, lab: Lab) -> None:
    """Name all masks at once, in both orders."""
    for variant in family.variants:
        values = fresh_values(lab, family, variant.name)
        if len(values) < 2:
            continue
        for paths in (list(values), list(values)[::-1]):
            thing = make(lab, family, variant=variant.name)
            fresh = fresh_values(lab, family, variant.name)
            expected = changed_record(family, thing.record(), fresh)
            exchange = thing.change(fresh, paths)
            check_changed(thing, exchange, expected, f"updating {', '.join(paths)}")


def _unmasked(family: Family, lab: Lab) -> None:
    """Give every field a value and name one of them, each in turn."""
    for variant in family.variants:
        for path in fresh_values(lab, family, variant.name):
            thing = make(lab, family, variant=variant.name)
            values = fresh_values(lab, family, variant.name)
            expected = changed_record(family, thing.record(), {path: values[path]})
            exchange = thing.change(values, [path])
            what = f"updating {path} with values for {len(values)} fields"
            check_changed(thing, exchange, expected, what)


def _falsy(family: Family, mask: Mask, lab: Lab) -> None:
    thing = make(lab, family, variant=mask.variant)
    for value in mask.falsy:
        granted(thing.change({mask.path: mask.value(lab)}))
        before = value_at(thing.record(), str(mask.shown))
        granted(thing.change({mask.path: value}), f"updating {mask.path} to {value!r}")
        shown = value_at(thing.record(), str(mask.shown))
        # What is empty may be left out, or be empty in another way.
        if shown != value and (value is False or shown not in NOTHING):
            raise Broken(
                f"{mask.path} was set to {value!r} and is {shown!r}",
                pointer="/" + str(mask.shown).replace(".", "/"),
                # Nobody says that it must be taken; what is granted is not left undone.
                strength=Strength.PROMISED if shown == before else None,
            )


def _is_kept(family: Family, lab: Lab) -> None:
    thing, brother = make(lab, family), make(lab, family)
    other = brother.record()
    for _ in range(2):
        values = dict([next(iter(fresh_values(lab, family).items()))])
        expected = changed_record(family, thing.record(), values)
        check_changed(thing, thing.change(values), expected, "an update")
    same(other, brother.record(), f"another {family.noun} changed")


def _moves_nothing_else(family: Family, lab: Lab) -> None:
    thing, brother = make(lab, family), make(lab, family)
    known = [*bystanders(lab), brother, thing]
    before = world.snapshot(lab, known)
    granted(thing.change(fresh_values(lab, family)))
    after = world.snapshot(lab, known)
    world.hold(before, after, allowed={thing.key}, doing=f"while a {family.noun} was updated, ")
    if thing.key not in after.records:
        raise Broken(f"a {family.noun} that was updated is not shown any more")


def _hidden_stays(family: Family, flag: Flag, lab: Lab) -> None:
    """Hold that what is only shown on request stays as it is, as the rest that no mask names."""
    thing = make(lab, family, variant=flag.variant)

    def hidden() -> Any:
        query = {flag.parameter: "true"}
        exchange = granted(thing.shelf.on(flag.operation_id, thing.id, query=query))
        return value_at(exchange.json, flag.shown)

    before = hidden()
    path, value = next(iter(fresh_values(lab, family, flag.variant).items()))
    granted(thing.change({path: value}))
    same(before, hidden(), f"{flag.shown}, after an update of {path}")


def _own_fields_stay(family: Family, lab: Lab) -> None:
    """Hold that what the server makes of a record does not come from requests."""
    thing = make(lab, family)
    before = thing.record()
    values = dict([next(iter(fresh_values(lab, family).items()))])
    intruding = {family.key: lab.absent(), "createTime": "2001-01-01T00:00:00Z"}
    exchange = thing.change({**values, **intruding}, list(values))
    if not exchange.answer.is_success:
        # Nobody says that unknown keys are taken; then a plain update must do.
        exchange = granted(thing.change(values))
    expected = changed_record(family, before, values)
    check_changed(thing, exchange, expected, "an update with a foreign id and createTime")
