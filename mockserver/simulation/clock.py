"""The clock of a sandbox. This module is the only one that reads the machine's clock.

Moments and durations are whole microseconds; moments count from 1970-01-01 UTC.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mockserver.state.root import ClockState

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_START = datetime(1970, 1, 1)  # as it is written: the "Z" is added
#: What waits for a later moment must still find one that RFC 3339 can write, in four digits.
_LAST = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_FARTHEST = 5000 * 365 * 86_400 * SECOND

#: Reads the machine's clock: microseconds since 1970-01-01 UTC.
WallClock = Callable[[], int]


def wall_clock() -> int:
    """Return the machine's time."""
    return time.time_ns() // 1000


def now(clock: ClockState, wall: WallClock = wall_clock) -> int:
    """Return the moment that a sandbox with this clock takes for now."""
    if clock.mode == "frozen":
        return clock.instant
    if clock.mode == "offset":
        return wall() + clock.offset
    return wall()


def freeze(clock: ClockState, instant: int) -> ClockState:
    """Return a clock that stands at `instant`.

    Raises:
        ValueError: `instant` is too far in the future.
    """
    if instant >= _LAST:
        raise ValueError("a clock stays before the year 9000")
    return replace(clock, mode="frozen", instant=instant)


def advance(clock: ClockState, duration: int) -> ClockState:
    """Return a clock that is `duration` further: a frozen one still stands, another runs ahead.

    Raises:
        ValueError: `duration` is negative, or leads too far into the future.
    """
    if duration < 0:
        raise ValueError("a clock is only turned forward")
    if clock.mode == "frozen":
        return freeze(clock, clock.instant + duration)
    if clock.offset + duration > _FARTHEST:
        raise ValueError("a clock runs at most 5000 years ahead")
    return replace(clock, mode="offset", offset=clock.offset + duration)


def stamp(moment: int) -> str:
    """Write a moment as RFC 3339 in UTC with microseconds: `2026-01-05T09:00:00.000000Z`.

    Source: the contract's `date-time` values; RFC 3339, section 5.6.
    """
    return (_START + timedelta(microseconds=moment)).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> int:
    """Read an RFC 3339 time.

    Raises:
        ValueError: `text` is none, or names no time zone.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text} names no time zone")
    return (read - _EPOCH) // timedelta(microseconds=1)
