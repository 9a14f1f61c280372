"""JSONPath, as much of it as request patterns need.

`$`, `.name`, `['name']`, `[0]`, `[-1]`, `[*]`, `.*`, `..name`, `..*`, `[?(@.name)]` and
`[?(@.name == 'value')]` with `==`, `!=`, `<`, `<=`, `>`, `>=`. Source: RFC 9535, section 2, and
the filters as WireMock's users write them: with parentheses, and of an object itself.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.simulation.json_values import is_number, same

#: Takes one value, yields those that a step leads to.
_Step = Callable[[Any], Iterator[Any]]

_TOKEN = re.compile(
    r"""\.\.(?P<deep>\w[\w-]*|\*)
      | \.(?P<name>\w[\w-]*|\*)
      | \[\s*(?P<quoted>'[^']*'|"[^"]*")\s*\]
      | \[\s*(?P<index>-?\d{1,9}|\*)\s*\]
      | \[\?\s*\(?\s*(?P<filter>@[^\[\]()]*?)\s*\)?\s*\]""",
    re.VERBOSE,
)
_FILTER = re.compile(r"@(?P<path>(?:\.\w[\w-]*)*)\s*(?:(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>.+))?")
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A compiled path."""

    text: str
    steps: tuple[_Step, ...]

    def find(self, value: Any) -> list[Any]:
        """Return everything in `value` that the path leads to, in document order."""
        found = [value]
        for step in self.steps:
            found = [one for item in found for one in step(item)]
        return found


def compile_path(text: str) -> JsonPath:
    """Compile a path.

    Raises:
        ValueError: it is none, or uses what is not known here; the text says where.
    """
    if not text.startswith("$"):
        raise ValueError("a JSONPath begins with $")
    at, steps = 1, []
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"not understood from character {at + 1} on: {text[at : at + 40]!r}")
        steps.append(_step(match))
        at = match.end()
    return JsonPath(text, tuple(steps))


def _step(match: re.Match[str]) -> _Step:
    if match["deep"] is not None:
        return _deep(match["deep"])
    if match["name"] is not None:
        return _child(match["name"])
    if match["quoted"] is not None:
        return _property(match["quoted"][1:-1])
    if match["index"] is not None:
        return _each if match["index"] == "*" else _item(int(match["index"]))
    return _filter(match["filter"])


def _child(name: str) -> _Step:
    return _each if name == "*" else _property(name)


def _property(name: str) -> _Step:
    def step(value: Any) -> Iterator[Any]:
        if isinstance(value, dict) and name in value:
            yield value[name]

    return step


def _item(index: int) -> _Step:
    def step(value: Any) -> Iterator[Any]:
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value[index]

    return step


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _deep(name: str) -> _Step:
    here = _child(name)

    def step(value: Any) -> Iterator[Any]:
        waiting = [value]
        while waiting:
            one = waiting.pop()
            yield from here(one)
            waiting += reversed(list(_each(one)))

    return step


def _filter(text: str) -> _Step:
    match = _FILTER.fullmatch(text)
    if match is None:
        raise ValueError(f"a filter is like [?(@.name == 'value')], not {text!r}")
    path = [_property(name) for name in match["path"].split(".")[1:]]
    accepts = _comparison(match["sign"], match["value"])

    def step(value: Any) -> Iterator[Any]:
        # An object is asked itself, too: so `$[?(@.name == 'x')]` is for a body, as in WireMock.
        itself = (value,) if isinstance(value, dict) else ()
        for one in (*itself, *_each(value)):
            found = [one]
            for part in path:
                found = [inner for item in found for inner in part(item)]
            if any(map(accepts, found)):
                yield one

    return step


def _comparison(sign: str | None, text: str | None) -> Callable[[Any], bool]:
    if sign is None or text is None:
        return lambda _: True
    wanted = _literal(text)
    if sign == "==":
        return lambda value: same(value, wanted)
    if sign == "!=":
        return lambda value: not same(value, wanted)
    order = _ORDERS[sign]
    return lambda value: _comparable(value, wanted) and order(value, wanted)


def _comparable(left: Any, right: Any) -> bool:
    both_texts = isinstance(left, str) and isinstance(right, str)
    return both_texts or (is_number(left) and is_number(right))


def _literal(text: str) -> Any:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1]
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(f"a filter compares with 'text', a number or a word, not {text}") from None
