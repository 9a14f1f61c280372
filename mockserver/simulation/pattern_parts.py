"""What the parts of a request pattern look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from mockserver.pointers import escape
from mockserver.simulation.matchers import (
    Matcher,
    PatternError,
    compile_matcher,
    likeness,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as patterns see it."""

    method: str
    path: str  # as sent, still percent-encoded; without what selects a sandbox
    query: str = ""  # as sent
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""  # without its content coding
    operation_id: str = ""  # empty: it is of no operation
    status: int | None = None  # of its answer, once there is one

    def values(self, name: str) -> list[str]:
        """Return the values of a header, whatever the case of its name."""
        folded = name.lower()
        return [value for key, value in self.headers if key.lower() == folded]

    def parameters(self, name: str) -> list[str]:
        """Return the values of a query parameter."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        return [value for key, value in pairs if key == name]

    @property
    def paths(self) -> list[str]:
        """The path as it was sent, and as it reads."""
        plain = unquote(self.path) if "%" in self.path else self.path
        return [self.path] if plain == self.path else [self.path, plain]

    @property
    def urls(self) -> list[str]:
        """The same with the query."""
        return [f"{path}?{self.query}" if self.query else path for path in self.paths]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a pattern asks of a request."""

    name: str
    expected: str
    read: Callable[[Asked], Sequence[str | None]]  # one of these values must be accepted
    accepts: Callable[[str | None], bool]
    distance: Callable[[str | None], float]  # 0 for what is accepted; slower to tell


def exact(name: str, wanted: str, read: Callable[[Asked], str]) -> Part:
    """Return the part that wants one text."""
    return Part(
        name,
        wanted,
        lambda asked: [read(asked)],
        lambda value: value == wanted,
        lambda value: likeness(value or "", wanted),
    )


def matched(name: str, matcher: Matcher, read: Callable[[Asked], Sequence[str]]) -> Part:
    """Return the part that asks a matcher."""
    return Part(
        name,
        matcher.expected,
        lambda asked: read(asked) or [None],  # a list without values: it is not there
        matcher.matches,
        matcher.distance,
    )


def named(
    document: Mapping[str, Any],
    key: str,
    pointer: str,
    reading: Callable[[str], Callable[[Asked], Sequence[str]]],
) -> Iterable[Part]:
    """Yield the parts of an object of matchers by name.

    Raises:
        PatternError: it is none.
    """
    wanted = document.get(key, {})
    if not isinstance(wanted, Mapping):
        remedy = 'use an object of matchers, like {"X": {"equalTo": "1"}}'
        raise PatternError(f"{pointer}/{key}", "has the wrong type", remedy)
    for name, matcher in wanted.items():
        compiled = compile_matcher(matcher, f"{pointer}/{key}/{escape(name)}")
        yield matched(f"{key}.{name}", compiled, reading(name))
