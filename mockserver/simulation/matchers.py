"""What request patterns ask of one value: of a header, a query parameter, a path segment, a body.

The names and meanings are WireMock's. A regular expression must fit the whole value; one that takes
too long to tell fits no value, and its opposite neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from mockserver.pointers import escape
from mockserver.simulation.expressions import compile_expression
from mockserver.simulation.json_paths import compile_path
from mockserver.simulation.json_values import apart, is_deep, same

_COMPARED = 2000  # characters of two texts, to tell how far apart they are
NEAREST = 0.01  # the distance of what differs in next to nothing
_NO_JSON = object()


class PatternError(ValueError):
    """A document that is no pattern: where in it, what is wrong, and what would be right."""

    def __init__(self, pointer: str, detail: str, remedy: str) -> None:
        """Say where (a JSON pointer), what and what instead."""
        super().__init__(f"{pointer or '/'}: {detail}")
        self.pointer = pointer
        self.detail = detail
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Matcher:
    """Asks something of one value; None stands for a value that is not there."""

    expected: str  # for people, e.g. `contains "lead"`
    matches: Callable[[str | None], bool]
    measure: Callable[[str], float] | None = None

    def distance(self, value: str | None) -> float:
        """Return 0 for a value that matches, 1 for one that has nothing of what is asked."""
        if self.matches(value):
            return 0.0
        if value is None or self.measure is None:
            return 1.0
        return max(self.measure(value), NEAREST)


def compile_matcher(document: Any, pointer: str) -> Matcher:
    """Compile one matcher, e.g. `{"equalTo": "x"}`.

    Raises:
        PatternError: it is none.
    """
    if not isinstance(document, Mapping):
        raise PatternError(pointer, "is no matcher", 'use an object, like {"equalTo": "x"}')
    names = [name for name in document if name in MATCHERS]
    if document and not names:
        raise unknown(f"{pointer}/{escape(next(iter(document)))}", tuple(MATCHERS))
    if len(names) != 1:
        detail = "names several matchers" if names else "names no matcher"
        raise PatternError(pointer, detail, f"use one of {', '.join(MATCHERS)}")
    name = names[0]
    for option in document:
        if option != name and option not in OPTIONS.get(name, ()):
            raise unknown(f"{pointer}/{escape(option)}", (name, *OPTIONS.get(name, ())))
        if option != name and not isinstance(document[option], bool):
            raise PatternError(f"{pointer}/{option}", "has the wrong type", "use true or false")
    return MATCHERS[name](document, f"{pointer}/{name}")


def unknown(pointer: str, known: tuple[str, ...]) -> PatternError:
    """Return the error of a key that means nothing here."""
    return PatternError(pointer, "is not supported", f"use {', '.join(known)}")


def likeness(left: str, right: str) -> float:
    """Return how far two texts are apart: 0 the same, 1 nothing in common."""
    if left == right:
        return 0.0
    alike = SequenceMatcher(None, left[:_COMPARED], right[:_COMPARED]).ratio()
    return max(1 - alike, NEAREST)


def expression(value: Any, pointer: str) -> Callable[[str], bool | None]:
    """Compile a regular expression; what it returns is told by `compile_expression`.

    Raises:
        PatternError: it is none.
    """
    try:
        return compile_expression(text(value, pointer))
    except ValueError as error:
        detail = f"is no regular expression: {error}"
        raise PatternError(pointer, detail, "correct or escape it") from None


def text(value: Any, pointer: str) -> str:
    """Return a text.

    Raises:
        PatternError: `value` is none.
    """
    if not isinstance(value, str):
        raise PatternError(pointer, "has the wrong type", "use a string")
    return value


def _equal_to(document: Mapping[str, Any], pointer: str) -> Matcher:
    wanted = text(document["equalTo"], pointer)
    expected = f"equal to {wanted!r}"
    if document.get("caseInsensitive"):
        folded = wanted.casefold()
        return Matcher(
            expected,
            lambda value: value is not None and value.casefold() == folded,
            lambda value: likeness(value.casefold(), folded),
        )
    return Matcher(expected, lambda value: value == wanted, lambda value: likeness(value, wanted))


def _equal_to_json(document: Mapping[str, Any], pointer: str) -> Matcher:
    wanted = document["equalToJson"]
    if isinstance(wanted, str):  # JSON inside JSON, or a value that is written as itself
        try:
            wanted = json.loads(wanted)
        except (ValueError, RecursionError):
            raise PatternError(pointer, "is no JSON", "give the JSON value itself") from None
    if is_deep(wanted):
        raise PatternError(pointer, "is nested too deep", "use up to 64 levels")
    any_order = document.get("ignoreArrayOrder", False)
    extra = document.get("ignoreExtraElements", False)

    def matches(value: str | None) -> bool:
        found = _read(value)
        return found is not _NO_JSON and same(found, wanted, any_order=any_order, extra=extra)

    def measure(value: str) -> float:
        found = _read(value)
        return 1.0 if found is _NO_JSON else apart(found, wanted)

    return Matcher(f"equal to JSON {json.dumps(wanted)}", matches, measure)


def _read(value: str | None) -> Any:
    """Return a value as JSON; what no operation would read, because of its depth, is none."""
    try:
        found = _NO_JSON if value is None else json.loads(value)
    except (ValueError, RecursionError):
        return _NO_JSON
    return _NO_JSON if is_deep(found) else found


def _contains(document: Mapping[str, Any], pointer: str) -> Matcher:
    part = text(document["contains"], pointer)
    return Matcher(f"contains {part!r}", lambda value: value is not None and part in value)


def _does_not_contain(document: Mapping[str, Any], pointer: str) -> Matcher:
    part = text(document["doesNotContain"], pointer)
    return Matcher(f"does not contain {part!r}", lambda value: value is None or part not in value)


def _matches(document: Mapping[str, Any], pointer: str) -> Matcher:
    compiled = expression(document["matches"], pointer)
    return Matcher(
        f"matches {document['matches']}",
        lambda value: value is not None and compiled(value) is True,
    )


def _does_not_match(document: Mapping[str, Any], pointer: str) -> Matcher:
    compiled = expression(document["doesNotMatch"], pointer)
    return Matcher(
        f"does not match {document['doesNotMatch']}",
        lambda value: value is None or compiled(value) is False,
    )


def _absent(document: Mapping[str, Any], pointer: str) -> Matcher:
    wanted = document["absent"]
    if not isinstance(wanted, bool):
        raise PatternError(pointer, "has the wrong type", "use true or false")
    expected = "absent" if wanted else "present"
    return Matcher(expected, lambda value: (value is None) is wanted)


def _matches_json_path(document: Mapping[str, Any], pointer: str) -> Matcher:
    given = document["matchesJsonPath"]
    inner: Matcher | None = None
    if isinstance(given, Mapping):
        rest = {name: value for name, value in given.items() if name != "expression"}
        inner = compile_matcher(rest, pointer) if rest else None
        given, pointer = given.get("expression"), f"{pointer}/expression"
    expression = text(given, pointer)
    try:
        find = compile_path(expression)
    except ValueError as error:
        detail = f"is no JSONPath: {error}"
        raise PatternError(pointer, detail, "use RFC 9535, e.g. $.name") from None

    def matches(value: str | None) -> bool:
        found = _read(value)
        values = [] if found is _NO_JSON else [one for one in find(found) if one is not None]
        if inner is None:
            return bool(values)
        return any(map(inner.matches, map(_written, values))) if values else inner.matches(None)

    expected = f"has {expression}" + (f" {inner.expected}" if inner else "")
    return Matcher(expected, matches)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _and(document: Mapping[str, Any], pointer: str) -> Matcher:
    parts = _several(document["and"], pointer)
    expected = " and ".join(part.expected for part in parts)
    return Matcher(expected, lambda value: all(part.matches(value) for part in parts))


def _or(document: Mapping[str, Any], pointer: str) -> Matcher:
    parts = _several(document["or"], pointer)
    expected = " or ".join(part.expected for part in parts)
    return Matcher(expected, lambda value: any(part.matches(value) for part in parts))


def _not(document: Mapping[str, Any], pointer: str) -> Matcher:
    part = compile_matcher(document["not"], pointer)
    return Matcher(f"not {part.expected}", lambda value: not part.matches(value))


def _several(document: Any, pointer: str) -> list[Matcher]:
    if not isinstance(document, list) or not document:
        raise PatternError(pointer, "has no matchers", "give a list of matchers")
    return [compile_matcher(one, f"{pointer}/{number}") for number, one in enumerate(document)]


MATCHERS: Mapping[str, Callable[[Mapping[str, Any], str], Matcher]] = {
    "equalTo": _equal_to,
    "equalToJson": _equal_to_json,
    "contains": _contains,
    "doesNotContain": _does_not_contain,
    "matches": _matches,
    "doesNotMatch": _does_not_match,
    "absent": _absent,
    "matchesJsonPath": _matches_json_path,
    "and": _and,
    "or": _or,
    "not": _not,
}
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "equalTo": ("caseInsensitive",),
    "equalToJson": ("ignoreArrayOrder", "ignoreExtraElements"),
}
