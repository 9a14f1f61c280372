"""Makes a failing request smaller: whatever it still fails without is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mockserver.conformance.generated.requests import Draft
from mockserver.conformance.pace import Deadline
from mockserver.conformance.shapes.values import Path, at, drop

_MOST = 40  # requests
_QUERY = "query"
_BODY = "body"


def shrunk(said: Draft, fails: Callable[[Draft], bool], deadline: Deadline) -> Draft:
    """Return a smaller draft that fails too; the same when there is none, or no time."""
    done: set[Path] = set()
    for _ in range(_MOST):
        part = next((one for one in _parts(said) if one not in done), None)
        if part is None or deadline.is_over:
            break
        done.add(part)
        smaller = _without(said, part)
        if fails(smaller):
            said = smaller
    return said


def _parts(said: Draft) -> Iterator[Path]:
    """Yield what can be left out: query parameters, then places of the body."""
    yield from ((_QUERY, name) for name in said.query)
    yield from ((_BODY, *path) for path in _paths(said.body))


def _without(said: Draft, part: Path) -> Draft:
    if part[0] == _QUERY:
        return replace(said, query={k: v for k, v in said.query.items() if k != part[1]})
    return replace(said, body=drop(said.body, part[1:]))


def _paths(value: Any) -> Iterator[Path]:
    """Yield the places of a body, those that hold most first."""
    waiting: list[Path] = [()]
    while waiting:
        path = waiting.pop(0)
        here = at(value, path)
        inner: list[Any] = []
        if isinstance(here, dict):
            inner = list(here)
        elif isinstance(here, list):
            inner = list(range(len(here)))[::-1]
        below = [(*path, part) for part in inner]
        yield from below
        waiting += below
