"""What a test did to its mock, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mockserver.testing.twin import Twin

_MOST_REQUESTS = 100
_MOST_LINES = 60


def describe(twin: Twin) -> str:
    """Return the requests of a sandbox in order, and what they changed.

    It describes a failure, and must not become one: what cannot be told is said so.
    """
    parts = [
        _told("requests", lambda: map(_request, twin.requests.latest(_MOST_REQUESTS))),
        _told("state", lambda: str(twin.diff()).splitlines()),
    ]
    return "\n".join(parts)


def _told(what: str, ask: Callable[[], Iterable[str]]) -> str:
    try:
        lines = list(ask())
    except Exception as error:  # whatever it is: the test's own failure is the news
        return f"{what}: not known: {error}"
    left = len(lines) - _MOST_LINES
    shown = [*lines[:_MOST_LINES], *([f"… and {left} more"] if left > 0 else [])]
    return "\n  ".join([f"{what}:", *(shown or ["none"])])


def _request(entry: dict[str, Any]) -> str:
    asked, answered = entry["request"], entry["response"]
    marks = [entry.get("operationId") or "no operation"]
    if entry.get("rule"):
        marks.append(f"rule {entry['rule'].get('name') or entry['rule'].get('id')}")
    marks += [
        f"{one['code']} at {'/'.join(map(str, one['location']))}: {one['message']}"
        for one in entry.get("violations") or []
    ]
    outcome = answered.get("fault") or answered["status"]
    return f"{asked['method']} {asked['url']} -> {outcome}  ({'; '.join(marks)})"
