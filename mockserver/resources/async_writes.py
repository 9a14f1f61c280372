"""Asynchronous writes: accepted at once, tried by a job, and tried again until a deadline.

Source: the write API (`mode`, `retryPolicy`), the vendor's guide to writes (a notification at the
end), Operation (`metadata.retry`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import notifications, operations, progressions, provider_calls
from mockserver.resources.operations import WRITE
from mockserver.resources.provider_calls import Trouble
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.tables import Record

ATTEMPT = "write.attempt"
_HOUR = 3600 * SECOND
#: Assumed: the waiting time doubles from a minute up to half an hour.
_FIRST_WAIT = 60 * SECOND
_LONGEST_WAIT = 1800 * SECOND
_MOST_COLLECTED = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider made of a write."""

    identifiers: list[str]  # of the records that were written
    errors: list[str]  # one for each record that was not


#: Carries a request out: takes the unit of work, the catalog, the operation and its installation.
Perform = Callable[[Work, Catalog, Record, Record], Outcome]


def begin(
    work: Work,
    installation: Record,
    name: str,
    request: Mapping[str, Any],
    *,
    hours: int = 1,
    held_until: int | None = None,
) -> Record:
    """Accept a write; return its operation.

    Args:
        work: the unit of work.
        installation: whose account is written to.
        name: the provider's name of the object.
        request: what `Perform` will find in the operation's plan. JSON types.
        hours: how long it is tried at most.
        held_until: when it is tried first, if it waits to be sent with others; microseconds.
    """
    pace = progressions.begin(work, progressions.OPERATION, 1)
    deadline = (held_until or work.moment) + hours * _HOUR
    plan = {"kind": WRITE, "job": ATTEMPT, "pace": pace, "deadline": deadline, "request": request}
    if held_until is not None:
        plan["until"] = held_until
    operation = operations.begin(work, installation, "write", name, plan)
    operations.log(work, operation, "INFO", f"Accepted a write to {name}", objectName=name)
    due = held_until or progressions.due(pace, 1)
    if due is not None:
        work.schedule(ATTEMPT, due, {"operationId": operation["id"]})
    return operation


def held_together(work: Work, installation: Record, name: str, until: int) -> int:
    """Return until when a write is held that may wait until a moment.

    Source: WriteRequest (`autoBatchPolicy`). Assumed: writes that wait for each other go when the
    first of them has waited long enough; it is looked for among the latest operations.
    """
    for other in operations.newest(work, installation, _MOST_COLLECTED):
        plan = other.get("plan", {})
        same = plan.get("job") == ATTEMPT and plan["objectName"] == name
        held = plan.get("until", 0)
        if same and operations.is_under_way(other) and work.moment < held < until:
            until = held
    return until


def attempt(work: Work, catalog: Catalog, operation_id: str, perform: Perform) -> None:
    """Try a write that is under way, and end it or wait for another try."""
    found = operations.under_way(work, operation_id)
    if found is None:
        return
    operation, installation, connection = found
    plan = operation["plan"]
    trouble = provider_calls.call(work, connection, plan["objectName"])[1]
    if trouble is not None and trouble.throttled:
        _wait(work, operation, installation, trouble)
    elif trouble is not None:
        _end(work, operation, installation, Outcome([], [trouble.error]))
    else:
        outcome = perform(work, catalog, operation, installation)
        _end(work, operation, installation, outcome)


def _wait(work: Work, operation: Record, installation: Record, trouble: Trouble) -> None:
    plan = operation["plan"]
    attempts = operation["metadata"].get("retry", {}).get("attempts", 0) + 1
    retry = {"attempts": attempts, "lastAttempt": work.now}
    metadata = {**operation["metadata"], "retry": retry}
    operation = operations.follow(work, {**operation, "metadata": metadata})
    again = work.moment + min(_FIRST_WAIT << min(attempts - 1, 10), _LONGEST_WAIT)
    again = min(again, plan["deadline"])  # the last try
    if work.moment >= plan["deadline"]:
        error = f"gave up at the deadline: {trouble.error}"
        _end(work, operation, installation, Outcome([], [error]))
        return
    text = f"The provider did not take the write, trying again at {stamp(again)}"
    operations.log(work, operation, "WARNING", text, error=trouble.error)
    work.schedule(ATTEMPT, again, {"operationId": operation["id"]})


def _end(work: Work, operation: Record, installation: Record, outcome: Outcome) -> None:
    """End a write, and tell of it. Source: Operation.result; the vendor's write guide."""
    name, written, errors = operation["plan"]["objectName"], outcome.identifiers, outcome.errors
    text = f"Batch write completed ({len(written)} succeeded, {len(errors)} failed)"
    if errors and not written:
        text = f"[{name}] Error writing to provider"
    metadata: dict[str, Any] = {"successfulRecordIds": written}
    if "retry" in operation["metadata"]:
        metadata["retry"] = {**operation["metadata"]["retry"], "lastNotified": work.now}
    # Assumed: a batch that was written in part has failed.
    status = "failure" if errors else "success"
    ended = operations.end(work, operation, status, text, **metadata)
    for error in errors:
        operations.log(work, ended, "ERROR", f"[{name}] Error writing to provider", error=error)
    operations.log(work, ended, "ERROR" if errors else "INFO", text)
    notifications.write_done(work, installation, name, written, errors)
