"""What reads find, on its way to the destination that the manifest names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import (
    associations,
    held_results,
    operations,
    record_stores,
    selections,
    webhook_messages,
)
from mockserver.resources.providers import Catalog
from mockserver.resources.record_filters import passes
from mockserver.resources.record_stores import RecordStore
from mockserver.resources.selections import Selection
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Why something is read. Source: webhook.yaml (`readType`).
BACKFILL = "backfill"
SCHEDULED = "scheduled"
TRIGGERED = "triggered"


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that one step of a read found, as the provider holds them."""

    installation: Record
    operation: Record
    object_name: str  # the provider's name
    read_type: str  # BACKFILL, SCHEDULED or TRIGGERED
    records: Sequence[Mapping[str, Any]]


def size(
    work: Work,
    catalog: Catalog,
    installation: Record,
    name: str,
    since: int | None = None,
    until: int | None = None,
) -> int:
    """Return how many records a read finds: those that changed, or without `since` all of them."""
    if since is not None and until is not None:
        return len(changed(work, catalog, installation, name, since, until))
    store = store_of(work, catalog, installation, name)
    return 0 if store is None else store.count()


def between(
    work: Work, catalog: Catalog, installation: Record, plan: Record, start: int, stop: int
) -> list[dict[str, Any]]:
    """Return the records of a read from number `start` to before `stop`, as far as they pass.

    Source: BackfillConfig (a backfill's filters count in place of the object's own).
    """
    name = plan["objectName"]
    if plan.get("since") is not None:
        found = changed(work, catalog, installation, name, plan["since"], plan["end"])
        return found[start:stop]
    config = _config(installation, name)
    filters = config.get("fieldFilters", [])
    if plan["kind"] == BACKFILL:
        filters = config.get("backfill", {}).get("fieldFilters", filters)
    store = store_of(work, catalog, installation, name)
    held = store.window(start, stop) if store is not None else ()
    return [dict(one.fields) for one in held if passes(filters, one.fields)]


def changed(
    work: Work, catalog: Catalog, installation: Record, name: str, since: int, until: int
) -> list[dict[str, Any]]:
    """Return the records that changed from one moment to before another, oldest change first."""
    store = store_of(work, catalog, installation, name)
    filters = _config(installation, name).get("fieldFilters", [])
    found = list(store.changed(since, until)) if store is not None else []
    found.sort(key=lambda held: held.modified)
    return [dict(held.fields) for held in found if passes(filters, held.fields)]


def store_of(work: Work, catalog: Catalog, installation: Record, name: str) -> RecordStore | None:
    """Return what the provider holds of an object for an installation's group."""
    asked = _asked(_config(installation, name))
    provider = installation["config"]["content"]["provider"]
    return record_stores.open_store(
        work,
        catalog,
        installation["projectId"],
        provider,
        installation["groupRef"],
        name,
        also=asked,
    )


def _config(installation: Record, name: str) -> Record:
    read = installation["config"]["content"].get("read", {})
    found: Record = read.get("objects", {}).get(name, {})
    return found


def _asked(config: Record) -> list[str]:
    return [*config.get("selectedFields", {}), *config.get("selectedFieldMappings", {}).values()]


def entries(
    selection: Selection, store: RecordStore, records: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return records as an installation gets them, with what they are linked with."""
    found = []
    for record in records:
        entry = selection.entry(record, store.kind.id_field)
        linked = associations.delivered(store, str(record.get(store.kind.id_field)))
        found.append({**entry, "associations": linked} if linked else entry)
    return found


def deliver(work: Work, catalog: Catalog, batch: Batch) -> None:
    """Send a batch to the destination of its object, in as many messages as it takes.

    Source: webhook.yaml; Delivery (`onRequest` holds results back until they are asked for).
    """
    installation, name = batch.installation, batch.object_name
    selection = selections.of_object(work, catalog, installation, name)
    store = store_of(work, catalog, installation, name)
    if selection is None or store is None or not batch.records:
        return
    if held_results.page_size(work, installation, name) is not None:
        identifiers = [str(record[store.kind.id_field]) for record in batch.records]
        held_results.hold(work, batch.operation, name, batch.read_type, identifiers)
        return
    send(work, selection, store, batch)


def send(work: Work, selection: Selection, store: RecordStore, batch: Batch) -> None:
    """Send a batch at once, whatever the manifest says about its delivery.

    Source: the vendor's guide to destinations (names need not exist at a deployment, and are looked
    up when something is sent). Assumed: what has nowhere to go fails no read; its log tells.
    """
    key = (batch.installation["projectId"], selection.destination)
    if work.tx.first("destinations", "projectId+name", key) is None:
        text = f"[{batch.object_name}] Results were not delivered"
        error = f"destination {selection.destination} not found"
        operations.log(work, batch.operation, "ERROR", text, error=error)
        return
    envelope = webhook_messages.of_read(
        work,
        batch.installation,
        batch.operation,
        batch.read_type,
        objectName=selection.name,
        rawObjectName=selection.native,
    )
    found = entries(selection, store, batch.records)
    for message in webhook_messages.split(work, envelope, found):
        work.send(batch.installation["projectId"], selection.destination, message, "read")


def deliver_held(work: Work, catalog: Catalog, installation: Record, name: str, pages: int) -> None:
    """Send up to a number of pages of what is held back for an object, the oldest first.

    Source: deliverResults. Assumed: records that are gone by now are left out, and none is sent
    when nothing is held.

    Raises:
        Refused: INVALID for an object whose results are sent as they are read.
    """
    size = held_results.page_size(work, installation, name)
    selection = selections.of_object(work, catalog, installation, name)
    store = store_of(work, catalog, installation, name)
    if size is None or selection is None or store is None:
        detail = f"results of {name} are delivered as they are read"
        remedy = "set delivery.mode to onRequest in the manifest to hold them back"
        issue = Issue("path", "objectName", detail, name, remedy)
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
    for page in held_results.take(work, installation, name, pages, size):
        operation = work.tx.get("operations", page.operation_id)
        found = [held for one in page.identifiers if (held := store.get(one)) is not None]
        if operation is not None and found:
            fields = [held.fields for held in found]
            batch = Batch(installation, operation, name, page.read_type, fields)
            send(work, selection, store, batch)
