"""When two JSON values are the same, and how far apart they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DEEPEST = 64  # levels; no operation reads a body that has more


def is_deep(value: Any) -> bool:
    """Tell whether a value has too many levels to be walked, by what follows or by others."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            if depth > _DEEPEST:
                return True
            items = one.values() if isinstance(one, dict) else one
            waiting += [(item, depth + 1) for item in items]
    return False


def is_number(value: Any) -> bool:
    """Tell whether a value is a JSON number: in Python, true and false are integers too."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Any, right: Any, *, any_order: bool = False, extra: bool = False) -> bool:
    """Tell whether `left` is `right`. 1 and 1.0 are the same, 1 and true are not.

    Args:
        left: the value that was found.
        right: the value that is wanted.
        any_order: arrays may have their items in another order.
        extra: `left` may have properties, and items of arrays, that `right` lacks.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys() and not (extra and left.keys() >= right.keys()):
            return False
        return all(
            same(left[name], item, any_order=any_order, extra=extra) for name, item in right.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return _same_items(left, right, any_order=any_order, extra=extra)
    if is_number(left) and is_number(right):
        return bool(left == right)
    return type(left) is type(right) and bool(left == right)


def _same_items(left: list[Any], right: list[Any], *, any_order: bool, extra: bool) -> bool:
    if len(left) != len(right) and not (extra and len(left) > len(right)):
        return False
    if not any_order:
        return all(
            same(one, other, any_order=any_order, extra=extra)
            for one, other in zip(left, right, strict=False)
        )
    waiting = list(left)
    for wanted in right:
        found = next(
            (
                number
                for number, one in enumerate(waiting)
                if same(one, wanted, any_order=any_order, extra=extra)
            ),
            None,
        )
        if found is None:
            return False
        del waiting[found]
    return True


def apart(left: Any, right: Any) -> float:
    """Return how far two values are apart: 0 the same, 1 nothing in common."""
    ours, theirs = set(_leaves(left)), set(_leaves(right))
    every = ours | theirs
    return 1 - len(ours & theirs) / len(every) if every else 0.0


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    waiting = [("", value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, dict) and one:
            waiting += [(f"{place}/{name}", item) for name, item in one.items()]
        elif isinstance(one, list) and one:
            waiting += [(f"{place}/{number}", item) for number, item in enumerate(one)]
        else:
            yield place, f"{float(one)!r}" if is_number(one) else f"{type(one).__name__} {one!r}"
