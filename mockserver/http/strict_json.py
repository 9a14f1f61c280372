"""JSON of requests: parsed without rounding or dropping anything silently."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockserver.rules.errors import ABSENT, MOST_ISSUES, Issue, Kind, Refused

DEEPEST = 64
_INT64 = range(-(2**63), 2**63)
_WHITE = " \t\n\r"  # source: RFC 8259, section 2
_LONGEST_INTEGER = 20  # characters of the longest one, its sign included


@dataclass(frozen=True, slots=True)
class _Offence:
    """Stands in the parsed value where something cannot be taken."""

    detail: str
    remedy: str


def parse(body: bytes) -> Any:
    """Parse JSON strictly.

    Raises:
        Refused: INVALID; the issue names the place and what cannot be taken there.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_json(f"the body is not UTF-8 at byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise not_json("the body begins with a byte order mark")  # RFC 8259, section 8.1
    inner = text.strip(_WHITE)
    if not inner or inner.isspace():
        raise empty()
    try:
        value, end = _PLAIN(inner)
        if end != len(inner):
            raise _Odd
    except (_Odd, ValueError, RecursionError):
        value = _read_closely(text)
    else:
        _check_escapes(text, value)
    if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
        raise not_json(f"the body is nested deeper than {DEEPEST} levels")
    return value


def empty() -> Refused:
    """Return the refusal of an empty body."""
    return not_json("a JSON body is required, this one is empty")


class _Odd(Exception):
    """Something in the body cannot be taken: it is read again, more slowly, to say what."""


def _plain_pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise _Odd
    return found


def _plain_integer(digits: str) -> int:
    if len(digits) >= _LONGEST_INTEGER - 1:  # perhaps beyond 64 bits
        raise _Odd
    return int(digits)


def _plain_real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Odd
    return number


def _plain_constant(_name: str) -> Any:
    raise _Odd


#: Reads what can be taken. Making a decoder takes longer than reading a small body.
_PLAIN: Callable[[str], tuple[Any, int]] = json.JSONDecoder(
    object_pairs_hook=_plain_pairs,
    parse_int=_plain_integer,
    parse_float=_plain_real,
    parse_constant=_plain_constant,
).raw_decode


def _read_closely(text: str) -> Any:
    reader = _Reader()
    value = _load(text, reader)
    _check_escapes(text, value)
    if reader.offences:
        raise _refuse(value)
    return value


def _check_escapes(text: str, value: Any) -> None:
    if "\\u" in text:
        _check_surrogates(value)


class _Reader:
    """Hooks of the JSON reader that note what they cannot take instead of rounding it."""

    def __init__(self) -> None:
        self.offences: list[_Offence] = []

    def _offend(self, detail: str, remedy: str) -> _Offence:
        offence = _Offence(detail, remedy)
        self.offences.append(offence)
        return offence

    def pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            times = Counter(key for key, _ in items)
            for key in found:
                if times[key] > 1:
                    found[key] = self._offend("duplicate key", "give each key once")
        return found

    def integer(self, digits: str) -> Any:
        # A longer number is out of range, and slow to convert.
        number = int(digits) if len(digits) <= _LONGEST_INTEGER else None
        if number is not None and number in _INT64:
            return number
        return self._offend("integer beyond 64 bits", "send it as a string")

    def real(self, digits: str) -> Any:
        number = float(digits)
        if math.isfinite(number):
            return number
        return self._offend("number too large", "send it as a string")

    def constant(self, name: str) -> _Offence:
        return self._offend(f"{name} is no JSON number", "send a finite number")


def _load(text: str, reader: _Reader) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=reader.pairs,
            parse_int=reader.integer,
            parse_float=reader.real,
            parse_constant=reader.constant,
        )
    except json.JSONDecodeError as error:
        raise not_json(
            f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise not_json(f"the body is nested deeper than {DEEPEST} levels") from None


def not_json(detail: str) -> Refused:
    """Return the refusal of what is no JSON value."""
    issue = Issue("body", "body", detail)
    return Refused(Kind.INVALID, detail, remedy="send one JSON value in UTF-8", issues=[issue])


def _refuse(value: Any) -> Refused:
    found = (
        Issue("body", name, offence.detail, ABSENT, offence.remedy)
        for name, offence in _walk(value, "")
        if isinstance(offence, _Offence)
    )
    issues = list(islice(found, MOST_ISSUES))
    return Refused(Kind.INVALID, issues[0].detail, remedy=issues[0].remedy, issues=issues)


def _check_surrogates(value: Any) -> None:
    for name, item in _walk(value, ""):
        texts = (item, *item) if isinstance(item, dict) else (item,)
        if any(isinstance(text, str) and not _is_text(text) for text in texts):
            detail = "half of a surrogate pair"
            safe = name if _is_text(name) else "body"
            raise Refused(
                Kind.INVALID,
                detail,
                remedy="send whole characters",
                issues=[Issue("body", safe, detail)],
            )


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _walk(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every value with its path, without recursion."""
    waiting = [(name, value)]
    while waiting:
        name, value = waiting.pop()
        yield name or "body", value
        if isinstance(value, dict):
            waiting += [(join(name, key), item) for key, item in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(join(name, i), item) for i, item in reversed(list(enumerate(value)))]


def join(name: str, part: str | int) -> str:
    """Extend a path into the body: `a.b` or `a[0]`."""
    if isinstance(part, int):
        return f"{name}[{part}]"
    return f"{name}.{part}" if name else part


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict | list):
            deepest = max(deepest, depth)
            inner = item.values() if isinstance(item, dict) else item
            waiting += [(child, depth + 1) for child in inner]
    return deepest
