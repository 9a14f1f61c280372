"""What a request probably meant: the nearest operations of the contracts, and what to change.

A near miss is measured from 0, the request as it should be, to 1, nothing in common.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mockserver.contract.operations import Operation
from mockserver.journal.exchange import Exchange, header
from mockserver.journal.showing import got, place
from mockserver.pointers import write
from mockserver.rules.errors import Issue, Kind

MOST = 3  # near misses of one request
_LONGEST_PATH = 500  # characters that are compared
_METHOD_COUNTS = 0.2  # of the whole distance; the path has the rest
_ONE_PLACE = 0.05  # of a request that reached its operation, for each place that is wrong
_MOST_BY_PLACES = 0.25
_REFUSED_FOR_FORM = frozenset({Kind.INVALID, Kind.UNPROCESSABLE, Kind.MEDIA_TYPE, Kind.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Known:
    """The operations of all contracts that are served, by operationId, with full paths."""

    operations: Mapping[str, tuple[str, Operation]]  # the template with its base path

    def nearest(self, exchange: Exchange, most: int = MOST) -> list[dict[str, Any]]:
        """Return the near misses of a request, nearest first.

        Of a request that reached its operation, the places that are wrong; of any other, the
        operations that resemble it most.
        """
        if exchange.operation_id in self.operations:
            missed = self._refused(exchange)
            return [missed] if missed else []
        path = exchange.path.decode("latin-1")[:_LONGEST_PATH]
        ranked = _ranked(self.operations, exchange.method, path, most)
        return [self._unrouted(exchange, name, distance) for distance, name in ranked]

    def _unrouted(self, exchange: Exchange, name: str, distance: float) -> dict[str, Any]:
        template, operation = self.operations[name]
        path = exchange.path.decode("latin-1")
        same_path = _filled(template, path) == path
        if same_path and operation.method == exchange.method:
            return {**_about(name, template, operation, 0), "fix": f"none: this is {name}"}
        wrong = ("method", operation.method, exchange.method)
        if not same_path:
            wrong = ("path", template, path)
        return {
            **_about(name, template, operation, distance),
            "location": ["request", wrong[0]],
            "pointer": "",
            "expected": wrong[1],
            "got": wrong[2][:_LONGEST_PATH],
            "fix": f"call {operation.method} {_filled(template, path)}",
        }

    def _refused(self, exchange: Exchange) -> dict[str, Any] | None:
        refusal = exchange.refusal
        if refusal is None or refusal.kind not in _REFUSED_FOR_FORM:
            return None
        template, operation = self.operations[exchange.operation_id]
        issues = refusal.issues or (Issue("body", "body", refusal.detail, remedy=refusal.remedy),)
        first, distance = issues[0], min(_MOST_BY_PLACES, _ONE_PLACE * len(issues))
        location = ["request", *place(first)]
        return {
            **_about(exchange.operation_id, template, operation, distance),
            "location": location,
            "pointer": write(location[2:]) if first.place == "body" else "",
            "expected": _expected(refusal.kind, first, operation),
            "got": _found(refusal.kind, exchange, first),
            "fix": f"{first.name}: {first.remedy or refusal.remedy or first.detail}",
            "places": len(issues),
        }


def known(contracts: Mapping[str, Mapping[str, Operation]]) -> Known:
    """Return the operations of some contracts, given by base path."""
    return Known(
        {
            name: (f"{base}{operation.path}", operation)
            for base, operations in contracts.items()
            for name, operation in operations.items()
        }
    )


def _about(name: str, template: str, operation: Operation, distance: float) -> dict[str, Any]:
    about = {"operationId": name, "method": operation.method, "path": template}
    return {"operation": about, "matchResult": {"distance": round(distance, 4)}}


def _ranked(
    operations: Mapping[str, tuple[str, Operation]], method: str, path: str, most: int
) -> list[tuple[float, str]]:
    """Return the nearest operations with their distances, nearest first.

    Likeness is slow to compute: only operations that may be among the nearest are looked at.
    """
    matcher = difflib.SequenceMatcher(None, "", path, False)
    bounds = []
    for name, (template, operation) in operations.items():
        filled = _filled(template, path)
        matcher.set_seq1(filled)
        other = 0.0 if operation.method == method else _METHOD_COUNTS
        least = other + (1 - _METHOD_COUNTS) * (1 - matcher.quick_ratio())
        bounds.append((least, name, filled, other))
    found: list[tuple[float, str]] = []
    for least, name, filled, other in sorted(bounds):
        if len(found) >= most and least > sorted(found)[most - 1][0]:
            break
        matcher.set_seq1(filled)
        apart = 0.0 if filled == path else max(0.01, 1 - matcher.ratio())
        found.append((other + (1 - _METHOD_COUNTS) * apart, name))
    return sorted(found)[:most]


def _filled(template: str, path: str) -> str:
    """Write a template with the values that stand at the places of its parameters in a path."""
    values: Sequence[str] = path.split("/")
    parts = []
    for number, part in enumerate(template.split("/")):
        value = values[number] if number < len(values) else ""
        if not part.startswith("{"):
            parts.append(part)
            continue
        verb = part.partition("}")[2]
        plain = value.removesuffix(verb) if verb and value.endswith(verb) else value
        parts.append((plain or quote(part.partition("}")[0] + "}", safe="{}")) + verb)
    return "/".join(parts)


def _expected(kind: Kind, issue: Issue, operation: Operation) -> str:
    if kind == Kind.MEDIA_TYPE and issue.name == "Content-Type":
        return " or ".join(content.media_type for content in operation.bodies)
    return issue.expected or issue.remedy or issue.detail


def _found(kind: Kind, exchange: Exchange, issue: Issue) -> Any:
    if kind == Kind.MEDIA_TYPE:
        name = issue.name.lower().encode()
        return header(exchange.headers, name).decode("latin-1")[:100] or "nothing"
    return got(issue)
