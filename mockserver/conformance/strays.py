"""Requests close to the contract's: other methods, paths below and beside, other spellings.

Source: RFC 9110, sections 9 and 15.5.6. Assumed: the contract speaks of its own operations only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY, Exchange, Request
from mockserver.conformance.lab import Lab, default_caller
from mockserver.conformance.rules import Broken, Refused, Rule, Strength
from mockserver.conformance.texts import said
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

#: What there is not may be told in any of these ways.
NOTHING = frozenset({400, 401, 403, 404, 405, 422, 501})
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of every path, under the first operation that it has."""
    seen: set[str] = set()
    for operation in contract.operations.values():
        name, make = operation.operation_id, right.get(operation.operation_id)
        shape = _shape(operation)
        if make is None:
            continue
        cites = said(contract, name)
        if ":" in operation.path and "}:" not in operation.path:  # verbs of collections
            run = partial(_colon, make)
            yield Rule(name, "colon-may-be-encoded", cites, run, Strength.INFERRED)
        if shape in seen:
            continue
        seen.add(shape)
        known = {o.method for o in contract.operations.values() if _shape(o) == shape}
        run = partial(_other_methods, make, frozenset(known))
        yield Rule(name, "other-methods-are-refused", cites, run, Strength.INFERRED)
        run = partial(_odd_spellings, make)
        yield Rule(name, "odd-requests-break-nothing", cites, run, Strength.INFERRED)


def _shape(operation: Operation) -> str:
    """Return a path without the names of its parameters: templates that are one route."""
    parts = operation.path.split("/")
    return "/".join("{}" + p.partition("}")[2] if p.startswith("{") else p for p in parts)


def _stray(lab: Lab, call: Call, method: str, path: str = "", end: str = "") -> Exchange:
    operation = lab.contract.operations[call.operation_id]
    body = {} if method in {"POST", "PUT", "PATCH"} else NO_BODY
    return lab.send(
        Request(
            call.operation_id,
            method,
            (path or lab.path_of(operation, call.path)) + end,
            body=body,
            caller=lab.caller(call.caller or default_caller(operation)),
            is_stray=True,
        )
    )


def _other_methods(make: Make, known: frozenset[str], lab: Lab) -> None:
    with make.refused(lab) as call:

        def refuse(method: str) -> None:
            _require_nothing(_stray(lab, call, method))

        try:
            each((method for method in _METHODS if method not in known), refuse)
        except Refused:
            told = "the profile sends unknown methods only to single records of this run"
            raise Refused(told) from None


def _require_nothing(exchange: Exchange) -> None:
    if exchange.status not in NOTHING:
        what = f"{exchange.request.method}, which the contract does not have here,"
        raise Broken(f"{what} is answered {exchange.status}")


def _odd_spellings(make: Make, lab: Lab) -> None:
    tries = (("HEAD", ""), ("OPTIONS", ""), ("GET", "/"), ("GET", "/ct-nothing%FF"), ("GET", "%00"))
    with make.refused(lab) as call:

        def send(one: tuple[str, str]) -> None:
            exchange = _stray(lab, call, one[0], end=one[1])
            if exchange.status >= 500:
                raise Broken(f"{exchange}: no request may break the server")

        each(tries, send)


def _colon(make: Make, lab: Lab) -> None:
    call = make(lab)
    operation = lab.contract.operations[call.operation_id]
    path = lab.path_of(operation, call.path)
    head, _, verb = path.rpartition(":")
    exchange = lab.send(
        Request(
            call.operation_id,
            operation.method,
            f"{head}%3A{verb}",
            tuple(call.query.items()),
            call.body,
            caller=lab.caller(call.caller or default_caller(operation)),
        )
    )
    if not exchange.answer.is_success:
        raise Broken(f"with %3A in place of the colon it is answered {exchange.status}")
