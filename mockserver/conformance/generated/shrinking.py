"""Makes a failing request smaller: whatever it still fails without is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mockserver.conformance.generated.requests import Draft
from mockserver.conformance.pace import Deadline
from mockserver.conformance.shapes.values import Path, at, drop

_MOST = 40  # requests


def shrunk(said: Draft, fails: Callable[[Draft], bool], deadline: Deadline) -> Draft:
    """Return a smaller draft that fails too; the same when there is none, or no time."""
    left = _MOST
    for smaller in _without_query(said):
        if left and not deadline.is_over and fails(smaller):
            said = smaller
        left = max(0, left - 1)
    done: set[Path] = set()
    while left and not deadline.is_over:
        path = next((p for p in _paths(said.body) if p not in done), None)
        if path is None:
            break
        done.add(path)
        left -= 1
        smaller = replace(said, body=drop(said.body, path))
        if fails(smaller):
            said = smaller
    return said


def _without_query(said: Draft) -> Iterator[Draft]:
    if said.query:
        yield replace(said, query={})
    for name in said.query if len(said.query) > 1 else ():
        yield replace(said, query={k: v for k, v in said.query.items() if k == name})


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
