"""Schedules: five-field cron expressions, and how close together their ticks may be."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from cronsim import CronSim, CronSimError

from mockserver.simulation.clock import moment, stamp

_FIELDS = 5
_LONGEST = 200  # characters; the longest useful list of every minute is shorter
_HOUR = 60  # minutes
#: Which minutes and hours an expression names does not depend on when one starts to count.
_ANY_MOMENT = datetime(2026, 1, 1)


def mistake(text: str, *, least_minutes: int) -> str | None:
    """Return what is wrong with a schedule, or None.

    Source: the vendor's manifest guide and validator (five fields, the minute is not `*`, a least
    time between ticks); the fields mean what they mean to Debian's cron. Assumed: macros such as
    `@hourly` are no schedules.

    Args:
        text: the cron expression.
        least_minutes: the shortest time allowed between two ticks; at most 60.
    """
    fields = text.split()
    if len(fields) != _FIELDS or len(text) > _LONGEST:
        return "is no cron expression of five fields"
    try:
        cron = CronSim(text, _ANY_MOMENT)
    except CronSimError as error:
        return f"is no cron expression: {str(error)[:1].lower()}{str(error)[1:]}"
    if fields[0] == "*" or _shortest_gap(cron.minutes, cron.hours) < least_minutes:
        return f"ticks more often than every {least_minutes} minutes"
    return None


def next_tick(text: str, after: int) -> int | None:
    """Return the first tick after a moment, by UTC; None when there is none any more.

    Args:
        text: a cron expression that `mistake` finds nothing wrong with.
        after: microseconds since 1970-01-01 UTC.
    """
    start = datetime.fromisoformat(stamp(after)).replace(tzinfo=None)
    tick = next(CronSim(text, start), None)
    return None if tick is None else moment(f"{tick.isoformat()}+00:00")


def _shortest_gap(minutes: set[int], hours: set[int]) -> int:
    """Return the shortest time between two ticks in minutes; an hour stands for anything longer.

    Midnight is taken for a time between two hours like any other, whatever the days are.
    """
    ordered = sorted(minutes)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    if any((hour + 1) % 24 in hours for hour in hours):
        gaps.append(_HOUR - ordered[-1] + ordered[0])
    return min(gaps, default=_HOUR)
