"""Rules about query parameters: what their schemas forbid is refused, what they allow is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule
from mockserver.conformance.shapes.naming import require_named
from mockserver.conformance.shapes.refusals import require_refusal
from mockserver.conformance.texts import of_parameter
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation, Parameter

#: What is no value of a type. Spellings that some language takes for a boolean are left out.
_NO: Mapping[str, tuple[str, ...]] = {
    "boolean": ("banana", "2"),
    "integer": ("abc", "1.5", "1,000"),
}
#: Parameters whose right values do something: never sent only to see whether they are taken.
_ACTING = frozenset({"rotate", "destructive", "refresh"})


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of every query parameter that can be wrong."""
    for operation in contract.operations.values():
        make = right.get(operation.operation_id)
        for parameter in operation.parameters if make else ():
            if parameter.place == "query" and make is not None:
                cites = of_parameter(contract, operation.operation_id, parameter.name)
                yield from _rules(operation, parameter, make, cites)


def _rules(operation: Operation, parameter: Parameter, make: Make, cites: str) -> Iterator[Rule]:
    name = operation.operation_id
    wrong = list(_wrong(parameter.schema))
    if wrong:
        run = partial(_refuses, make, parameter.name, wrong)
        yield Rule(name, f"wrong-{parameter.name}-is-refused", cites, run)
    if parameter.required:
        run = partial(_is_needed, make, parameter.name)
        yield Rule(name, f"{parameter.name}-is-needed", cites, run)
    taken = [] if parameter.name in _ACTING else list(_taken(parameter.schema))
    if taken:
        run = partial(_takes, make, parameter.name, taken)
        yield Rule(name, f"{parameter.name}-is-taken", cites, run)


def _wrong(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from _NO.get(schema.get("type", ""), ())
    if "minimum" in schema:
        yield str(schema["minimum"] - 1)
        yield str(schema["minimum"] - 2)
    if "maximum" in schema:
        yield str(schema["maximum"] + 1)
        yield "9" * 25
    for member in schema.get("enum", ())[:1]:
        yield "no-such-member"
        yield from {member.swapcase()} - set(schema["enum"])


def _taken(schema: Mapping[str, Any]) -> Iterator[str]:
    if schema.get("type") == "boolean":
        yield from ("true", "false")
    yield from (str(schema[word]) for word in ("minimum", "maximum") if word in schema)
    yield from schema.get("enum", ())


def _refuses(make: Make, name: str, values: list[str], lab: Lab) -> None:
    with make.refused(lab) as call:

        def refuse(value: str) -> None:
            exchange = lab.make(replace(call, query={**call.query, name: value}))
            require_refusal(exchange, f"?{name}={value}")
            require_named(exchange, "query", (name,), f"?{name}={value}")

        each(values, refuse)


def _is_needed(make: Make, name: str, lab: Lab) -> None:
    """Leave a parameter out, right after a call that had it: nothing may be remembered."""
    with make.refused(lab) as call:
        if lab.contract.operations[call.operation_id].method == "GET":
            lab.make(call)
        query = {key: value for key, value in call.query.items() if key != name}
        exchange = lab.make(replace(call, query=query))
        require_refusal(exchange, f"no ?{name}=")


def _takes(make: Make, name: str, values: list[str], lab: Lab) -> None:
    call = make(lab)

    def take(value: str) -> None:
        exchange = lab.make(replace(call, query={**call.query, name: value}))
        if not exchange.answer.is_success:
            raise Broken(f"?{name}={value} is answered {exchange.status}")

    each(values, take)
