"""Reads YAML that strangers wrote, as JSON values.

PyYAML only parses: it hands over events, and the values are built here, one by one. So nothing
is built before it is counted, nothing is called recursively, and no tag can ask for an object.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

LONGEST = 1024 * 1024  # characters
MOST_VALUES = 50_000  # with what aliases repeat
DEEPEST = 64
_TAG = "tag:yaml.org,2002:"
#: What the scalar tags ask for, besides a text.
_TYPES: Mapping[str, type] = {
    f"{_TAG}null": type(None),
    f"{_TAG}bool": bool,
    f"{_TAG}int": int,
    f"{_TAG}float": float,
}
_INT64 = range(-(2**63), 2**63)
_LONGEST_NUMBER = 400  # characters; a longer one is out of range, and slow to convert
# Source: YAML 1.2.2, section 10.3.2 (core schema): `no` and `on` are texts, and so are times.
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class YamlError(ValueError):
    """A text that is no YAML, or more of it than is taken. The message names the line."""


class _Marker:
    """Stands for a thing that is no value."""


_NO_KEY: Final = _Marker()  # a mapping that waits for its next key
_MERGE: Final = _Marker()  # the key `<<`


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not finished."""

    value: Any
    anchor: str | None
    size: int = 1  # values in it, itself included
    key: Any = _NO_KEY
    merged: list[Any] = field(default_factory=list)


def parse(text: str) -> Any:
    """Return the one document of a text; None for an empty one.

    Source: YAML 1.2.2 with its core schema; merge keys as in YAML 1.1, because manifests share
    lists of fields with them. Assumed: keys are texts, whatever they look like.

    Raises:
        YamlError: not YAML, a repeated key, an alias without an anchor, a tag of its own, a
            number that JSON cannot hold, several documents, or too much of it.
    """
    if len(text) > LONGEST:
        raise YamlError(f"longer than {LONGEST} characters")
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise YamlError(f"not YAML: {error.problem or error.context}{where}") from None
    except (yaml.YAMLError, UnicodeError):
        raise YamlError("not YAML: a character that YAML does not allow") from None
    return reader.document


class _Reader:
    """Builds a value from the events of a parser."""

    def __init__(self) -> None:
        self.document: Any = None
        self._documents = 0
        self._values = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}  # value and its size

    def take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._add_scalar(event)
        elif isinstance(event, AliasEvent):
            self._add_alias(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._start(event)
        elif isinstance(event, CollectionEndEvent):
            self._end(event)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _error("a second document begins", event)

    def _start(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        is_mapping = isinstance(event, MappingStartEvent)
        if event.tag not in {None, "!", f"{_TAG}{'map' if is_mapping else 'seq'}"}:
            raise _error(f"the tag {event.tag[:60]} is not taken", event)
        if len(self._open) == DEEPEST:
            raise _error(f"nested deeper than {DEEPEST} levels", event)
        if self._waits_for_key():
            raise _error("a list or mapping cannot be a key", event)
        self._count(1, event)
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)  # an alias to it is an error until it ends
        self._open.append(_Open({} if is_mapping else [], event.anchor))

    def _end(self, event: Event) -> None:
        finished = self._open.pop()
        if finished.merged:
            finished.value = _merge(finished.merged, finished.value)
        self._put(finished.value, finished.size, finished.anchor, event)

    def _add_scalar(self, event: ScalarEvent) -> None:
        self._count(1, event)
        if not self._waits_for_key():
            self._put(_scalar(event), 1, event.anchor, event)
            return
        is_merge = event.value == "<<" and event.implicit[0]
        self._take_key(_MERGE if is_merge else event.value, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (event.value, 1)

    def _add_alias(self, event: AliasEvent) -> None:
        name = event.anchor or ""
        known = self._anchors.get(name)
        if known is None:
            raise _error(f"nothing finished is called &{name[:60]}", event)
        value, size = known
        self._count(size, event)
        if self._waits_for_key():
            if not isinstance(value, str):
                raise _error("only a text can be a key", event)
            self._take_key(value, event)
        else:
            self._put(value, size, None, event)

    def _take_key(self, key: Any, event: Event) -> None:
        inner = self._open[-1]
        if key in inner.value or (key is _MERGE and inner.merged):
            raise _error(f"the key {'<<' if key is _MERGE else key[:60]} is repeated", event)
        inner.key = key

    def _put(self, value: Any, size: int, anchor: str | None, event: Event) -> None:
        if anchor is not None:
            self._anchors[anchor] = (value, size)
        if not self._open:
            self.document = value
            return
        inner = self._open[-1]
        inner.size += size
        if isinstance(inner.value, list):
            inner.value.append(value)
        elif inner.key is _MERGE:
            inner.merged = list(_merge_sources(value, event))
        else:
            inner.value[inner.key] = value
        inner.key = _NO_KEY

    def _waits_for_key(self) -> bool:
        if not self._open:
            return False
        inner = self._open[-1]
        return isinstance(inner.value, dict) and inner.key is _NO_KEY

    def _count(self, number: int, event: Event) -> None:
        self._values += number
        if self._values > MOST_VALUES:
            raise _error(f"more than {MOST_VALUES} values, counting what aliases repeat", event)


def _merge_sources(value: Any, event: Event) -> Iterator[dict[str, Any]]:
    """Yield the mappings that `<<` names. Source: the YAML merge key type: earlier ones win."""
    for source in value if isinstance(value, list) else [value]:
        if not isinstance(source, dict):
            raise _error("<< needs a mapping, or a list of them", event)
        yield source


def _merge(sources: list[dict[str, Any]], own: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with what it merges. One pass: thousands of sources may be named."""
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged |= source
    return merged | own


def _scalar(event: ScalarEvent) -> Any:
    if event.tag is None and event.implicit[0]:
        return _plain(event.value, event)
    if event.tag in {None, "!", f"{_TAG}str"}:
        return event.value
    wanted = _TYPES.get(event.tag)
    if wanted is None:
        raise _error(f"the tag {event.tag[:60]} is not taken", event)
    value = _plain(event.value, event)
    if type(value) is int and wanted is float:
        return float(value)
    if type(value) is not wanted:
        raise _error(f"not what the tag {event.tag} says", event)
    return value


def _plain(text: str, event: Event) -> Any:
    """Return what a text without quotes stands for."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _NOT_FINITE.fullmatch(text):
        raise _error("JSON has no such number", event)
    is_integer = _INTEGER.fullmatch(text) is not None
    if not is_integer and _FLOAT.fullmatch(text) is None:
        return text
    if len(text) > _LONGEST_NUMBER:
        raise _error("the number is too long", event)
    return _integer(text, event) if is_integer else _real(text, event)


def _integer(text: str, event: Event) -> int:
    number = int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if number not in _INT64:
        raise _error("the integer is beyond 64 bits", event)
    return number


def _real(text: str, event: Event) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _error("the number is too large", event)
    return number


def _error(detail: str, event: Event) -> YamlError:
    mark = event.start_mark
    return YamlError(f"{detail} at line {mark.line + 1}" if mark is not None else detail)
