"""Laws of finding again: what was made is there, under the name that it was given.

A mock that answers every call with its example looks right call by call, and its lists agree with
its reads. What it does not have is the record that was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance.calls import Call
from mockserver.conformance.family import Family, here
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import PREFIX, Lab
from mockserver.conformance.laws.creating import expected_of
from mockserver.conformance.laws.expect import granted
from mockserver.conformance.rules import Broken, Rule, Unreached
from mockserver.conformance.texts import said
from mockserver.conformance.things import Shelf, right_call
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the law of what a noun's create call made."""
    if family.lists or family.get is not None:
        run = partial(_is_found, family)
        yield Rule(family.create, "is-found-again", said(contract, family.create), run)


def _is_found(family: Family, lab: Lab) -> None:
    """Look for what only this record can have: in each list, and in the record itself."""
    call = right_call(lab, family, here(lab))
    where = Shelf(lab, family, here(lab), call.path)
    field, value = distinction(lab, family, call)
    exchange = granted(where.send(call))
    for name in family.lists:
        found = [one for one in where.entries(operation=name) if value_at(one, field) == value]
        if len(found) != 1:
            told = f"{name} shows {len(found) or 'none'}"
            raise _lost(family, f"{told} whose {field} is {value!r}", field)
    made = value_at(exchange.json, family.made or family.key)
    if family.get is None or not isinstance(made, str):
        return
    read = where.get(made)
    if not read.answer.is_success:
        raise _lost(family, f"{read}", field)
    if value_at(read.json, field) != value:
        told = f"{family.get} shows the {field} {value_at(read.json, field)!r}, not {value!r}"
        raise _lost(family, told, field)


def _lost(family: Family, why: str, field: str) -> Broken:
    pointer = "/" + field.replace(".", "/")
    return Broken(f"created {family.noun} is not found again: {why}", pointer=pointer)


def distinction(lab: Lab, family: Family, call: Call) -> tuple[str, str]:
    """Return where a record shows a text that no other record has, and the text.

    That is a text with the mark of the lab, or the id of a parent that was made for it.

    Raises:
        Unreached: a create call has none.
    """
    body = call.body if isinstance(call.body, dict) else {}
    shown = expected_of(family, body)
    for field, value in body.items():
        if f"{PREFIX}{lab.run}-" in str(value) and isinstance(value, str):
            echo = family.echo.get(field)
            place = field if echo is None else echo.shown
            if place is not None:
                return place, str(value_at(shown, place))
    for reference in family.references:
        if isinstance(body.get(reference.field), str):
            return reference.field, body[reference.field]
    raise Unreached(f"nothing tells a {family.noun} from others")
