"""Request patterns: what a request must be like, by the names of WireMock.

Source: WireMock's documentation of request matching; a subset, and `operationId` and `status`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from mockserver.journal.exchange import Exchange
from mockserver.journal.matchers import Distance, Reader, likeness, read_matcher, refuse

#: How far an exchange is from one part of a pattern, from 0 to 1.
Apart = Callable[[Exchange], float]
_PARAMETER = re.compile(r"\{[^{}/]+\}")
#: How much a part weighs when a near miss is ranked; the address says most about what was meant.
_OF_THE_URL = 10.0
_OF_THE_METHOD = 3.0
_OF_ANOTHER = 1.0


@dataclass(frozen=True, slots=True)
class _Part:
    name: str  # as in the pattern, e.g. "headers.X-Api-Key"
    weight: float
    apart: Apart


@dataclass(frozen=True, slots=True)
class Pattern:
    """A request pattern, ready to be held against exchanges. Without parts it fits each."""

    parts: tuple[_Part, ...]

    def fits(self, exchange: Exchange) -> bool:
        """Tell whether an exchange is like this."""
        return all(part.apart(exchange) == 0 for part in self.parts)

    def distance(self, exchange: Exchange) -> float:
        """Return how far an exchange is from this: 0 it fits, 1 it has nothing of it."""
        whole = sum(part.weight for part in self.parts)
        found = sum(part.weight * part.apart(exchange) for part in self.parts)
        return found / whole if whole else 0.0

    def differences(self, exchange: Exchange) -> list[str]:
        """Return which parts an exchange does not fit, by their names in the pattern."""
        return [part.name for part in self.parts if part.apart(exchange) > 0]


def read_pattern(given: Mapping[str, Any]) -> Pattern:
    """Return the pattern that a JSON object describes.

    Raises:
        Refused: UNPROCESSABLE, naming the place and what would be right.
    """
    parts: list[_Part] = []
    for name, value in given.items():
        if name not in _PARTS:
            raise refuse((name,), "is not known", f"use {', '.join(_PARTS)}")
        parts += _PARTS[name](Reader((name,), value))
    addresses = [name for name in given if name.startswith("url")]
    if len(addresses) > 1:
        raise refuse((addresses[1],), "is a second address", f"keep {addresses[0]} or this one")
    return Pattern(tuple(parts))


def _method(here: Reader) -> Iterable[_Part]:
    wanted = here.text().upper()
    if wanted != "ANY":
        yield _Part(here.name, _OF_THE_METHOD, lambda one: 0.0 if one.method == wanted else 1.0)


def _url(here: Reader) -> Iterable[_Part]:
    wanted = here.text()
    yield _Part(here.name, _OF_THE_URL, lambda one: _nearest(wanted, _text(one), _raw(one)))


def _url_path(here: Reader) -> Iterable[_Part]:
    wanted = here.text()
    yield _Part(
        here.name, _OF_THE_URL, lambda one: _nearest(wanted, _path(one), one.path.decode("latin-1"))
    )


def _url_pattern(here: Reader) -> Iterable[_Part]:
    pattern = here.regex()
    yield _Part(here.name, _OF_THE_URL, lambda one: _fits(pattern, _text(one), _raw(one)))


def _url_path_pattern(here: Reader) -> Iterable[_Part]:
    pattern = here.regex()
    yield _Part(
        here.name, _OF_THE_URL, lambda one: _fits(pattern, _path(one), one.path.decode("latin-1"))
    )


def _url_path_template(here: Reader) -> Iterable[_Part]:
    template = here.text()
    literal = [re.escape(part) for part in _PARAMETER.split(template)]
    pattern = re.compile("[^/]+".join(literal))

    def apart(one: Exchange) -> float:
        raw = one.path.decode("latin-1")
        return 0.0 if pattern.fullmatch(raw) else likeness(template, raw)

    yield _Part(here.name, _OF_THE_URL, apart)


def _query_parameters(here: Reader) -> Iterable[_Part]:
    for name, matcher in _matchers(here):

        def apart(one: Exchange, name: str = name, matcher: Distance = matcher) -> float:
            query = one.query.decode("latin-1")
            found = [v for n, v in parse_qsl(query, keep_blank_values=True) if n == name]
            return min(map(matcher, found), default=matcher(None))

        yield _Part(f"{here.name}.{name}", _OF_ANOTHER, apart)


def _headers(here: Reader) -> Iterable[_Part]:
    for name, matcher in _matchers(here):
        key = name.lower().encode("latin-1", "replace")

        def apart(one: Exchange, key: bytes = key, matcher: Distance = matcher) -> float:
            found = [value.decode("latin-1") for other, value in one.headers if other == key]
            return min(map(matcher, found), default=matcher(None))

        yield _Part(f"{here.name}.{name}", _OF_ANOTHER, apart)


def _body_patterns(here: Reader) -> Iterable[_Part]:
    if not isinstance(here.given, list):
        raise here.refuse("is no list", "give a list of matchers")
    for number, given in enumerate(here.given):
        matcher = read_matcher((*here.pointer, number), given)

        def apart(one: Exchange, matcher: Distance = matcher) -> float:
            body = one.plain_body
            return matcher(body.decode("utf-8", "replace") if body else None)

        yield _Part(f"{here.name}[{number}]", _OF_ANOTHER, apart)


def _operation_id(here: Reader) -> Iterable[_Part]:
    wanted = here.text()
    yield _Part(here.name, _OF_THE_URL, lambda one: likeness(wanted, one.operation_id))


def _status(here: Reader) -> Iterable[_Part]:
    wanted = here.given
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise here.refuse("is no status", "give a number, e.g. 404")
    yield _Part(here.name, _OF_ANOTHER, lambda one: 0.0 if one.status == wanted else 1.0)


_PARTS: Mapping[str, Callable[[Reader], Iterable[_Part]]] = {
    "method": _method,
    "url": _url,
    "urlPath": _url_path,
    "urlPattern": _url_pattern,
    "urlPathPattern": _url_path_pattern,
    "urlPathTemplate": _url_path_template,
    "queryParameters": _query_parameters,
    "headers": _headers,
    "bodyPatterns": _body_patterns,
    "operationId": _operation_id,
    "status": _status,
}


def _matchers(here: Reader) -> Iterable[tuple[str, Distance]]:
    if not isinstance(here.given, Mapping):
        raise here.refuse("is no object", "give a matcher for each name")
    for name, given in here.given.items():
        yield name, read_matcher((*here.pointer, name), given)


def _path(one: Exchange) -> str:
    return unquote(one.path.decode("latin-1"))


def _raw(one: Exchange, path: str | None = None) -> str:
    path = one.path.decode("latin-1") if path is None else path
    return f"{path}?{one.query.decode('latin-1')}" if one.query else path


def _text(one: Exchange) -> str:
    return _raw(one, _path(one))


def _nearest(wanted: str, *found: str) -> float:
    return 0.0 if wanted in found else min(likeness(wanted, one) for one in found)


def _fits(pattern: re.Pattern[str], *found: str) -> float:
    return 0.0 if any(map(pattern.fullmatch, found)) else 1.0
