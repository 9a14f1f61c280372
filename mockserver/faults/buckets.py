"""A token bucket: so many requests at once, so many a second after that."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.simulation.clock import SECOND


@dataclass(slots=True)
class Bucket:
    """Holds tokens; every request takes one. The clock of the sandbox refills it."""

    capacity: int
    refill_per_second: float
    tokens: float
    moment: int  # when it was last looked at, microseconds since 1970-01-01 UTC

    def take(self, now: int) -> int | None:
        """Take a token; without one, return the moment at which there will be one."""
        self.refill(now)
        if self.tokens >= 1:
            self.tokens -= 1
            return None
        missing = (1 - self.tokens) / self.refill_per_second
        return now + max(1, round(missing * SECOND))

    def refill(self, now: int) -> None:
        """Put in what came in since; a clock that was set back brings nothing."""
        passed = max(0, now - self.moment)
        self.moment = now
        fresh = passed * self.refill_per_second / SECOND
        # The clock counts microseconds: what is that near to a whole token is one.
        self.tokens = min(float(self.capacity), round(self.tokens + fresh, 6))
