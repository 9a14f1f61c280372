"""Rules about paths: what names nothing is not found, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.lab import PROJECT, Lab
from mockserver.conformance.rules import Rule, Strength
from mockserver.conformance.shapes.refusals import WRONG, require_refusal
from mockserver.conformance.texts import said
from mockserver.conformance.unchanged import unchanged
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation, Parameter

#: What a request for something that is not there may be answered.
ABSENT = WRONG | {403, 404}
_FAR = ABSENT | {414, 431}  # too long for some servers
#: What these name is the provider's; whether it is looked up first nobody says.
_THEIRS = frozenset({"objectName", "provider"})


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield a rule for every path parameter, and one about spellings that name nothing."""
    for operation in contract.operations.values():
        make = right.get(operation.operation_id)
        own = [p for p in operation.parameters if p.place == "path"]
        if make is None or not own:
            continue
        cites = said(contract, operation.operation_id)
        for parameter in own:
            if parameter.name == PROJECT:
                continue  # the laws of projects tell
            strength = _strength(operation, parameter)
            run = partial(_is_not_found, make, parameter.name)
            name = f"absent-{parameter.name}-is-not-found"
            yield Rule(operation.operation_id, name, cites, run, strength)
        last = max(own, key=lambda p: operation.path.index("{" + p.name + "}"))
        run = partial(_names_nothing, make, last.name)
        yield Rule(operation.operation_id, "odd-paths-name-nothing", cites, run, Strength.INFERRED)


def _strength(operation: Operation, parameter: Parameter) -> Strength:
    is_itself = operation.path.partition(":")[0].endswith("{" + parameter.name + "}")
    if operation.operation_id == "getProvider":
        return Strength.PROMISED
    if parameter.name in _THEIRS or not is_itself:
        return Strength.INFERRED
    return Strength.PROMISED


def _is_not_found(make: Make, name: str, lab: Lab) -> None:
    with make.refused(lab) as call:
        other = replace(call, path={**call.path, name: lab.absent()})
        with unchanged(lab, other):
            exchange = lab.make(other)
            require_refusal(exchange, f"nothing has this {name}", statuses=ABSENT)


def _names_nothing(make: Make, name: str, lab: Lab) -> None:
    start = lab.name("absent")
    with make.refused(lab) as call:

        def refuse(end: str) -> None:
            exchange = lab.make(replace(call, path={**call.path, name: start + end}))
            require_refusal(exchange, f"{name} is {(start + end)[:60]!r}", statuses=_FAR)

        each((" \u00fc", "x" * 300, "\x00"), refuse)
