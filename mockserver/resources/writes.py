"""Writes: an operation that sends records to the provider, and what becomes of them there.

Source: the write API; the vendor's guide to write actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import (
    drills,
    operations,
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
from mockserver.resources.write_outcomes import Outcome, Written, conclude
from mockserver.resources.write_requests import Item, Request
from mockserver.resources.write_targets import Target
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_NOT_WRITTEN = "not written: another record of the batch was refused"
_REFUSED_BY_DRILL = "the provider refused this record"


@dataclass(frozen=True, slots=True)
class Way:
    """What a write goes through on its way to the provider."""

    work: Work
    catalog: Catalog
    installation: Record
    target: Target
    store: RecordStore
    request: Request


def write(way: Way) -> Written:
    """Carry out a synchronous write. Trouble with the provider is an answer like any other."""
    work, request = way.work, way.request
    plan = {"kind": operations.WRITE, "pace": {}}
    operation = operations.begin(work, way.installation, "write", way.target.name, plan)
    trouble = call(way)
    if trouble is None:
        return carry_out(way, operation)
    items = list(request.items(way.store.kind.id_field))
    outcomes = [Outcome(item.identifier, None, (trouble.error,)) for item in items]
    return _conclude(way, operation, outcomes)


def way_to(work: Work, catalog: Catalog, installation: Record, name: str, body: Record) -> Way:
    """Return the way of a request to the provider; nothing is sent yet.

    Args:
        work: the unit of work.
        catalog: every provider's objects.
        installation: whose account is written to.
        name: the object, as the manifest names or maps it.
        body: a WriteRequest.

    Raises:
        Refused: INVALID for a request that makes no sense.
    """
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
    return Way(work, catalog, installation, target, store, request)


def call(way: Way) -> Trouble | None:
    """Call the provider about the object; return what went wrong, or None."""
    connection = way.work.tx.get("connections", way.installation["connectionId"]) or {}
    return provider_calls.call(way.work, connection, way.target.native)[1]


def carry_out(way: Way, operation: Record) -> Written:
    """Let the provider have the records, tell who subscribes to them, and end the operation.

    Source: WriteRequest (`batchPolicy`).
    """
    intents = list(_intents(way))
    if way.request.all_or_none and any(intent.errors for intent in intents):
        outcomes = [
            Outcome(intent.identifier, None, intent.errors or (_NOT_WRITTEN,)) for intent in intents
        ]
        return _conclude(way, operation, outcomes)
    outcomes, changes = [], []
    for intent in intents:
        outcome, change = _write_one(way.store, intent)
        outcomes.append(outcome)
        changes += [change] if change is not None else []
    subscriptions.notify(way.work, way.catalog, way.store, changes)
    return _conclude(way, operation, outcomes)


def _intents(way: Way) -> Iterator[Intent]:
    connection = way.work.tx.get("connections", way.installation["connectionId"]) or {}
    place = provider_calls.place(connection, way.target.native)
    drilled = way.request.is_batch and drills.fires(way.work, drills.PARTIAL_BATCH_WRITE, **place)
    for number, item in enumerate(way.request.items(way.store.kind.id_field)):
        intent = _intent(way, item)
        if drilled and number % 2:
            intent = Intent(
                intent.kind, intent.identifier, {}, (), (*intent.errors, _REFUSED_BY_DRILL)
            )
        yield intent


def _intent(way: Way, item: Item) -> Intent:
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


def _conclude(way: Way, operation: Record, outcomes: Sequence[Outcome]) -> Written:
    request = way.request
    return conclude(way.work, operation, request.kind, outcomes, is_batch=request.is_batch)
