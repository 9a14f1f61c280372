"""Laws of filters: a filtered list has exactly those of the whole one that match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import combinations, product
from typing import Any

from mockserver.conformance.family import Family, Filter
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import PREFIX, Lab
from mockserver.conformance.laws.expect import granted
from mockserver.conformance.rules import Broken, Rule, Unreached
from mockserver.conformance.texts import of_parameter
from mockserver.conformance.things import Record, Shelf, Thing, make
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of the filters of a noun's lists."""
    for name in family.lists:
        known = {p.name for p in contract.operations[name].parameters}
        filters = [
            one
            for one in family.filters
            if one.parameter in known and (not one.lists or name in one.lists)
        ]
        for size in range(1, len(filters) + 1):
            for chosen in combinations(filters, size):
                yield _rule(contract, family, name, chosen)


def _rule(contract: Contract, family: Family, name: str, chosen: tuple[Filter, ...]) -> Rule:
    joined = "-and-".join(one.parameter for one in chosen)
    text = of_parameter(contract, name, chosen[0].parameter)
    return Rule(name, f"{joined}-narrows", text, partial(_narrows, family, name, chosen))


def _narrows(family: Family, name: str, chosen: tuple[Filter, ...], lab: Lab) -> None:
    things = spread(lab, family)
    where = things[0].shelf
    ids = [thing.id for thing in things]
    whole = _of(where, where.entries(operation=name), ids)
    if len(whole) < 2:
        raise Unreached(f"{name} shows too few of ours to tell filters apart")
    values = [sorted({v for r in whole.values() if (v := one.of(r)) is not None}) for one in chosen]
    for wanted in [*product(*values), *_unmatched(lab, chosen, values)]:
        query = dict(zip((one.parameter for one in chosen), wanted, strict=True))
        exchange = granted(where.listing(operation=name, **query), f"{name} with {query}")
        entries = exchange.json if isinstance(exchange.json, list) else []
        check_narrowed(where, chosen, query, whole, entries)


def check_narrowed(
    where: Shelf,
    chosen: tuple[Filter, ...],
    query: Mapping[str, str],
    whole: Mapping[str, Record],
    entries: list[Any],
) -> None:
    """Hold a filtered list against the whole one.

    Raises:
        Broken: it lacks one of ours that matches, or has one (of anybody's) that does not.
    """
    family = where.family

    def matches(record: Any) -> bool:
        return all(one.keeps(query[one.parameter], record) for one in chosen)

    listed = [str(value_at(entry, family.key)) for entry in entries]
    for identifier, record in whole.items():
        number, wanted = listed.count(identifier), int(matches(record))
        if number != wanted:
            told = "matches" if wanted else "does not match"
            raise Broken(f"with {query}, a {family.noun} that {told} is listed {number} times")
    for entry in entries:
        if not matches(entry):
            raise Broken(f"with {query}, a {family.noun} that does not match is listed")


def spread(lab: Lab, family: Family) -> list[Thing]:
    """Make records that filters tell apart: of each kind, and with one value after another shared.

    For a filter over a field of the create call, a record is made that shares that field with the
    first one and nothing else; for one over `active`, a record is switched off.
    """
    first = make(lab, family)
    last = family.variants[-1].name
    things = [first, make(lab, family, variant=last)]
    for one in family.filters:
        if one.only_true:
            off = make(lab, family)
            for name in family.lists:  # a list must not remember what a record was
                off.shelf.listing(operation=name, **{one.parameter: "true"})
            granted(off.change({one.field: False}))
            things.append(off)
            continue
        if not one.is_free:
            things.append(make(lab, family))
            continue
        value = value_at(first.call.body, one.field)
        if value is not None and "." not in one.field:
            things.append(make(lab, family, None, last, {one.field: value}))
    return things


def _of(where: Shelf, entries: list[Any], ids: list[str]) -> dict[str, Record]:
    key = where.family.key
    return {
        str(entry[key]): entry
        for entry in entries
        if isinstance(entry, Mapping) and entry.get(key) in ids
    }


def _unmatched(
    lab: Lab, chosen: tuple[Filter, ...], values: list[list[str]]
) -> Iterator[tuple[str, ...]]:
    """Yield what to ask for so that nothing matches, and the false of boolean filters."""
    for number, one in enumerate(chosen):
        others = [found[0] if found else "" for found in values]
        if one.only_true:
            yield (*others[:number], "false", *others[number + 1 :])
        elif one.is_open and all(values):
            for wanted in _nearly(lab, others[number]):
                yield (*others[:number], wanted, *others[number + 1 :])


def _nearly(lab: Lab, value: str) -> Iterator[str]:
    """Yield nobody's id, the beginning of somebody's, and a reference of ours in other letters.

    A reference is the caller's own id of somebody: two that differ are two. What the target made
    itself, as a UUID, may be compared without regard to case.
    """
    yield lab.absent()
    yield value[:-1]
    if f"{PREFIX}{lab.run}-" in value:
        yield value.swapcase()
