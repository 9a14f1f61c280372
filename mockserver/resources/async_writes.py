"""Asynchronous writes: accepted at once, carried out by a job, tried again until a deadline.

Source: the write API (`retryPolicy`, `autoBatchPolicy`), write.async.done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources import notifications, operations, progressions, writes
from mockserver.resources.provider_calls import Trouble
from mockserver.resources.providers import Catalog
from mockserver.resources.write_outcomes import Written, told, written_ids
from mockserver.resources.writes import Way
from mockserver.rules.errors import Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

ATTEMPT = "write.attempt"
#: Assumed: a write is tried again after half a minute, then after twice as long, and so on up to
#: half an hour; the last time at its deadline.
_FIRST_PAUSE = 30 * SECOND
_LONGEST_PAUSE = 1800 * SECOND
#: Assumed: how many of the latest operations a write looks through for others to wait with.
_MOST_COLLECTED = 100


def accept(way: Way, name: str) -> Record:
    """Accept a write that is carried out later; return its operation, under way.

    Args:
        way: what goes to the provider.
        name: the object as the request names it.
    """
    work, request = way.work, way.request
    pace = progressions.begin(work, progressions.OPERATION, 1)
    first = _first_attempt(way, pace)
    plan: dict[str, Any] = {
        "kind": operations.WRITE,
        "job": ATTEMPT,
        "step": 0,
        "pace": pace,
        "request": {"name": name, "body": dict(request.body)},
        "deadline": (work.moment if first is None else first) + request.deadline,
    }
    if request.waits and first is not None:
        plan["until"] = first
    operation = operations.begin(work, way.installation, "write", way.target.name, plan)
    operations.log(work, operation, "INFO", f"Accepted {request.kind} of {way.target.name}")
    if first is not None:
        work.schedule(ATTEMPT, first, {"operationId": operation["id"]})
    return operation


def _first_attempt(way: Way, pace: Mapping[str, Any]) -> int | None:
    """Return when an asynchronous write is tried first; None when somebody's looking moves it.

    Source: WriteRequest (`autoBatchPolicy`). Assumed: writes that wait for each other go when the
    first of them has waited long enough.
    """
    waits, work = way.request.waits, way.work
    if not waits:
        return progressions.due(pace, 1)
    due = work.moment + waits
    for other in operations.newest(work, way.installation, _MOST_COLLECTED):
        plan = other.get("plan", {})
        same = plan.get("job") == ATTEMPT and plan["objectName"] == way.target.name
        if same and work.moment < plan.get("until", 0) < due and operations.is_under_way(other):
            due = plan["until"]
    return due


def attempt(work: Work, catalog: Catalog, operation_id: str) -> None:
    """Carry out an asynchronous write that is under way, or try again later."""
    operation = work.tx.get("operations", operation_id)
    if operation is None or not operations.is_under_way(operation):
        return  # cancelled, or gone with its project
    installation = work.tx.get("installations", operation["installationId"])
    if installation is None:
        return
    asked = operation["plan"]["request"]
    try:
        way = writes.way_to(work, catalog, installation, asked["name"], asked["body"])
    except Refused as refusal:  # the config has changed meanwhile
        _give_up(work, installation, operation, refusal.detail)
        return
    trouble = writes.call(way)
    if trouble is None:
        written = writes.carry_out(way, operation)
        _notify(work, installation, written)
    elif work.moment >= operation["plan"]["deadline"]:
        _give_up(work, installation, operation, trouble.error)
    else:
        _retry(work, operation, trouble)


def _notify(work: Work, installation: Record, written: Written) -> None:
    operation = written.operation
    errors = told(written.outcomes, is_batch=written.is_batch)
    name = operation["plan"]["objectName"]
    notifications.write_done(work, installation, name, written_ids(written.outcomes), errors)


def _retry(work: Work, operation: Record, trouble: Trouble) -> None:
    """Try again later. Source: Operation (`metadata.retry`)."""
    retry = operation["metadata"].get("retry", {})
    attempts = retry.get("attempts", 0) + 1
    pause = min(_FIRST_PAUSE * 2 ** (attempts - 1), _LONGEST_PAUSE)
    again = min(work.moment + pause, operation["plan"]["deadline"])
    told = {**retry, "attempts": attempts, "lastAttempt": work.now}
    noted = {**operation, "metadata": {**operation["metadata"], "retry": told}}
    work.tx.put("operations", operation["id"], noted)
    operations.log(work, noted, "WARNING", "Trying again later", error=trouble.error)
    work.schedule(ATTEMPT, again, {"operationId": operation["id"]})


def _give_up(work: Work, installation: Record, operation: Record, error: str) -> None:
    name = operation["plan"]["objectName"]
    text = f"[{name}] Error writing to provider"
    retry = operation["metadata"].get("retry")
    facts = {} if retry is None else {"retry": {**retry, "lastNotified": work.now}}
    ended = operations.end(work, operation, "failure", text, **facts)
    operations.log(work, ended, "ERROR", text, error=error)
    notifications.write_done(work, installation, name, [], [error])
