"""Reads under way: they begin, read batch after batch, and end.

Backfills, scheduled and triggered reads differ in what they read and in whom they tell; how they
go is the same. Each step is a job; the moments of the steps follow from the progression.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources import (
    drills,
    notifications,
    operations,
    progressions,
    provider_calls,
    read_schedules,
    results,
)
from mockserver.resources.provider_calls import Trouble
from mockserver.resources.providers import Catalog
from mockserver.resources.results import BACKFILL, SCHEDULED, TRIGGERED, Batch
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

STEP = "read.step"
#: Assumed: how many records one step reads; at the pace of nature a step takes a second.
BATCH = 25
#: Assumed: a provider that answers 429 is asked again after half a minute, five times at most.
_PAUSE = 30 * SECOND
_MOST_THROTTLED = 5


def begin(work: Work, installation: Record, name: str, kind: str, **plan: Any) -> Record:
    """Start a read of an object; return its operation.

    Args:
        work: the unit of work.
        installation: whose account is read.
        name: the provider's name of the object.
        kind: BACKFILL, SCHEDULED or TRIGGERED.
        plan: `total` records to read, whether it is `estimated`, and for reads of what changed
            `since` and `until` (microseconds; since None for everything there is).
    """
    model = progressions.BACKFILL if kind == BACKFILL else progressions.OPERATION
    steps = max(1, -(-plan["total"] // BATCH))
    pace = progressions.begin(work, model, steps)
    given = {"kind": kind, "done": 0, "step": 0, "pace": pace, **plan}
    operation = operations.begin(work, installation, "read", name, given)
    words = "backfill" if kind == BACKFILL else f"{kind} read"
    operations.log(work, operation, "INFO", f"Starting {words} of {name}", objectName=name)
    _schedule(work, operation)
    return operation


def trigger(
    work: Work,
    catalog: Catalog,
    installation: Record,
    name: str,
    *,
    since: int | None = None,
    until: int | None = None,
) -> Record:
    """Start a read because somebody asked for one; return its operation.

    Source: triggerRead of the read API (`sinceTimestamp`, `untilTimestamp`). Assumed: without a
    beginning, everything is read; without an end, what there is now.

    Args:
        work: the unit of work.
        catalog: every provider's objects.
        installation: whose account is read; the object is one of its config.
        name: the provider's name of the object.
        since: the first moment of a change, in microseconds.
        until: the moment before which the changes are.
    """
    given = {} if until is None else {"until": until}
    end = work.moment + 1 if until is None else until  # what is written at this moment is there
    total = results.size(work, catalog, installation, name, since, end)
    if since is not None:
        given["since"] = since
    return begin(
        work, installation, name, TRIGGERED, total=total, estimated=False, end=end, **given
    )


def seen(work: Work, operation: Record) -> None:
    """Count that somebody looked at an operation, if that is what moves it on."""
    plan = operation.get("plan", {})
    if not operations.is_under_way(operation) or "times" not in plan.get("pace", {}):
        return
    pace, steps = progressions.read(plan["pace"])
    operations.follow(work, operation, pace=pace, updated=plan["updated"])
    for _ in range(steps):
        work.schedule(plan.get("job", STEP), work.moment, {"operationId": operation["id"]})


def resume(work: Work, operation: Record) -> None:
    """Let an operation go on that was loaded as it was under way."""
    plan = operation.get("plan", {})
    if operations.is_under_way(operation) and "pace" in plan:
        due = progressions.due(plan["pace"], plan.get("step", 0) + 1)
        if due is not None:
            work.schedule(plan.get("job", STEP), due, {"operationId": operation["id"]})


def step(work: Work, catalog: Catalog, operation_id: str) -> None:
    """Read the next batch of a read that is under way, and end it when nothing is left."""
    found = operations.under_way(work, operation_id)
    if found is None:
        return
    operation, installation, connection = found
    plan = operation["plan"]
    trouble = provider_calls.call(work, connection, plan["objectName"])[1]
    if trouble is not None and trouble.throttled and plan.get("throttled", 0) < _MOST_THROTTLED:
        _wait(work, operation, trouble)
        return
    if trouble is None and plan["kind"] == BACKFILL:
        trouble = _drilled(work, connection, plan["objectName"])
    if trouble is not None:
        _fail(work, operation, installation, trouble)
        return
    _read(work, catalog, operation, installation)


def _drilled(work: Work, connection: Record, name: str) -> Trouble | None:
    place = provider_calls.place(connection, name)
    if not drills.fires(work, drills.BACKFILL_FAILURE, **place):
        return None
    return Trouble("the provider answered 500 Internal Server Error")


def _read(work: Work, catalog: Catalog, operation: Record, installation: Record) -> None:
    plan = operation["plan"]
    name, start = plan["objectName"], plan["done"]
    stop = min(start + BATCH, plan["total"])
    found = results.between(work, catalog, installation, plan, start, stop)
    if found:
        details = {"request": f"GET {name}?offset={start}&limit={BATCH}"}
        text = f"Read {len(found)} records of {name}"
        operations.log(work, operation, "DEBUG", text, records=str(len(found)), **details)
        results.deliver(work, catalog, Batch(installation, operation, name, plan["kind"], found))
    changes = {"done": stop, "step": plan["step"] + 1, "throttled": 0}
    operation = operations.follow(work, operation, **changes)
    if stop >= plan["total"]:
        _succeed(work, operation, installation)
    else:
        _schedule(work, operation)


def _schedule(work: Work, operation: Record) -> None:
    plan = operation["plan"]
    due = progressions.due(plan["pace"], plan.get("step", 0) + 1)
    if due is not None:
        work.schedule(plan.get("job", STEP), due, {"operationId": operation["id"]})


def _wait(work: Work, operation: Record, trouble: Trouble) -> None:
    plan, again = operation["plan"], work.moment + _PAUSE
    text = f"The provider limits the rate of requests, trying again in {_PAUSE // SECOND} s"
    operations.log(work, operation, "WARNING", text, error=trouble.error)
    pace = plan["pace"]
    if "start" in pace:  # what is left moves by the same time
        pace = {**pace, "start": pace["start"] + _PAUSE}
    operations.follow(work, operation, pace=pace, throttled=plan.get("throttled", 0) + 1)
    work.schedule(STEP, again, {"operationId": operation["id"]})


def _succeed(work: Work, operation: Record, installation: Record) -> None:
    plan = operation["plan"]
    name, done = plan["objectName"], plan["done"]
    if plan["kind"] == BACKFILL:
        text = f"[{name}] Backfill completed ({done} records)"
    else:
        text = f"[{name}] Read completed ({done} records)" if done else _nothing(name)
    operations.log(work, operations.end(work, operation, "success", text), "INFO", text)
    if plan["kind"] == BACKFILL:
        notifications.backfill_done(work, installation, name)
    elif plan["kind"] == TRIGGERED:
        notifications.triggered_done(work, installation, plan)
    else:
        read_schedules.succeeded(work, installation, name)


def _nothing(name: str) -> str:
    return f"[{name}] No new data found"  # Source: Operation.result


def _fail(work: Work, operation: Record, installation: Record, trouble: Trouble) -> None:
    plan: Mapping[str, Any] = operation["plan"]
    name = plan["objectName"]
    text = f"[{name}] Error reading from provider"
    ended = operations.end(work, operation, "failure", text)
    operations.log(work, ended, "ERROR", text, error=trouble.error)
    if plan["kind"] == TRIGGERED:
        notifications.triggered_error(work, installation, plan, trouble.error)
    elif plan["kind"] == SCHEDULED:
        read_schedules.failed(work, installation, name, trouble)
