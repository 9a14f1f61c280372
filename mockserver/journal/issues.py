"""What the journal keeps of an issue: enough to say what was wrong, not what was sent.

A refused value may be all of a body of many megabytes, and the bounds of the journal count bodies
only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mockserver.rules.errors import Issue

LONGEST = 1024  # characters of a text
_LARGEST = 4096  # characters and items of an object or array, counted on all levels


def light(issue: Issue) -> Issue:
    """Return an issue whose texts and value are of a size that can be kept."""
    path = tuple(part if isinstance(part, int) else part[:LONGEST] for part in issue.path)
    return replace(
        issue,
        name=issue.name[:LONGEST],
        detail=issue.detail[:LONGEST],
        path=path,
        value=_light(issue.value),
    )


def _light(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, dict | list) and _is_large(value):
        return f"{len(value)} items"
    return value


def _is_large(value: Any) -> bool:
    size, waiting = 0, [value]
    while waiting and size <= _LARGEST:
        one = waiting.pop()
        size += 1
        if isinstance(one, str):
            size += len(one)
        elif isinstance(one, dict | list):
            if len(one) > _LARGEST:
                return True
            waiting += [*one, *one.values()] if isinstance(one, dict) else one
    return size > _LARGEST
