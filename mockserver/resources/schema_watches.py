"""Watching the fields of a customer's objects: what is new, gone or different is reported.

Source: the manifest (`watchSchema`); the vendor's guide to schema watches (`action`, and the three
lists of the result). Assumed: a report is about one object and has the envelope of other messages;
its fields are shown as the metadata calls show them. A pretend provider's own fields stay as they
are, so that only custom fields can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from mockserver.resources import (
    custom_fields,
    manifests,
    objects,
    provider_calls,
    schedules,
    selections,
    webhook_messages,
)
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

LOOK = "schema.look"
#: Source: WatchSchema (`schedule`).
_DAILY = "0 */24 * * *"
#: Each report by what the manifest turns on, as the result names it.
_REPORTS: Mapping[str, str] = {
    "createdFields": "fieldCreated",
    "deletedFields": "fieldDeleted",
    "changedFields": "fieldChanged",
}
#: A list of the result, and something that belongs into it.
_Finding = tuple[str, dict[str, Any]]

#: `seen` is what the fields were the last time: metadata by the provider's object and by field.
SCHEMA_WATCHES = Resource(
    name="schemaWatches",
    noun="schema watch",
    scope="installationId",
    owner="installations",
    stamped=False,
    references=(Reference("installationId", "installations", "installation", on_delete="cascade"),),
)


def follow(work: Work, catalog: Catalog, installation: Record) -> None:
    """Make the watch of an installation what its manifest says."""
    watch = selections.manifest_of(work, installation).get("watchSchema")
    row = _of(work, installation)
    if watch is None:
        if row is not None:
            work.unschedule(row.get("jobId"))
            work.tx.delete(SCHEMA_WATCHES.name, row["id"])
        return
    schedule = watch.get("schedule", _DAILY)
    if row is None:
        fields = {"installationId": installation["id"], "seen": _seen(work, catalog, installation)}
        row = records.create(work, SCHEMA_WATCHES, {**fields, "schedule": ""})
    if row["schedule"] != schedule:
        _arm(work, {**row, "schedule": schedule}, work.moment)


def release(work: Work, installation: Record) -> None:
    """Take back what the watch of an installation would still do, because it goes."""
    row = _of(work, installation)
    if row is not None:
        work.unschedule(row.get("jobId"))


def look(work: Work, catalog: Catalog, watch_id: str, now: int) -> None:
    """Look at the fields of an installation's objects, and report what has changed.

    Assumed: a provider that does not answer is asked again at the next tick; ticks that nobody was
    there for are made up for by one.

    Args:
        work: the unit of work, at the moment of the tick.
        catalog: the providers.
        watch_id: whose tick it is.
        now: the moment by the clock.
    """
    row = work.tx.get(SCHEMA_WATCHES.name, watch_id)
    installation = work.tx.get("installations", row["installationId"]) if row else None
    if row is None or installation is None:
        return
    connection = work.tx.get("connections", installation["connectionId"])
    trouble = provider_calls.call(work, connection)[1] if connection is not None else None
    seen = row["seen"]
    if trouble is None:
        seen = _seen(work, catalog, installation)
        _report(work, installation, row["seen"], seen)
    _arm(work, {**row, "seen": seen}, max(now, work.moment))


def _of(work: Work, installation: Record) -> Record | None:
    return next(iter(records.listed(work, SCHEMA_WATCHES, installation["id"])), None)


def _arm(work: Work, row: Record, after: int) -> None:
    """Store a watch with the job of its next tick."""
    work.unschedule(row.get("jobId"))
    armed: dict[str, Any] = {key: value for key, value in row.items() if key != "jobId"}
    due = schedules.next_tick(row["schedule"], after)
    if due is not None:
        armed["jobId"] = work.schedule(LOOK, due, {"watchId": row["id"]})
    work.tx.put(SCHEMA_WATCHES.name, row["id"], armed)


def _seen(work: Work, catalog: Catalog, installation: Record) -> dict[str, dict[str, Any]]:
    project_id, group_ref = installation["projectId"], installation["groupRef"]
    provider = installation["config"]["content"]["provider"]
    found: dict[str, dict[str, Any]] = {}
    for name in _names(selections.manifest_of(work, installation)):
        kind = objects.find(catalog, provider, name)
        if kind is not None:
            own = custom_fields.listed(work, project_id, provider, group_ref, kind.name)
            found[name] = {record["fieldName"]: record["metadata"] for record in own}
    return found


def _names(manifest: Record) -> Iterable[str]:
    """Return the objects of an integration, by the provider's names. Source: `allObjects`."""
    actions = (manifests.read_objects, manifests.write_objects, manifests.subscribe_objects)
    return dict.fromkeys(name for declared in actions for name in declared(manifest))


def _report(work: Work, installation: Record, before: Record, after: Record) -> None:
    manifest = selections.manifest_of(work, installation)
    watch = manifest["watchSchema"]
    wanted = [
        name
        for name, event in _REPORTS.items()
        if watch["allObjects"].get(event, {}).get("enabled") == "always"
    ]
    for name, fields in after.items():
        found = [
            finding for finding in _changes(before.get(name, {}), fields) if finding[0] in wanted
        ]
        if not found:
            continue
        told = manifests.read_objects(manifest).get(name, {}).get("mapToName") or name
        envelope = webhook_messages.of_schema(
            work, installation, objectName=told, rawObjectName=name
        )
        for result in _results(found, webhook_messages.room(envelope)):
            message = {**envelope, "result": result}
            destination = watch["destination"]
            work.send(installation["projectId"], destination, message, webhook_messages.SCHEMA)


def _changes(before: Record, after: Record) -> Iterator[_Finding]:
    for name, schema in after.items():
        if name not in before:
            yield "createdFields", schema
        elif before[name] != schema:
            yield "changedFields", {"oldSchema": before[name], "newSchema": schema}
    for name, schema in before.items():
        if name not in after:
            yield "deletedFields", schema


def _results(found: Iterable[_Finding], room: int) -> Iterator[dict[str, list[Any]]]:
    """Yield results with all the findings, none larger than `room` bytes if it can be."""
    result: dict[str, list[Any]] = {name: [] for name in _REPORTS}
    used = 0
    for name, finding in found:
        size = len(orjson.dumps(finding)) + 1  # and a comma
        if used and used + size > room:
            yield result
            result, used = {name: [] for name in _REPORTS}, 0
        result[name].append(finding)
        used += size
    yield result
