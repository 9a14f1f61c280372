"""When a message is tried again.

Source: Svix, "Retry Schedule". Each wait begins when the attempt before it failed.
"""

from __future__ import annotations

from mockserver.simulation.clock import SECOND

_MINUTE = 60  # seconds
_HOUR = 3600
#: Seconds between an attempt and the next: eight attempts in all.
WAITS = (5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 10 * _HOUR)


def next_due(attempt: int, failed_at: int, scale: float) -> int | None:
    """Return when a message is due again after an attempt failed; None when it never is.

    Args:
        attempt: which one failed, from 1.
        failed_at: microseconds since 1970-01-01 UTC.
        scale: factor on the waiting times.
    """
    if attempt > len(WAITS):
        return None
    return failed_at + round(WAITS[attempt - 1] * scale * SECOND)
