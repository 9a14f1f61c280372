"""Laws of reading: the right record, again and again, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance import world
from mockserver.conformance.expect import same
from mockserver.conformance.family import Family, Flag
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import check_listed, check_own
from mockserver.conformance.laws.expect import absent, granted, refused
from mockserver.conformance.rules import Broken, Rule
from mockserver.conformance.texts import of_parameter, said
from mockserver.conformance.things import Thing, make
from mockserver.contract.contract import Contract

#: Records that a list without pages is tried with: more than the usual page of 20 or 25.
_MANY = 26
#: Path values that name nothing; none is well formed for an id.
_MALFORMED = ("nosuch", "x" * 300, "a/b", "' OR 1=1 --", "00000000-0000-4000-8000", "null")


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's reads."""
    if family.get is not None:
        text = said(contract, family.get)
        yield Rule(family.get, "shows-the-one-asked-for", text, partial(_one_asked_for, family))
        yield Rule(family.get, "moves-nothing", text, partial(_get_moves_nothing, family))
        yield Rule(family.get, "absent-is-refused", text, partial(_absent, family))
        yield Rule(family.get, "malformed-is-refused", text, partial(_malformed, family))
    for name in family.lists:
        text = said(contract, name)
        yield Rule(name, "shows-each-once", text, partial(_each_once, family, name))
        yield Rule(name, "moves-nothing", text, partial(_list_moves_nothing, family, name))
        # What stays cannot be taken away again, and routes cost three calls each.
        if family.delete is not None and not family.stays and not family.references:
            yield Rule(name, "shows-many", text, partial(_many, family, name))
    for flag in family.flags:
        text = of_parameter(contract, flag.operation_id, flag.parameter)
        name = f"{flag.parameter}-shows-what-it-says"
        yield Rule(flag.operation_id, name, text, partial(_flag, family, flag), flag.strength)


def _one_asked_for(family: Family, lab: Lab) -> None:
    things = [make(lab, family) for _ in range(3)]
    for thing in [things[1], things[0], things[2]]:
        check_own(thing)


def _get_moves_nothing(family: Family, lab: Lab) -> None:
    thing = make(lab, family)
    with world.unmoved(lab, [thing], "by a read, "):
        first = granted(thing.shelf.get(thing.id))
        again = granted(thing.shelf.get(thing.id))
    same(
        thing.shelf.shown(first),
        thing.shelf.shown(again),
        f"a second {family.get} answers otherwise",
    )


def _absent(family: Family, lab: Lab) -> None:
    where = make(lab, family).shelf
    absent(lab, where.get(lab.absent()), f"reading a {family.noun} that is not there")


def _malformed(family: Family, lab: Lab) -> None:
    thing = make(lab, family)
    for text in (*_MALFORMED, thing.id[:-1], f"{thing.id}0", f" {thing.id}"):
        what = f"reading a {family.noun} called {text[:40]!r}"
        refused(thing.shelf.get(text), {400, 403, 404, 414, 422}, what)


def _each_once(family: Family, name: str, lab: Lab) -> None:
    things = [make(lab, family, variant=variant.name) for variant in family.variants]
    things.append(make(lab, family))
    for thing in things:
        check_listed(thing, thing.record(), name)


def _many(family: Family, name: str, lab: Lab) -> None:
    """Hold that a list without pages shows more than a page: each of many, once."""
    things = [make(lab, family) for _ in range(_MANY)]
    keys = [value_at(one, family.key) for one in things[0].shelf.entries(operation=name)]
    for number, thing in enumerate(things, 1):
        shown = keys.count(thing.id)
        if shown != 1:
            told = f"{name} shows number {number} of {_MANY} that were made {shown} times"
            raise Broken(f"{told}; it shows {len(keys)} in all")


def _list_moves_nothing(family: Family, name: str, lab: Lab) -> None:
    thing = make(lab, family)
    before = thing.record()
    first = thing.shelf.found(thing.id, operation=name)
    again = thing.shelf.found(thing.id, operation=name)
    same(first, again, f"a second {name} shows it otherwise")
    same(before, thing.record(), f"{name} moved what it shows")


def _flag(family: Family, flag: Flag, lab: Lab) -> None:
    """Hold that what a flag adds is there when it is true, and only then."""
    thing = make(lab, family, variant=flag.variant)
    before = thing.record()
    for query, wanted in (({}, False), ({flag.parameter: "false"}, False)):
        _check_flag(thing, flag, query, wanted)
    _check_flag(thing, flag, {flag.parameter: "true"}, True)
    _check_flag(thing, flag, {}, False)
    same(before, thing.record(), f"{flag.parameter} moved what it shows")


def _check_flag(thing: Thing, flag: Flag, query: dict[str, str], wanted: bool) -> None:
    exchange = granted(thing.shelf.on(flag.operation_id, thing.id, query=query))
    shown = value_at(exchange.json, flag.shown) not in (None, "", {}, [])
    if shown != wanted:
        asked = f"{flag.parameter}={query[flag.parameter]}" if query else f"no {flag.parameter}"
        verb = "is shown" if shown else "is not shown"
        where = "/" + flag.shown.replace(".", "/")
        raise Broken(f"with {asked}, {flag.shown} {verb}", pointer=where)
