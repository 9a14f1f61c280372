"""Jobs of reads: the ticks of schedules, and the steps of what they started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.events.registry import Task, job
from mockserver.resources import (
    connection_refreshes,
    read_schedules,
    reads,
    results,
    schema_watches,
)
from mockserver.resources.results import SCHEDULED


@job(reads.STEP)
def read_step(task: Task, payload: Mapping[str, Any]) -> None:
    """Read the next batch of a read that is under way."""
    reads.step(task.work, task.catalog, payload["operationId"])


@job(read_schedules.TICK)
def read_tick(task: Task, payload: Mapping[str, Any]) -> None:
    """Start a scheduled read of what changed since the one before."""
    work = task.work
    row = work.tx.get(read_schedules.READ_SCHEDULES.name, payload["scheduleId"])
    installation = work.tx.get("installations", row["installationId"]) if row else None
    if row is None or installation is None:
        return
    since = read_schedules.tick(work, row, task.now)
    if since is None:
        return
    name, end = row["objectName"], work.moment
    total = results.size(work, task.catalog, installation, name, since, end)
    span = {"since": since, "end": end}
    reads.begin(work, installation, name, SCHEDULED, total=total, estimated=False, **span)


@job(schema_watches.LOOK)
def look_at_fields(task: Task, payload: Mapping[str, Any]) -> None:
    """Report how the fields of a customer's objects have changed."""
    schema_watches.look(task.work, task.catalog, payload["watchId"], task.now)


@job(connection_refreshes.REFRESH_JOB)
def refresh_connection(task: Task, payload: Mapping[str, Any]) -> None:
    """Give a connection the new access token that it waits for."""
    connection = task.work.tx.get("connections", payload["connectionId"])
    if connection is not None:
        connection_refreshes.refresh_now(task.work, connection)
