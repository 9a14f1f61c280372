"""Time as the referee needs it: durations only, and one place that waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watch:
    """Reads seconds that only ever grow, and waits. Tests give one that nobody waits for."""

    read: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment when time is up."""

    watch: Watch
    moment: float

    @property
    def left(self) -> float:
        """Seconds that are left, never below 0."""
        return max(0.0, self.moment - self.watch.read())

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.left <= 0

    def share(self, part: float) -> Deadline:
        """Return an earlier deadline: that of a part (0 to 1) of the time that is left."""
        return within(self.left * part, self.watch)


def within(seconds: float, watch: Watch) -> Deadline:
    """Return the deadline of a number of seconds from now."""
    return Deadline(watch, watch.read() + seconds)
