"""Request patterns: what a request must be like, by the names of WireMock.

Source: WireMock's documentation of request matching; a subset, and `operationId` and `status`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from mockserver.journal.exchange import Exchange
from mockserver.journal.matchers import Distance, Reader, likeness, nearest, read_matcher, refuse

#: How far an exchange is from one part of a pattern, from 0 to 1; False as in Distance.
Apart = Callable[[Exchange, bool], float]
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
        return all(part.apart(exchange, False) == 0 for part in self.parts)

    def distance(self, exchange: Exchange) -> float:
        """Return how far an exchange is from this: 0 it fits, 1 it has nothing of it."""
        whole = sum(part.weight for part in self.parts)
        found = sum(part.weight * part.apart(exchange, True) for part in self.parts)
        return found / whole if whole else 0.0

    def differences(self, exchange: Exchange) -> list[str]:
        """Return which parts an exchange does not fit, by their names in the pattern."""
        return [part.name for part in self.parts if part.apart(exchange, False) > 0]


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
        yield _Part(here.name, _OF_THE_METHOD, lambda one, _: 0.0 if one.method == wanted else 1.0)


def _url(here: Reader) -> Iterable[_Part]:
    wanted = _address(here)
    yield _Part(here.name, _OF_THE_URL, lambda one, near: _nearest(wanted, _urls(one), near))


def _url_path(here: Reader) -> Iterable[_Part]:
    wanted = _bare(here)
    yield _Part(here.name, _OF_THE_URL, lambda one, near: _nearest(wanted, _paths(one), near))


def _url_pattern(here: Reader) -> Iterable[_Part]:
    pattern = here.regex()
    yield _Part(here.name, _OF_THE_URL, lambda one, _: _fits(pattern, _urls(one)))


def _url_path_pattern(here: Reader) -> Iterable[_Part]:
    pattern = here.regex()
    yield _Part(here.name, _OF_THE_URL, lambda one, _: _fits(pattern, _paths(one)))


def _url_path_template(here: Reader) -> Iterable[_Part]:
    template = _bare(here)
    if set("{}") & set(_PARAMETER.sub("", template)):
        raise here.refuse("has a brace too many", "write parameters as {name}")
    literal = [re.escape(part) for part in _PARAMETER.split(template)]
    pattern = re.compile("[^/]+".join(literal))

    def apart(one: Exchange, near: bool) -> float:
        raw = one.path.decode("latin-1")
        return 0.0 if pattern.fullmatch(raw) else likeness(template, raw, near)

    yield _Part(here.name, _OF_THE_URL, apart)


def _query_parameters(here: Reader) -> Iterable[_Part]:
    for name, matcher in _matchers(here):
        yield _Part(f"{here.name}.{name}", _OF_ANOTHER, _of_values(matcher, _queried(name)))


def _headers(here: Reader) -> Iterable[_Part]:
    for name, matcher in _matchers(here):
        yield _Part(f"{here.name}.{name}", _OF_ANOTHER, _of_values(matcher, _sent(name)))


def _body_patterns(here: Reader) -> Iterable[_Part]:
    if not isinstance(here.given, list):
        raise here.refuse("is no list", "give a list of matchers")
    for number, given in enumerate(here.given):
        matcher = read_matcher((*here.pointer, number), given)
        yield _Part(f"{here.name}[{number}]", _OF_ANOTHER, _of_values(matcher, _bodies))


def _operation_id(here: Reader) -> Iterable[_Part]:
    wanted = here.text()
    yield _Part(here.name, _OF_THE_URL, lambda one, near: likeness(wanted, one.operation_id, near))


def _status(here: Reader) -> Iterable[_Part]:
    wanted = here.given
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise here.refuse("is no status", "give a number, e.g. 404")
    yield _Part(here.name, _OF_ANOTHER, lambda one, _: 0.0 if one.status == wanted else 1.0)


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


def _address(here: Reader) -> str:
    """Return an address that some request can have."""
    text = here.text()
    if not text.startswith("/"):
        raise here.refuse("does not begin with /", "leave out scheme and host")
    return text


def _bare(here: Reader) -> str:
    """Return the path of such an address."""
    text = _address(here)
    if "?" in text:
        raise here.refuse("has a query", "use url, or queryParameters")
    return text


def _of_values(matcher: Distance, values: Callable[[Exchange], Sequence[str]]) -> Apart:
    return lambda one, near: nearest(matcher, values(one), near)


def _queried(name: str) -> Callable[[Exchange], Sequence[str]]:
    def values(one: Exchange) -> Sequence[str]:
        pairs = parse_qsl(one.query.decode("latin-1"), keep_blank_values=True)
        return [value for other, value in pairs if other == name]

    return values


def _sent(name: str) -> Callable[[Exchange], Sequence[str]]:
    key = name.lower().encode("latin-1", "replace")
    return lambda one: [value.decode("latin-1") for other, value in one.headers if other == key]


def _bodies(one: Exchange) -> Sequence[str]:
    body = one.plain_body
    return [body.decode("utf-8", "replace")] if body else []


def _paths(one: Exchange) -> Sequence[str]:
    """Return the path as it was sent, and as it is meant."""
    raw = one.path.decode("latin-1")
    return (raw, unquote(raw)) if "%" in raw else (raw,)


def _urls(one: Exchange) -> Sequence[str]:
    question = f"?{one.query.decode('latin-1')}" if one.query else ""
    return [f"{path}{question}" for path in _paths(one)]


def _nearest(wanted: str, found: Sequence[str], near: bool) -> float:
    return 0.0 if wanted in found else min(likeness(wanted, one, near) for one in found)


def _fits(pattern: re.Pattern[str], found: Sequence[str]) -> float:
    return 0.0 if any(map(pattern.fullmatch, found)) else 1.0
