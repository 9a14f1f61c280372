"""Counts and durations of requests since the start, for monitoring: never reset."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from mockserver.journal.exchange import Exchange

#: Upper bounds of the histogram, inclusive, in nanoseconds: 50 µs to 10 s.
BOUNDS = tuple(
    int(seconds * 1e9)
    for seconds in (
        50e-6,
        100e-6,
        250e-6,
        500e-6,
        1e-3,
        2.5e-3,
        5e-3,
        10e-3,
        25e-3,
        100e-3,
        500e-3,
        1,
        2.5,
        10,
    )
)


@dataclass(slots=True)
class Durations:
    """How long requests of one kind took."""

    total: int = 0  # nanoseconds
    #: How many ended up to each bound and above the one before it; the last: above all.
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    @property
    def number(self) -> int:
        """How many there were."""
        return sum(self.buckets)


class Traffic:
    """The durations of all requests, by operationId and status."""

    def __init__(self) -> None:
        """Start with none."""
        self.durations: dict[tuple[str, int], Durations] = {}

    def count(self, exchange: Exchange) -> None:
        """Count a request."""
        key = exchange.operation_id or ("page" if exchange.is_page else ""), exchange.status
        found = self.durations.get(key)
        if found is None:
            found = self.durations[key] = Durations()
        found.total += exchange.elapsed
        found.buckets[bisect_left(BOUNDS, exchange.elapsed)] += 1
