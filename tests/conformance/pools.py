"""Records to be used up: the id of each is known in every process."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from uuid import UUID, uuid5

#: By id: generated updates rename it.
PROJECT = "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01"
_SPACE = UUID("00000000-0000-4000-8000-000000000000")
_NAMES = frozenset({"new-project", "new-destination", "new-topic", "renamed-topic"})


def pool_id(kind: str, number: int) -> str:
    """Return the id of a record of a pool: the same in every process."""
    return str(uuid5(_SPACE, f"{kind}/{number}"))


def pool_email(kind: str, number: int) -> str:
    """Return the address of somebody of a pool."""
    return f"{kind}.{number}@company.com"


class Pools:
    """Hands out every record of each pool once.

    A pool that is used up goes on with ids that nothing has: the run fails on their 404.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, Iterator[int]] = {}

    def number(self, kind: str) -> int:
        """Return the number of the next one."""
        return next(self._numbers.setdefault(kind, itertools.count()))

    def draw(self, kind: str) -> str:
        """Return the next one."""
        number = self.number(kind)
        if kind in {"guests", "strangers"}:
            return pool_email(kind, number)
        return f"{kind}-{number}" if kind in _NAMES else pool_id(kind, number)
