"""Writes: an operation that sends records to the provider, at once or later, and what comes of it.

Source: the write API; the vendor's guide to write actions. Assumed: an operation has failed as
soon as one of its records was refused, as its notification says too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import (
    drills,
    notifications,
    operations,
    progressions,
    provider_calls,
    provider_writes,
    record_stores,
    subscriptions,
    write_requests,
    write_targets,
)
from mockserver.resources.provider_calls import Trouble
from mockserver.resources.provider_writes import CREATE, UPDATE, Change, Intent
from mockserver.resources.providers import Catalog
from mockserver.resources.record_stores import RecordStore
from mockserver.resources.write_requests import Item, Request
from mockserver.resources.write_targets import Target
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

ATTEMPT = "write.attempt"
#: Assumed: a write is tried again after half a minute, then after twice as long, and so on up to
#: half an hour; the last time at its deadline.
_FIRST_PAUSE = 30 * SECOND
_LONGEST_PAUSE = 1800 * SECOND
_NOT_WRITTEN = "not written: another record of the batch was refused"
_REFUSED_BY_DRILL = "the provider refused this record"
#: Assumed: how many of the latest operations a write looks through for others to wait with.
_MOST_COLLECTED = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one record."""

    identifier: str | None
    data: Mapping[str, Any] | None
    errors: tuple[str, ...]

    def shown(self) -> dict[str, Any]:
        """Return it as a WriteResult. Source: the write API."""
        result: dict[str, Any] = {"success": not self.errors}
        if self.identifier is not None and not self.errors:
            result["recordId"] = self.identifier
        return result if self.data is None else {**result, "data": dict(self.data)}


@dataclass(frozen=True, slots=True)
class Written:
    """A write that has ended: the operation, and what came of each record."""

    operation: Record
    outcomes: Sequence[Outcome]
    is_batch: bool

    @property
    def failed(self) -> bool:
        """Whether nothing was written at all."""
        return all(outcome.errors for outcome in self.outcomes)

    def shown(self) -> dict[str, Any]:
        """Return the answer of the write API: of a record, or of a batch."""
        operation_id = self.operation["id"]
        if not self.is_batch:
            return self._of_record(operation_id)
        failures = sum(1 for outcome in self.outcomes if outcome.errors)
        answer: dict[str, Any] = {
            "operationId": operation_id,
            "results": [outcome.shown() for outcome in self.outcomes],
            "successCount": len(self.outcomes) - failures,
            "failureCount": failures,
        }
        errors = [{"message": text} for text in _told(self.outcomes, is_batch=True)]
        return {**answer, "errors": errors} if errors else answer

    def _of_record(self, operation_id: str) -> dict[str, Any]:
        outcome = self.outcomes[0]
        answer = {"operationId": operation_id, "result": outcome.shown()}
        if not outcome.errors:
            return answer
        return {**answer, "errors": [{"message": text} for text in outcome.errors]}


def _told(outcomes: Sequence[Outcome], *, is_batch: bool) -> list[str]:
    """Return every error, with the place of its record where there are several."""
    return [
        f"batch[{number}]: {text}" if is_batch else text
        for number, outcome in enumerate(outcomes)
        for text in outcome.errors
    ]


@dataclass(frozen=True, slots=True)
class _Way:
    """What a write goes through on its way to the provider."""

    work: Work
    catalog: Catalog
    installation: Record
    target: Target
    store: RecordStore
    request: Request


def write(
    work: Work, catalog: Catalog, installation: Record, name: str, body: Record
) -> Written | Record:
    """Write what a request asks for; return what came of it, or the operation that will do it.

    Raises:
        Refused: INVALID for a request that makes no sense; nothing is written then.
    """
    way = _way(work, catalog, installation, name, body)
    request = way.request
    plan = {"kind": operations.WRITE, "job": ATTEMPT}
    if not request.is_asynchronous:
        operation = operations.begin(work, installation, "write", way.target.name, plan)
        return _attempt(way, operation)
    pace = progressions.begin(work, progressions.OPERATION, 1)
    first = _first_attempt(way, pace)
    plan |= {"pace": pace, "request": {"name": name, "body": dict(body)}}
    plan["deadline"] = (work.moment if first is None else first) + request.deadline
    if request.waits and first is not None:
        plan["until"] = first
    operation = operations.begin(work, installation, "write", way.target.name, plan)
    operations.log(work, operation, "INFO", f"Accepted {request.kind} of {way.target.name}")
    if first is not None:
        work.schedule(ATTEMPT, first, {"operationId": operation["id"]})
    return operation


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
        way = _way(work, catalog, installation, asked["name"], asked["body"])
    except Refused as refusal:  # the config has changed meanwhile
        _give_up(work, installation, operation, refusal.detail)
        return
    trouble = _call(way)
    if trouble is None:
        written = _carry_out(way, operation)
        _notify(work, installation, written)
    elif work.moment >= operation["plan"]["deadline"]:
        _give_up(work, installation, operation, trouble.error)
    else:
        _retry(work, operation, trouble)


