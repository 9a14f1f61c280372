"""Fake values, the same for the same seed. Faker is imported when the first one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker


def faker(seed: int, stream: str) -> Faker:
    """Return a Faker whose values depend on `seed` and `stream` only."""
    from faker import Faker  # noqa: PLC0415 # 130 ms that most starts do not need

    source = Faker("en_US")
    source.seed_instance(f"{seed}/{stream}")
    return source
