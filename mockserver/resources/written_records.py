"""Rows of what was written to pretend providers, and how values become part of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources.object_catalog import ObjectType, path_of
from mockserver.resources.provider_records import value
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.state.tables import Record

_ACCOUNT = ("projectId", "provider", "groupRef", "objectName")

#: `record` is whole, as the provider returns it; `made` tells it from a changed one of the seed.
WRITTEN_RECORDS = Resource(
    name="writtenRecords",
    noun="provider record",
    scope="projectId",
    owner="projects",
    filters=("provider", "groupRef", "objectName"),
    unique=(Unique((*_ACCOUNT, "recordId"), "this record exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)


def merged(record: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with some fields replaced; a nested one is named by its path.

    Source: IntegrationFieldExistent (`$['address']['city']` reaches into nested objects).
    """
    changed = dict(record)
    for name, given in values.items():
        changed = _placed(changed, path_of(name), given)
    return changed


def _placed(record: Mapping[str, Any], steps: list[str], given: Any) -> dict[str, Any]:
    head, *rest = steps
    if rest:
        inner = record.get(head)
        given = _placed(inner if isinstance(inner, Mapping) else {}, rest, given)
    return {**record, head: given}


def stamped(kind: ObjectType, record: Record, now: str, *, is_new: bool) -> dict[str, Any]:
    """Return a record with the times that the provider itself keeps. `now` is RFC 3339."""
    kept = {"modified", "created"} if is_new else {"modified"}
    times = {name: now for name, fake in kind.fakes.items() if fake in kept}
    return merged(record, times)


def finished(kind: ObjectType, record: Record) -> dict[str, Any]:
    """Return a record whose dependent fields agree with the others.

    Assumed: a full name that cannot be written is put together from its parts, and what is there
    twice is the same twice.
    """
    parts = [record.get(name) for name, fake in kind.fakes.items() if fake in {"first", "last"}]
    whole = " ".join(str(part) for part in parts if part)
    made = {
        name: whole
        for name, fake in kind.fakes.items()
        if fake == "name" and kind.fields[name]["readOnly"]
    }
    made |= {
        name: value(record, fake[1:]) for name, fake in kind.fakes.items() if fake.startswith("=")
    }
    return merged(record, made)
