"""Finds the operation that a method and a path mean, whatever a request says it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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

    def find(self, method: str, path: str) -> Route | None:
        """Return the operation of a method and an encoded path; HEAD means GET."""
        wanted = "GET" if method == "HEAD" else method
        return next((r for r in self.fitting(path) if r.operation.method == wanted), None)

    def fitting(self, path: str) -> list[Route]:
        """Return every operation whose template fits an encoded path, whatever its method."""
        plain = _COLON.sub(":", path).rstrip("/") or "/"
        found = ((pattern.fullmatch(plain), one) for pattern, one in self._routes)
        return [Route(one, _values(one, match)) for match, one in found if match]


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
