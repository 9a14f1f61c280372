"""From a raw path to an operation.

The path is split at its slashes before it is percent-decoded, so that `%2F` may stand inside a
value and `%3A` may stand for the colon of a verb. Templates that differ only in the names of
their parameters are one route.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

Target = TypeVar("Target")
_MOST = 1024  # paths whose route is remembered
_LONGEST = 256  # characters of one of them


class UndecodableSegment(Exception):
    """A path segment that is no UTF-8 text, or holds NUL."""


@dataclass(slots=True)
class _Node(Generic[Target]):
    """Everything below one position of the path."""

    literals: dict[str, _Node[Target]] = field(default_factory=dict)
    verbs: dict[str, _Node[Target]] = field(default_factory=dict)  # `{x}:verb`, by verb
    value: _Node[Target] | None = None  # `{x}`
    methods: dict[str, Target] = field(default_factory=dict)


@dataclass(slots=True)  # not frozen, which takes five times as long to make
class Match(Generic[Target]):
    """A template that fits a path: its targets by method, and the values of the parameters."""

    methods: dict[str, Target]
    values: tuple[str, ...]

    def allowed(self) -> str:
        """Return the `Allow` header. Source: RFC 9110, section 10.2.1."""
        return ", ".join([*sorted(self.methods), "OPTIONS"])


class Router(Generic[Target]):
    """Finds the target of a method and a path."""

    def __init__(self) -> None:
        """Start without routes."""
        self._root: _Node[Target] = _Node()
        self._templates: list[tuple[str, str]] = []
        self._known: dict[str, Match[Target]] = {}  # by path; clients call few, and call them often

    def add(self, method: str, template: str, target: Target) -> None:
        """Add a route.

        Raises:
            ValueError: another target has this method and template already.
        """
        node = self._root
        for segment in template.strip("/").split("/"):
            node = _descend(node, segment)
        if method in node.methods:
            raise ValueError(f"two operations for {method} {template}")
        node.methods[method] = target
        self._templates.append((method, template))
        self._known.clear()

    def match(self, path: str) -> Match[Target] | None:
        """Return the most specific template that fits a raw path (one byte a character), or None.

        Literal segments win over verbs, verbs over plain parameters.

        Raises:
            UndecodableSegment: a segment is no text.
        """
        known = self._known.get(path)
        if known is not None:
            return known
        segments = path[1:].split("/")
        if not (path.isascii() and "%" not in path):
            segments = [_decode(segment) for segment in segments]
        found = _find(self._root, segments, 0, ())
        if found is not None and len(path) <= _LONGEST:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[path] = found
        return found

    def nearest(self, method: str, path: str) -> str:
        """Return the route that resembles an unknown path most, e.g. `GET /projects`."""
        matcher = difflib.SequenceMatcher(b=path)  # it looks through `path` once
        wanted = path.split("/")
        best, nearest = -1.0, ""
        for allowed, template in self._templates:
            matcher.set_seq1(_filled(template.split("/"), wanted))
            same_method = 0.01 if allowed == method else 0.0
            # The bounds are cheap, and tell of most routes that they cannot be the nearest.
            for likeness in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio):
                found = likeness() + same_method
                if found <= best:
                    break
            else:
                best, nearest = found, f"{allowed} {template}"
        return nearest

    def routes(self) -> Iterator[tuple[str, str]]:
        """Yield every method and template."""
        return iter(self._templates)


def is_below(path: str, prefix: str) -> bool:
    """Tell whether a path is a prefix, or lies below it; "/" means that path alone."""
    return path == prefix or (prefix != "/" and path.startswith(f"{prefix}/"))


def _filled(template: list[str], wanted: list[str]) -> str:
    """Return a template with the parts of a path in place of its parameters."""
    words = [w if t.startswith("{") and w else t for t, w in zip(template, wanted, strict=False)]
    return "/".join([*words, *template[len(words) :]])


def _descend(node: _Node[Target], segment: str) -> _Node[Target]:
    if not segment.startswith("{"):
        return node.literals.setdefault(segment, _Node())
    verb = segment.partition("}")[2]
    if verb:
        return node.verbs.setdefault(verb, _Node())
    if node.value is None:
        node.value = _Node()
    return node.value


def _decode(segment: str) -> str:
    if "%" not in segment and segment.isascii():
        return segment
    try:
        # Bytes that should have been percent-encoded are read as if they were.
        text = unquote_to_bytes(segment.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise UndecodableSegment from None
    if "\0" in text:
        raise UndecodableSegment
    return text


def _find(
    node: _Node[Target], segments: list[str], at: int, values: tuple[str, ...]
) -> Match[Target] | None:
    if at == len(segments):
        return Match(node.methods, values) if node.methods else None
    segment = segments[at]
    match = None
    literal = node.literals.get(segment)
    if literal is not None:
        match = _find(literal, segments, at + 1, values)
    if match is None and node.verbs:
        value, colon, verb = segment.rpartition(":")
        child = node.verbs.get(colon + verb)
        if child is not None and value:
            match = _find(child, segments, at + 1, (*values, value))
    if match is None and node.value is not None and segment:
        match = _find(node.value, segments, at + 1, (*values, segment))
    return match
