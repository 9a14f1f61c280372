"""What a value must be like, by the names of WireMock.

Source: WireMock's documentation of request matching; a subset. What is not known here is refused,
with the JSON pointer of its place: a misspelt condition must not match everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from mockserver.rules.errors import Kind, Refused, wrong_value

Pointer = tuple[str | int, ...]
#: How far a value is from what was asked for: 0 it is that, 1 it has nothing of it. None stands
#: for a value that is not there.
Distance = Callable[[str | None], float]
_LONGEST_COMPARED = 2_000  # characters: beyond, likeness costs too much


@dataclass(frozen=True, slots=True)
class Reader:
    """One condition while it is read: where it stands, and what it says."""

    pointer: Pointer
    given: Any

    @property
    def name(self) -> str:
        """What it is called, from the pattern on."""
        return ".".join(map(str, self.pointer))

    def refuse(self, detail: str, remedy: str) -> Refused:
        """Return the refusal of what stands here."""
        return refuse(self.pointer, detail, remedy)

    def text(self) -> str:
        """Return the text that must stand here."""
        if not isinstance(self.given, str):
            raise self.refuse("is no text", "give it in quotes")
        return self.given

    def regex(self) -> re.Pattern[str]:
        """Return the regular expression that must stand here; it is to match the whole value."""
        try:
            return re.compile(self.text(), re.DOTALL)
        except (re.error, RecursionError, OverflowError) as error:
            raise self.refuse(f"is no regular expression: {error}", "use Python's syntax") from None


def refuse(pointer: Pointer, detail: str, remedy: str) -> Refused:
    """Return the refusal of a part of a pattern."""
    place = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in pointer)
    name = ".".join(map(str, pointer)) or "body"
    return wrong_value(name, f"{place or '/'} {detail}", remedy=remedy, kind=Kind.UNPROCESSABLE)


def likeness(wanted: str, found: str) -> float:
    """Return how far two texts are apart: 0 equal, 1 nothing in common."""
    if wanted == found:
        return 0.0
    matcher = SequenceMatcher(None, wanted[:_LONGEST_COMPARED], found[:_LONGEST_COMPARED], False)
    return max(0.01, 1.0 - matcher.ratio())


def read_matcher(pointer: Pointer, given: Any) -> Distance:
    """Return the matcher that a JSON object describes.

    Raises:
        Refused: UNPROCESSABLE, naming the place and what would be right.
    """
    if not isinstance(given, Mapping) or not given:
        raise refuse(pointer, "is no matcher", f"give an object with one of {_KNOWN}")
    names = [name for name in given if name in _MATCHERS]
    options = _OPTIONS.get(names[0], frozenset()) if names else frozenset()
    for name in given:
        if name not in _MATCHERS and name not in options:
            raise refuse((*pointer, name), "is not known", f"use one of {_KNOWN}")
    if len(names) != 1:
        raise refuse(pointer, "has two conditions, or none", f"give one of {_KNOWN}")
    name = names[0]
    return _MATCHERS[name](Reader((*pointer, name), given[name]), given)


def _equal_to(here: Reader, options: Mapping[str, Any]) -> Distance:
    wanted, folded = here.text(), _switch(here, options, "caseInsensitive")

    def distance(value: str | None) -> float:
        if value is None:
            return 1.0
        same = value.casefold() == wanted.casefold() if folded else value == wanted
        return 0.0 if same else likeness(wanted, value)

    return distance


def _contains(here: Reader, _: Mapping[str, Any]) -> Distance:
    wanted = here.text()
    return lambda value: 1.0 if value is None else 0.0 if wanted in value else 1.0


def _does_not_contain(here: Reader, _: Mapping[str, Any]) -> Distance:
    unwanted = here.text()
    return lambda value: 1.0 if value is not None and unwanted in value else 0.0


def _matches(here: Reader, _: Mapping[str, Any]) -> Distance:
    pattern = here.regex()
    return lambda value: 0.0 if value is not None and pattern.fullmatch(value) else 1.0


def _does_not_match(here: Reader, _: Mapping[str, Any]) -> Distance:
    pattern = here.regex()
    return lambda value: 1.0 if value is not None and pattern.fullmatch(value) else 0.0


def _absent(here: Reader, _: Mapping[str, Any]) -> Distance:
    if not isinstance(here.given, bool):
        raise here.refuse("is neither true nor false", "use true")
    wanted = here.given
    return lambda value: 0.0 if (value is None) == wanted else 1.0


def _equal_to_json(here: Reader, options: Mapping[str, Any]) -> Distance:
    wanted = here.given
    if isinstance(wanted, str):  # as WireMock takes it: JSON inside a text
        try:
            wanted = json.loads(wanted)
        except ValueError as error:
            raise here.refuse(f"is no JSON: {error}", "give a JSON value") from None
    any_order = _switch(here, options, "ignoreArrayOrder")
    extra = _switch(here, options, "ignoreExtraElements")

    def distance(value: str | None) -> float:
        found = _parsed(value)
        if found is _NO_JSON:
            return 1.0
        if _same(wanted, found, any_order=any_order, extra=extra):
            return 0.0
        return likeness(_written(wanted), _written(found))

    return distance


def _matches_json_path(here: Reader, _: Mapping[str, Any]) -> Distance:
    from mockserver.journal.json_path import compile_path  # a third of the start, used by few

    inner: Distance | None = None
    if isinstance(here.given, Mapping):
        given = dict(here.given)
        expression = given.pop("expression", None)
        if given:
            inner = read_matcher(here.pointer, given)
        here = Reader((*here.pointer, "expression"), expression)
    try:
        values = compile_path(here.text())
    except ValueError as error:
        raise here.refuse(f"is no JSONPath: {error}", "use RFC 9535, e.g. $.name") from None

    def distance(value: str | None) -> float:
        found = _parsed(value)
        texts = [] if found is _NO_JSON else [_plain(one) for one in values(found)]
        if inner is None:
            return 0.0 if texts else 1.0
        return min(map(inner, texts), default=inner(None))

    return distance


_MATCHERS: Mapping[str, Callable[[Reader, Mapping[str, Any]], Distance]] = {
    "equalTo": _equal_to,
    "contains": _contains,
    "doesNotContain": _does_not_contain,
    "matches": _matches,
    "doesNotMatch": _does_not_match,
    "absent": _absent,
    "equalToJson": _equal_to_json,
    "matchesJsonPath": _matches_json_path,
}
_OPTIONS: Mapping[str, frozenset[str]] = {
    "equalTo": frozenset({"caseInsensitive"}),
    "equalToJson": frozenset({"ignoreArrayOrder", "ignoreExtraElements"}),
}
_KNOWN: str = ", ".join(_MATCHERS)


_NO_JSON = object()  # stands for a body that is none


def _parsed(value: str | None) -> Any:
    try:
        return json.loads(value) if value is not None else _NO_JSON
    except (ValueError, RecursionError):
        return _NO_JSON


def _switch(here: Reader, options: Mapping[str, Any], name: str) -> bool:
    value = options.get(name, False)
    if not isinstance(value, bool):
        raise refuse((*here.pointer[:-1], name), "is neither true nor false", "use true or false")
    return value


def _plain(value: Any) -> str:
    """Return a JSON value as matchers of texts see it."""
    return value if isinstance(value, str) else _written(value)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _same(wanted: Any, found: Any, *, any_order: bool, extra: bool) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = wanted.keys() == found.keys() or (extra and wanted.keys() <= found.keys())
        return names and all(
            _same(value, found[name], any_order=any_order, extra=extra)
            for name, value in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(found, list):
        return _same_items(wanted, found, any_order=any_order, extra=extra)
    return (type(wanted) is type(found) and bool(wanted == found)) or _same_number(wanted, found)


def _same_items(wanted: list[Any], found: list[Any], *, any_order: bool, extra: bool) -> bool:
    if len(wanted) > len(found) or (len(wanted) != len(found) and not extra):
        return False
    if not any_order:
        pairs = zip(wanted, found, strict=False)
        return all(_same(w, f, any_order=any_order, extra=extra) for w, f in pairs)
    left = list(found)
    for value in wanted:
        at = next(
            (
                n
                for n, other in enumerate(left)
                if _same(value, other, any_order=any_order, extra=extra)
            ),
            None,
        )
        if at is None:
            return False
        del left[at]
    return True


def _same_number(wanted: Any, found: Any) -> bool:
    """Tell whether two JSON numbers are one: 1 and 1.0, but not 1 and true."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (wanted, found))
    return numbers and bool(wanted == found)
