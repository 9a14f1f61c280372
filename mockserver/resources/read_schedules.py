"""The schedules of reads, one per installation and object: active, or paused by somebody.

Source: the vendor's read guides. Assumed: three failures in a row pause a schedule, bad
credentials at once; it stays paused until it is unpaused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.resources import notifications, schedules
from mockserver.resources.provider_calls import Trouble
from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

TICK = "read.tick"
#: Who paused a schedule.
BUILDER = "builder"
PLATFORM = "platform"
_MOST_FAILURES = 3

READ_SCHEDULES = Resource(
    name="readSchedules",
    noun="read schedule",
    scope="installationId",
    owner="installations",
    filters=("objectName",),
    stamped=False,
    references=(Reference("installationId", "installations", "installation", on_delete="cascade"),),
)


def follow(work: Work, installation: Record) -> None:
    """Make the schedules of an installation what its config says."""
    objects = installation["config"]["content"].get("read", {}).get("objects", {})
    rows = {row["objectName"]: row for row in of_installation(work, installation)}
    for name, row in rows.items():
        if name not in objects:
            work.unschedule(row.get("jobId"))
            work.tx.delete(READ_SCHEDULES.name, row["id"])
    for name, config in objects.items():
        _follow_one(work, installation, rows.get(name), name, config)


def _follow_one(
    work: Work, installation: Record, row: Record | None, name: str, config: Record
) -> None:
    wanted = "" if config.get("disabled", False) else config.get("schedule", "")
    if row is None:
        fields = {"installationId": installation["id"], "objectName": name, "failures": 0}
        row = records.create(
            work, READ_SCHEDULES, {**fields, "schedule": wanted, "since": work.moment}
        )
    elif row["schedule"] == wanted:
        return
    else:
        row = {**row, "schedule": wanted}
    _arm(work, row)


def of_installation(work: Work, installation: Record) -> list[Record]:
    """Return the schedules of an installation."""
    return records.listed(work, READ_SCHEDULES, installation["id"])


def release(work: Work, installation: Record) -> None:
    """Take back what the schedules of an installation would still do, because it goes."""
    for row in of_installation(work, installation):
        work.unschedule(row.get("jobId"))


def pause(work: Work, installation: Record, names: Iterable[str]) -> None:
    """Pause the scheduled reads of some objects for the builder; paused ones stay as they are.

    Source: the pause call of the read API (idempotent).
    """
    for row in _named(work, installation, names):
        if "paused" not in row:
            _pause(work, row, BUILDER)


def unpause(work: Work, installation: Record, names: Iterable[str]) -> None:
    """Let the scheduled reads of some objects go on, whoever paused them.

    Source: the unpause call of the read API (idempotent); the vendor's Salesforce guide.
    """
    for row in _named(work, installation, names):
        if "paused" in row:
            active = {key: value for key, value in row.items() if key != "paused"}
            _arm(work, {**active, "failures": 0})


def is_paused_by_platform(work: Work, installation: Record) -> bool:
    """Tell whether any schedule of an installation was paused because its reads fail."""
    return any(row.get("paused") == PLATFORM for row in of_installation(work, installation))


def succeeded(work: Work, installation: Record, name: str) -> None:
    """Note that a scheduled read went well."""
    for row in _named(work, installation, [name]):
        if row["failures"]:
            _put(work, {**row, "failures": 0})


def failed(work: Work, installation: Record, name: str, trouble: Trouble) -> None:
    """Note that a scheduled read failed; pause the schedule when it has failed too often."""
    for row in _named(work, installation, [name]):
        row = {**row, "failures": row["failures"] + 1}
        if row["failures"] < _MOST_FAILURES and not trouble.rejected:
            _put(work, row)
        elif "paused" not in row:
            _pause(work, row, PLATFORM)
            notifications.schedule_paused(work, installation, trouble.error)


def tick(work: Work, row: Record, now: int) -> int | None:
    """Set the next tick; return since when changes are to be read, or None to read nothing.

    Args:
        work: the unit of work, at the moment of the tick.
        row: the schedule.
        now: the moment by the clock. A tick that nobody was there for, because the mock did not
            run or the clock was set, is left out: reads go on with the next one.
    """
    late = now - work.moment > _GRACE
    since: int = row["since"]
    changed = row if late else {**row, "since": work.moment}
    _arm(work, changed, after=max(now, work.moment))
    return None if late else since


_GRACE = 60_000_000  # microseconds


def _arm(work: Work, row: Record, after: int | None = None) -> None:
    """Store a schedule with the job of its next tick, if it has one."""
    work.unschedule(row.get("jobId"))
    armed: dict[str, Any] = {key: value for key, value in row.items() if key != "jobId"}
    due = None
    if row["schedule"] and "paused" not in row:
        due = schedules.next_tick(row["schedule"], work.moment if after is None else after)
    if due is not None:
        armed["jobId"] = work.schedule(TICK, due, {"scheduleId": row["id"]})
    _put(work, armed)


def _pause(work: Work, row: Record, who: str) -> None:
    work.unschedule(row.get("jobId"))
    kept = {key: value for key, value in row.items() if key != "jobId"}
    _put(work, {**kept, "paused": who})


def _named(work: Work, installation: Record, names: Iterable[str]) -> list[Record]:
    wanted = set(names)
    return [row for row in of_installation(work, installation) if row["objectName"] in wanted]


def _put(work: Work, row: Record) -> None:
    work.tx.put(READ_SCHEDULES.name, row["id"], row)
