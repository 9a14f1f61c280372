"""How deep a JSON value is nested: what walks one by recursion asks before it begins."""

from __future__ import annotations

from typing import Any

DEEPEST = 64  # levels that a body may have. Assumed: no schema needs more than a dozen


def is_deep(value: Any, most: int = DEEPEST) -> bool:
    """Tell whether a JSON value has objects and arrays on more than `most` levels."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        if not level:
            return False
        level = [
            item
            for one in level
            for item in (one.values() if isinstance(one, dict) else one)
            if isinstance(item, dict | list)
        ]
    return bool(level)
