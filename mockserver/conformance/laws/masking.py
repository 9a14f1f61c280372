"""Laws of masks: only the listed paths are masks, and what was changed before stays changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.family import Family, at, with_value
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import granted
from mockserver.conformance.laws.refusing import check_refused
from mockserver.conformance.laws.updating import changed_record, check_changed
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Rule, Unreached
from mockserver.conformance.texts import of_field, resolve
from mockserver.conformance.things import make
from mockserver.contract.contract import Contract

#: How the contract's texts list masks: one a line, behind a dash.
_LISTED = re.compile(r"^\s*- `?([\w.]+)`?", re.MULTILINE)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of a noun's updateMask."""
    if family.update is None or not family.is_masked:
        return
    update, masks = family.update, of_field(contract, family.update, "updateMask")
    run = partial(_misspelt, family)
    yield Rule(update, "misspelt-masks-are-refused", masks, run)
    above = parents(contract, family)
    if above:
        run = partial(_parents, family, above)
        yield Rule(update, "masks-of-parents-are-refused", masks, run)
    if len(family.masks) > 1:
        yield Rule(update, "keeps-former-changes", masks, partial(_keeps_former, family))


def parents(contract: Contract, family: Family) -> tuple[str, ...]:
    """Return the paths above the listed ones that are not listed themselves.

    `config.content.read.objects.` stands for a path with the name of an object behind it.
    """
    text = str(resolve(contract, of_field(contract, str(family.update), "updateMask")))
    listed = {*_LISTED.findall(text), *(mask.path for mask in family.masks)}
    above = set()
    for path in listed:
        steps = path.split(".")
        above |= {".".join(steps[:number]) for number in range(1, len(steps))}
    return tuple(sorted(above - listed - set(family.shorthands)))


def misspelt(path: str) -> Iterator[str]:
    """Yield a path as somebody might write it who does not look it up."""
    others = (path.upper(), path[:1].upper() + path[1:], _CAPITAL.sub("_", path).lower())
    yield from dict.fromkeys(other for other in others if other != path)


def _misspelt(family: Family, lab: Lab) -> None:
    """Give a value under both spellings: only the mask is wrong."""
    known = {mask.path for mask in family.masks}
    for variant in family.variants:
        values = fresh_values(lab, family, variant.name)
        if not values:
            continue
        thing = make(lab, family, variant=variant.name)
        before = thing.record()
        for path, value in values.items():
            for wrong in misspelt(path):
                if wrong not in known:
                    exchange = thing.change({path: value, wrong: value}, [wrong])
                    check_refused(thing, exchange, INVALID, f"the mask {wrong!r}")
        same(before, thing.record(), "a refused update moved the record")


def _parents(family: Family, above: tuple[str, ...], lab: Lab) -> None:
    """Name what holds the listed paths, alone and beside a right one."""
    thing = make(lab, family)
    before = thing.record()
    values = fresh_values(lab, family)
    for path in above:
        given = {path: {}, **values} if at(_nested(values), path) is None else dict(values)
        for mask in ([path], [*values, path]):
            exchange = thing.change(given, mask)
            check_refused(thing, exchange, INVALID, f"the mask {path!r}, which is not listed")
            same(before, thing.record(), "a refused update moved the record")


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in values.items():
        nested = with_value(nested, path, value)
    return nested


def _keeps_former(family: Family, lab: Lab) -> None:
    """Change everything, then one thing after another: each time the rest stays as changed."""
    tried = False
    for variant in family.variants:
        values = fresh_values(lab, family, variant.name)
        if len(values) < 2:
            continue
        tried = True
        thing = make(lab, family, variant=variant.name)
        granted(thing.change(values), "an update of everything")
        for path, value in fresh_values(lab, family, variant.name).items():
            expected = changed_record(family, thing.record(), {path: value})
            check_changed(thing, thing.change({path: value}), expected, f"then updating {path}")
    if not tried:
        raise Unreached("no kind of record takes two masks")
