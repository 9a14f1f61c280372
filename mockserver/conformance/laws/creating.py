"""Laws of creating: what was sent is shown, kept, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance import world
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of, instant
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import broken_at, same
from mockserver.conformance.family import Family, here, there, with_value, without_value
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import granted, settled, unshown
from mockserver.conformance.naming import PROJECT
from mockserver.conformance.population import bystanders
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached
from mockserver.conformance.texts import said
from mockserver.conformance.things import Record, Thing, attempt, make, right_call
from mockserver.contract.contract import Contract
from mockserver.pointers import resolve


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's create call."""
    create, text = family.create, said(contract, family.create)
    for number, variant in enumerate(family.variants):
        mark = f"-{variant.name}" if number else ""
        run = partial(_shows_what_was_sent, family, variant.name)
        yield Rule(create, f"shows-what-was-sent{mark}", text, run)
        run = partial(_is_kept, family, variant.name)
        yield Rule(create, f"is-kept{mark}", text, run)
    yield Rule(create, "makes-one-and-moves-nothing", text, partial(_moves_nothing, family))
    yield Rule(create, "ids-are-new", text, partial(_ids_are_new, family))
    yield Rule(create, "names-its-parents", text, partial(_names_its_parents, family))
    yield Rule(create, "is-stamped", text, partial(_is_stamped, family))
    yield Rule(
        create,
        "unknown-keys-are-ignored",
        text,
        partial(_unknown_keys, family),
        Strength.INFERRED,
    )
    if family.has_neighbours:
        run = partial(_as_told_there, family)
        yield Rule(create, "works-in-each-project", text, run, needs=frozenset({"neighbour"}))


def created(lab: Lab, family: Family, variant: str = "") -> Thing:
    """Make a record by a call that must be granted.

    Raises:
        Broken: it was refused.
    """
    call = right_call(lab, family, here(lab), variant)
    thing, exchange = attempt(lab, family, here(lab), call)
    granted(exchange)
    if thing is None:
        raise Broken(f"{exchange} made nothing")
    return thing


def check_shown(thing: Thing) -> None:
    """Hold the answer to a create call against what was sent.

    Raises:
        Broken: a field that the contract knows is not shown as it was sent.
    """
    lab, family = thing.shelf.lab, thing.family
    exchange = thing.exchange
    if _is_short(family, exchange):
        shown: Any = thing.record()
        exchange = lab.trace[-1]
    else:
        shown = body_of(lab.contract, exchange)
    schema = _schema_of(lab, exchange)
    sent = expected_of(family, thing.call.body)
    for difference in unshown(lab.contract.document, schema, sent, shown):
        raise broken_at(difference, f"{exchange} does not show what was sent")


