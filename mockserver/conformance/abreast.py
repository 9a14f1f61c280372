"""Several things at once, where the target is slow: else a run would mostly wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mockserver.conformance.door import Door

Item = TypeVar("Item")
Result = TypeVar("Result")

ABREAST = 16
_SLOW = 0.01  # seconds for an answer


def is_slow(door: Door) -> bool:
    """Tell whether the target's answers took so long, on average, that waiting is most of it."""
    return door.usual_wait >= _SLOW


def for_each(door: Door, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return what came of each item, in their order: one after the other unless it is slow.

    What is interrupted begins nothing new, and ends when what was begun has ended.
    """
    if not is_slow(door):
        return [work(item) for item in items]
    pool = ThreadPoolExecutor(ABREAST)
    try:
        return list(pool.map(work, items))
    finally:
        pool.shutdown(cancel_futures=True)
