"""Right calls of a noun's operations, derived from its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.family import Family, here
from mockserver.conformance.lab import Lab
from mockserver.conformance.things import (
    Shelf,
    Thing,
    make,
    own_parameter,
    right_call,
    shelf,
    update_body,
)


def right_calls(family: Family) -> RightCalls:
    """Return a right call maker for each operation of a noun.

    Reads, updates and deletes are of a record that is made for them.
    """
    found: dict[str, Callable[[Lab], Call]] = {family.create: partial(_create, family)}
    for name in family.lists:
        found[name] = partial(_list, family, name)
    for operation in (family.get, family.delete):
        if operation is not None:
            found[operation] = partial(_on_new, family, operation)
    if family.update is not None:
        found[family.update] = partial(_update, family)
    return found


def of_thing(operation_id: str, thing: Thing, body: object = NO_BODY) -> Call:
    """Return the call of an operation on one record."""
    parameter = own_parameter(thing.shelf.lab.contract.operations[operation_id])
    path = {**thing.shelf.path, parameter: thing.id}
    return Call(operation_id, path, body=body, caller=thing.shelf.who)


def fresh_values(lab: Lab, family: Family, variant: str = "") -> Mapping[str, object]:
    """Return path -> new value, for every mask that records of a variant take."""
    wanted = family.variant(variant).name
    return {
        mask.path: mask.value(lab)
        for mask in family.masks
        if family.variant(mask.variant).name == wanted
    }


def _create(family: Family, lab: Lab) -> Call:
    return replace(right_call(lab, family, here(lab)), caller=family.caller)


def _on_new(family: Family, operation_id: str, lab: Lab) -> Call:
    return of_thing(operation_id, make(lab, family))


def _update(family: Family, lab: Lab) -> Call:
    path, value = next(iter(fresh_values(lab, family).items()))
    body = update_body(family, {path: value})
    return of_thing(str(family.update), make(lab, family), body)


def _list(family: Family, operation_id: str, lab: Lab) -> Call:
    where = shelf_for(lab, family)
    return Call(operation_id, where.path, caller=where.who)


def shelf_for(lab: Lab, family: Family) -> Shelf:
    """Return a shelf of a noun. A parent that is not the project itself comes with a record."""
    known = set(family.path(lab, here(lab)))
    parameters = lab.contract.operations[family.lists[0]].parameters
    wanted = {p.name for p in parameters if p.place == "path"}
    return shelf(lab, family) if wanted <= known else make(lab, family).shelf