def expected_of(family: Family, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's body as a record must show it."""
    expected = dict(body)
    for field, echo in family.echo.items():
        value = value_at(body, field)
        if value is None:
            continue
        expected = without_value(expected, field)
        if echo.shown is not None:
            expected = with_value(expected, echo.shown, echo.normal(value))
    return expected


def _is_short(family: Family, exchange: Exchange) -> bool:
    return bool(family.made) or not isinstance(exchange.json, Mapping)


def _schema_of(lab: Lab, exchange: Exchange) -> Mapping[str, Any]:
    content = lab.contract.operations[exchange.operation_id].success.content
    if content is None or content.schema_pointer is None:
        return {}
    schema: Mapping[str, Any] = resolve(lab.contract.document, content.schema_pointer)
    return schema["items"] if schema.get("type") == "array" else schema


def _shows_what_was_sent(family: Family, variant: str, lab: Lab) -> None:
    check_shown(created(lab, family, variant))


def _is_kept(family: Family, variant: str, lab: Lab) -> None:
    """Create, get and list agree, and the list has it exactly once."""
    thing = created(lab, family, variant)
    record = thing.record()
    if not _is_short(family, thing.exchange):
        answered = thing.shelf.shown(thing.exchange)
        same(answered, record, f"a {family.noun} is read otherwise than it was created")
    check_listed(thing, record)


def check_listed(thing: Thing, record: Record, *names: str) -> None:
    """Hold that the lists of a noun have a record exactly once, as it is read.

    Args:
        thing: the record.
        record: as it is read.
        names: which lists; none: all.

    Raises:
        Broken: it has not.
    """
    for name in names or thing.family.lists:
        entries = thing.shelf.found(thing.id, operation=name)
        if len(entries) != 1:
            raise Broken(f"{name} shows a {thing.family.noun} {len(entries)} times, not once")
        same(shared(entries[0], record), shared(record, entries[0]), f"{name} differs from it")


def shared(record: Record, other: Record) -> dict[str, Any]:
    """Return what a record has of the fields that lists leave out, too.

    An answer that shows one record may carry fields that the entry of a list has no place for.
    """
    return {name: value for name, value in record.items() if name in other}


def _moves_nothing(family: Family, lab: Lab) -> None:
    others = bystanders(lab)
    call = right_call(lab, family, here(lab))
    before = world.snapshot(lab, others)
    thing, exchange = attempt(lab, family, here(lab), call)
    granted(exchange)
    if thing is None:
        raise Broken(f"{exchange} made nothing")
    after = world.snapshot(lab, [*others, thing])
    world.hold(before, after, allowed={thing.key}, doing="while one was created, ")
    if thing.key not in after.records:
        raise Broken(f"the {family.noun} that was created is not shown")


def _ids_are_new(family: Family, lab: Lab) -> None:
    things = [created(lab, family) for _ in range(3)]
    ids = [thing.id for thing in things]
    if len(set(ids)) != len(ids):
        raise Broken(f"three of them got the ids {ids}")
    for thing in things:
        check_own(thing)


def check_own(thing: Thing) -> None:
    """Hold that what is read under an id is that record, and says so.

    Raises:
        Broken: it is another.
    """
    record = thing.record()
    if record.get(thing.family.key) != thing.id:
        raise Broken(
            f"asked for {thing.id}, got {record.get(thing.family.key)}",
            pointer=f"/{thing.family.key}",
        )
    if _is_short(thing.family, thing.exchange):
        return
    answered = thing.shelf.shown(thing.exchange)
    same(
        settled(answered, thing.family),
        settled(record, thing.family),
        "another record is read than was created",
    )


def _names_its_parents(family: Family, lab: Lab) -> None:
    """Hold that a record says which project or organization it lies in."""
    thing = created(lab, family)
    record = thing.record()
    if "projectId" in record and PROJECT in thing.shelf.path:
        project = read_project(lab)
        # Source: ApiKey, whose example names the project.
        allowed = {project["id"]} if family.key != "key" else {project["id"], project["name"]}
        if record["projectId"] not in allowed:
            told = f"projectId is {record['projectId']!r}, not {project['id']!r}"
            raise Broken(told, pointer="/projectId")
    for name, value in thing.shelf.path.items():
        if name != PROJECT and name in record and record[name] != value:
            raise Broken(f"{name} is {record[name]!r}, not {value!r}", pointer=f"/{name}")


def read_project(lab: Lab) -> Record:
    """Return the project that we work in, as it is read.

    Raises:
        Unreached: it tells no id or no name.
    """
    project = lab.shared("project here", lambda lab: lab.need(Call("getProject")))
    if not isinstance(project, Mapping) or not {"id", "name"} <= project.keys():
        raise Unreached("getProject tells no id or no name")
    return project


def _is_stamped(family: Family, lab: Lab) -> None:
    """No updateTime before createTime, and a later record is not stamped earlier."""
    first, second = created(lab, family).record(), created(lab, family).record()
    for record in (first, second):
        made, moved = instant(record.get("createTime")), instant(record.get("updateTime"))
        if made is not None and moved is not None and moved.before(made):
            raise Broken("updateTime is before createTime", pointer="/updateTime")
    earlier, later = instant(first.get("createTime")), instant(second.get("createTime"))
    # Several servers may differ by a moment.
    if earlier is not None and later is not None and (earlier.at - later.at).total_seconds() > 1:
        raise Broken("the second record was created before the first", pointer="/createTime")


def _unknown_keys(family: Family, lab: Lab) -> None:
    call = right_call(lab, family, here(lab))
    plain, _ = attempt(lab, family, here(lab), call)
    unknown = {"ctUnknown": {"a": [1]}, "createTime": "2001-01-01"}
    more = right_call(lab, family, here(lab), fields=unknown)
    thing, exchange = attempt(lab, family, here(lab), more)
    granted(exchange, "a right call with unknown keys in its body")
    if plain is None or thing is None:
        raise Broken(f"{exchange} made nothing")
    if value_at(thing.record(), "createTime") == "2001-01-01":
        raise Broken("createTime was taken from the request", pointer="/createTime")


def _as_told_there(family: Family, lab: Lab) -> None:
    """Hold that a record of the neighbour project is like one of ours, and only there."""
    theirs = make(lab, family, there(lab))
    check_own(theirs)
    ours = created(lab, family)
    check_own(ours)
    for name in family.lists:
        if ours.shelf.found(theirs.id, operation=name):
            raise Broken(f"{name} shows a {family.noun} of another project")
        if theirs.shelf.found(ours.id, operation=name):
            raise Broken(f"{name} of another project shows our {family.noun}")
