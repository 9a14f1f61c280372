"""Finds the operation that a method and a path mean, whatever a request says it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.contract.operations import Operation

_PARAMETER = re.compile(r"\{([^}]+)\}")
_COLON = re.compile("%3A", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Route:
    """A template that fits, and the decoded values of its parameters."""

    operation: Operation
    values: Mapping[str, str]


class Routes:
    """The templates of a contract, the most literal first."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Compile the templates."""
        ordered = sorted(operations, key=lambda one: _freedom(one.path))
        self._routes = [(_compiled(one.path), one) for one in ordered]
        self._of_method: dict[str, list[tuple[re.Pattern[str], Operation]]] = {}
        for pattern, one in self._routes:
            self._of_method.setdefault(one.method, []).append((pattern, one))

    def find(self, method: str, path: str) -> Route | None:
        """Return the operation of a method and an encoded path; HEAD means GET."""
        routes = self._of_method.get("GET" if method == "HEAD" else method, [])
        return next(iter(_fitting(routes, path)), None)

    def fitting(self, path: str) -> list[Route]:
        """Return every operation whose template fits an encoded path, whatever its method."""
        return list(_fitting(self._routes, path))


def _fitting(routes: Iterable[tuple[re.Pattern[str], Operation]], path: str) -> Iterator[Route]:
    plain = _COLON.sub(":", path).rstrip("/") or "/"
    for pattern, operation in routes:
        match = pattern.fullmatch(plain)
        if match:
            yield Route(operation, _values(operation, match))


def _freedom(template: str) -> tuple[int, int]:
    """Sort key: fewer parameters first, then more literal text."""
    return len(_PARAMETER.findall(template)), -len(_PARAMETER.sub("", template))


def _compiled(template: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(template)
    literal = (re.escape(part) if n % 2 == 0 else "([^/]*)" for n, part in enumerate(parts))
    return re.compile("".join(literal))


def _values(operation: Operation, match: re.Match[str]) -> dict[str, Any]:
    names = _PARAMETER.findall(operation.path)
    return {name: unquote(value) for name, value in zip(names, match.groups(), strict=True)}
