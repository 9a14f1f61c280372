"""Remembers what was worked out for a key, up to a number of keys."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """A mapping that works out what it does not have, and forgets its oldest entries."""

    def __init__(self, most: int | None = None) -> None:
        """Remember at most `most` keys; None for all."""
        self._most = most
        self._known: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, key: Key, work_out: Callable[[], Value]) -> Value:
        """Return what is known for a key, or work it out now."""
        if key in self._known:
            return self._known[key]
        value = self._known[key] = work_out()
        if self._most is not None and len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return value
