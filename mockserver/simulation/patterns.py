"""Request patterns: which requests a rule is for, which the journal is asked for.

The subset of WireMock's that fits a contract: `method`, one of `url`, `urlPattern`, `urlPath`,
`urlPathPattern` and `urlPathTemplate` (with `pathParameters`), `queryParameters`, `headers`,
`bodyPatterns`; and ours: `operationId`, and in the journal `status`. What is not known is refused:
a pattern that leaves out what it was told would match too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.pointers import escape
from mockserver.simulation.matchers import PatternError, compile_matcher, text, unknown
from mockserver.simulation.pattern_parts import Asked, Part, exact, matched, named
from mockserver.simulation.pattern_urls import URLS, compile_url, fits_every

__all__ = ["Asked", "Difference", "Pattern", "PatternError", "compile_pattern"]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ANY"})
KEYS = (
    "method",
    *URLS,
    "pathParameters",
    "queryParameters",
    "headers",
    "bodyPatterns",
    "operationId",
)
#: How much each part counts in a distance; every other counts 1. Source: WireMock's near misses.
_WEIGHTS: Mapping[str, int] = {"url": 10, "operationId": 10, "method": 3}


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a pattern, and what a request has there."""

    part: str  # e.g. `method`, `url`, `headers.X-Api-Key`, `bodyPatterns[0]`
    expected: str
    actual: str | None  # None: it is not there
    distance: float  # 0 it matches, 1 it has nothing of what is asked
    weight: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; one without parts matches every request."""

    parts: tuple[Part, ...]
    method: str = "ANY"
    operation_id: str | None = None
    #: Tells whether a path template, e.g. `/v1/projects/{id}`, has paths that the URL part fits.
    fits_template: Callable[[str], bool] = lambda _: True
    path: str | None = None  # the one path it is for, where it names one
    reads_body: bool = False

    def matches(self, asked: Asked) -> bool:
        """Tell whether a request has everything that is asked for."""
        return all(any(part.accepts(value) for value in part.read(asked)) for part in self.parts)

    def distance(self, asked: Asked) -> float:
        """Return how far a request is from matching: 0 it matches, 1 nothing does."""
        found = self.differences(asked)
        weights = sum(one.weight for one in found)
        return sum(one.distance * one.weight for one in found) / weights if weights else 0.0

    def differences(self, asked: Asked) -> list[Difference]:
        """Return every part with what the request has there, those that match included."""
        return [_difference(part, part.read(asked)) for part in self.parts]

    def may_hit(self, method: str, template: str) -> bool:
        """Tell whether a request of an operation can match, as far as method and URL tell."""
        return self.method in {"ANY", method} and self.fits_template(template)


def compile_pattern(document: Any, pointer: str = "", *, answered: bool = False) -> Pattern:
    """Compile a request pattern.

    Args:
        document: the pattern as JSON.
        pointer: JSON pointer of the pattern in the body that it is part of.
        answered: whether it is asked of requests that have an answer, and so a `status`.

    Raises:
        PatternError: something in it is not supported or not acceptable, and where.
    """
    if not isinstance(document, Mapping):
        raise PatternError(
            pointer, "is no request pattern", 'use an object, like {"method": "GET"}'
        )
    known = (*KEYS, "status") if answered else KEYS
    for name in document:
        if name not in known:
            raise unknown(f"{pointer}/{escape(name)}", known)
    method = _method(document, pointer)
    url = compile_url(document, pointer)
    operation_id = None
    parts = [] if method == "ANY" else [exact("method", method, lambda asked: asked.method)]
    if url is not None:
        parts += url.parts
    if "operationId" in document:
        operation_id = text(document["operationId"], f"{pointer}/operationId")
        parts.append(exact("operationId", operation_id, lambda asked: asked.operation_id))
    parts += named(document, "queryParameters", pointer, lambda name: lambda a: a.parameters(name))
    parts += named(document, "headers", pointer, lambda name: lambda a: a.values(name))
    parts += _bodies(document, pointer)
    if "status" in document:
        parts.append(_status(document["status"], f"{pointer}/status"))
    return Pattern(
        parts=tuple(parts),
        method=method,
        operation_id=operation_id,
        fits_template=url.fits_template if url else fits_every,
        path=url.path if url else None,
        reads_body="bodyPatterns" in document,
    )


def _difference(part: Part, values: Sequence[str | None]) -> Difference:
    distance, actual = min(
        ((part.distance(value), value) for value in values), key=lambda pair: pair[0]
    )
    weight = _WEIGHTS.get(part.name, 1)
    return Difference(part.name, part.expected, actual, distance, weight)


def _method(document: Mapping[str, Any], pointer: str) -> str:
    method = document.get("method", "ANY")
    method = method.upper() if isinstance(method, str) else method
    if not isinstance(method, str) or method not in METHODS:
        remedy = f"use {', '.join(sorted(METHODS))}"
        raise PatternError(f"{pointer}/method", "is no method", remedy)
    return method


def _status(wanted: Any, pointer: str) -> Part:
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        raise PatternError(pointer, "has the wrong type", "use a status, like 404")
    return Part(
        "status",
        str(wanted),
        lambda asked: [None if asked.status is None else str(asked.status)],
        lambda value: value == str(wanted),
        lambda value: 0.0 if value == str(wanted) else 1.0,
    )


def _bodies(document: Mapping[str, Any], pointer: str) -> Iterable[Part]:
    wanted = document.get("bodyPatterns", [])
    if not isinstance(wanted, list):
        raise PatternError(
            f"{pointer}/bodyPatterns", "has the wrong type", "use a list of matchers"
        )
    for number, matcher in enumerate(wanted):
        compiled = compile_matcher(matcher, f"{pointer}/bodyPatterns/{number}")
        yield matched(f"bodyPatterns[{number}]", compiled, _body)


def _body(asked: Asked) -> Sequence[str]:
    return [asked.body.decode("utf-8", "replace")] if asked.body else []
