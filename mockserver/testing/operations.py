"""Calls by operationId: what the contract says of an operation makes the request."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

_PROJECT = "projectIdOrName"
_BODY = "body"


@dataclass(frozen=True, slots=True)
class Composed:
    """What an operation is called with, but for credentials and sandbox."""

    method: str
    path: str
    query: str
    body: bytes
    schemes: frozenset[str]  # that may open it; empty: it is public


@dataclass(frozen=True, slots=True)
class _Served:
    operation: Operation
    template: str  # with the base path
    names: Mapping[str, str]  # of the parameters, by how they may be written
    placed: Mapping[str, str]  # "path" or "query", by name


class Operations:
    """Every operation of some contracts, by operationId."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        """Take the contracts by the name of their host; "" is the platform API's."""
        self._served = {
            operation.operation_id: _serve(operation, f"/{host}/v1" if host else "/v1")
            for host, contract in contracts.items()
            for operation in contract.operations.values()
        }

    def compose(
        self, operation_id: str, given: Mapping[str, Any], project: Callable[[], str]
    ) -> Composed:
        """Return the request of a call.

        Args:
            operation_id: as in the contract.
            given: parameters by name, as in the contract or in snake case; `body` is sent as JSON.
            project: tells what `projectIdOrName` is where it is not given.

        Raises:
            TypeError: there is no such operation or parameter, or one is missing.
        """
        served = self._served.get(operation_id)
        if served is None:
            raise TypeError(_unknown("operation", operation_id, self._served))
        values: dict[str, Any] = {}
        body = b""
        for name, value in given.items():
            if name == _BODY:
                body = orjson.dumps(value)
            elif name in served.names:
                values[served.names[name]] = value
            else:
                known = [*dict.fromkeys(served.names.values()), _BODY]
                raise TypeError(_unknown(f"parameter of {operation_id}", name, known))
        if _PROJECT in served.placed and _PROJECT not in values:
            values[_PROJECT] = project()
        operation = served.operation
        return Composed(
            operation.method, _path(served, values), _query(served, values), body, operation.schemes
        )


def _serve(operation: Operation, base_path: str) -> _Served:
    placed = {parameter.name: parameter.place for parameter in operation.parameters}
    names = {_snake_case(name): name for name in placed} | {name: name for name in placed}
    return _Served(operation, base_path + operation.path, names, placed)


def _path(served: _Served, values: Mapping[str, Any]) -> str:
    path = served.template
    for name, place in served.placed.items():
        if place == "path":
            if name not in values:
                raise TypeError(f"{served.operation.operation_id} needs {name}")
            path = path.replace(f"{{{name}}}", quote(_text(values[name]), safe=""))
    return path


def _query(served: _Served, values: Mapping[str, Any]) -> str:
    if not values:
        return ""
    return urlencode(
        [
            (name, _text(one))
            for name, value in values.items()
            if served.placed[name] == "query" and value is not None
            for one in (value if isinstance(value, list | tuple) else [value])
        ]
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _unknown(what: str, name: str, known: Mapping[str, Any] | list[str]) -> str:
    nearest = difflib.get_close_matches(name, list(known), n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else ""
    if not hint and isinstance(known, list):
        hint = f"there are {', '.join(known)}"
    return f"no {what} is called {name!r}" + (f"; {hint}" if hint else "")