def _way(
    work: Work, catalog: Catalog, installation: Record, name: str, body: Record
) -> _Way:
    target = write_targets.find(work, catalog, installation, name)
    provider = installation["config"]["content"]["provider"]
    store = record_stores.open_store(
        work,
        catalog,
        installation["projectId"],
        provider,
        installation["groupRef"],
        target.native,
    )
    if store is None:
        detail = f"{provider} has no object {target.native}"
        issue = Issue("path", "objectName", detail, name)
        raise Refused(Kind.INVALID, detail, remedy="use an object of the provider", issues=[issue])
    request = write_requests.check(body, target, store.kind.id_field)
    return _Way(work, catalog, installation, target, store, request)


def _first_attempt(way: _Way, pace: Mapping[str, Any]) -> int | None:
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


def _call(way: _Way) -> Trouble | None:
    connection = way.work.tx.get("connections", way.installation["connectionId"]) or {}
    return provider_calls.call(way.work, connection, way.target.native)[1]


def _attempt(way: _Way, operation: Record) -> Written:
    """Carry out a synchronous write. Trouble with the provider is an answer like any other."""
    trouble = _call(way)
    if trouble is None:
        return _carry_out(way, operation)
    items = list(way.request.items(way.store.kind.id_field))
    outcomes = [Outcome(item.identifier, None, (trouble.error,)) for item in items]
    return _ended(way, operation, outcomes)


def _carry_out(way: _Way, operation: Record) -> Written:
    intents = list(_intents(way))
    if way.request.all_or_none and any(intent.errors for intent in intents):
        outcomes = [
            Outcome(intent.identifier, None, intent.errors or (_NOT_WRITTEN,)) for intent in intents
        ]
        return _ended(way, operation, outcomes)
    outcomes, changes = [], []
    for intent in intents:
        outcome, change = _write_one(way.store, intent)
        outcomes.append(outcome)
        changes += [change] if change is not None else []
    subscriptions.notify(way.work, way.catalog, way.store, changes)
    return _ended(way, operation, outcomes)


def _intents(way: _Way) -> Iterator[Intent]:
    connection = way.work.tx.get("connections", way.installation["connectionId"]) or {}
    place = provider_calls.place(connection, way.target.native)
    drilled = way.request.is_batch and drills.fires(
        way.work, drills.PARTIAL_BATCH_WRITE, **place
    )
    for number, item in enumerate(way.request.items(way.store.kind.id_field)):
        intent = _intent(way, item)
        if drilled and number % 2:
            intent = Intent(
                intent.kind, intent.identifier, {}, (), (*intent.errors, _REFUSED_BY_DRILL)
            )
        yield intent


def _intent(way: _Way, item: Item) -> Intent:
    kind, store = way.request.kind, way.store
    held = store.get(item.identifier) if item.identifier is not None else None
    values: Mapping[str, Any] = {}
    if kind == CREATE or (kind == UPDATE and held is not None):
        current = None if held is None else held.fields
        values = way.target.settle(way.target.values_of(dict(item.record)), current)
    return provider_writes.intend(store, kind, item.identifier, values, item.associations)


def _write_one(store: RecordStore, intent: Intent) -> tuple[Outcome, Change | None]:
    if intent.errors:
        return Outcome(intent.identifier, None, intent.errors), None
    change = provider_writes.carry_out(store, intent)
    data = None if change.after is None else change.after.fields
    return Outcome(change.held.identifier, data, ()), change


def _ended(way: _Way, operation: Record, outcomes: Sequence[Outcome]) -> Written:
    """End an operation with what came of its records. Source: Operation (`result`)."""
    work, name, request = way.work, way.target.name, way.request
    errors = _told(outcomes, is_batch=request.is_batch)
    failures = sum(1 for outcome in outcomes if outcome.errors)
    if request.is_batch:
        text = f"Batch write completed ({len(outcomes) - failures} succeeded, {failures} failed)"
    else:
        text = f"[{name}] Error writing to provider" if failures else f"[{name}] Write completed"
    method = f"{request.kind} {way.store.kind.name}"
    operations.log(
        work, operation, "DEBUG", f"Sent {len(outcomes)} record(s) to the provider", request=method
    )
    for error in errors:
        operations.log(work, operation, "ERROR", f"[{name}] Error writing to provider", error=error)
    written = [o.identifier for o in outcomes if o.identifier is not None and not o.errors]
    facts = {"successfulRecordIds": written} if request.kind in {CREATE, UPDATE} else {}
    status = "failure" if failures else "success"
    ended = operations.end(work, operation, status, text, **facts)
    operations.log(work, ended, "WARNING" if failures else "INFO", text)
    return Written(ended, outcomes, request.is_batch)


def _notify(work: Work, installation: Record, written: Written) -> None:
    operation = written.operation
    done = [o.identifier for o in written.outcomes if o.identifier is not None and not o.errors]
    errors = _told(written.outcomes, is_batch=written.is_batch)
    name = operation["plan"]["objectName"]
    notifications.write_done(work, installation, name, done, errors)


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
