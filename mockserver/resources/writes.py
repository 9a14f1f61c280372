"""Writes: an operation that sends records to the provider, and what becomes of them there.

Source: the write API; the vendor's guide to write actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import (
    async_writes,
    drills,
    operations,
    provider_calls,
    provider_writes,
    record_stores,
    subscriptions,
    write_requests,
    write_targets,
)
from mockserver.resources.async_writes import Outcome
from mockserver.resources.provider_calls import Trouble
from mockserver.resources.provider_writes import CREATE, UPDATE, Change, Intent
from mockserver.resources.providers import Catalog
from mockserver.resources.record_stores import RecordStore
from mockserver.resources.write_outcomes import RecordOutcome, Written, conclude, told, written_ids
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
    connection = work.tx.get("connections", way.installation["connectionId"]) or {}
    trouble = provider_calls.call(work, connection, way.target.native)[1]
    outcomes = send(way) if trouble is None else _all_failed(way, trouble)
    return conclude(work, operation, request.kind, outcomes, is_batch=request.is_batch)


def accept(way: Way, name: str) -> Record:
    """Accept a write that is carried out later; return its operation, under way.

    Args:
        way: what goes to the provider.
        name: the object as the request names it.
    """
    work, request, target = way.work, way.request, way.target.name
    held = None
    if request.waits:
        until = work.moment + request.waits
        held = async_writes.held_together(work, way.installation, target, until)
    asked = {"name": name, "body": dict(request.body)}
    return async_writes.begin(
        work, way.installation, target, asked, hours=request.hours, held_until=held
    )


def perform(work: Work, catalog: Catalog, operation: Record, installation: Record) -> Outcome:
    """Carry out a write that was accepted earlier. The config may have changed meanwhile."""
    asked = operation["plan"]["request"]
    try:
        way = way_to(work, catalog, installation, asked["name"], asked["body"])
    except Refused as refusal:
        return Outcome([], [refusal.detail])
    outcomes = send(way)
    return Outcome(written_ids(outcomes), told(outcomes, is_batch=way.request.is_batch))


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


def _all_failed(way: Way, trouble: Trouble) -> list[RecordOutcome]:
    items = way.request.items(way.store.kind.id_field)
    return [RecordOutcome(item.identifier, None, (trouble.error,)) for item in items]


def send(way: Way) -> list[RecordOutcome]:
    """Let the provider have the records, and tell who subscribes to them.

    Source: WriteRequest (`batchPolicy`).
    """
    intents = list(_intents(way))
    if way.request.all_or_none and any(intent.errors for intent in intents):
        return [
            RecordOutcome(intent.identifier, None, intent.errors or (_NOT_WRITTEN,))
            for intent in intents
        ]
    outcomes, changes = [], []
    for intent in intents:
        outcome, change = _write_one(way.store, intent)
        outcomes.append(outcome)
        changes += [change] if change is not None else []
    subscriptions.notify(way.work, way.catalog, way.store, changes)
    return outcomes


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


def _write_one(store: RecordStore, intent: Intent) -> tuple[RecordOutcome, Change | None]:
    if intent.errors:
        return RecordOutcome(intent.identifier, None, intent.errors), None
    change = provider_writes.carry_out(store, intent)
    data = None if change.after is None else change.after.fields
    return RecordOutcome(change.held.identifier, data, ()), change
