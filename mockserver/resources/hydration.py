"""Hydration: a revision completed with what a customer's provider account knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.resources import manifests, objects, provider_calls
from mockserver.resources.object_catalog import generic_field, title
from mockserver.resources.object_metadata import FETCH_FAILED
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

Fields = Mapping[str, dict[str, Any]]

#: Copied from the manifest. What the hydrated form has no place for is left out: subscribe and
#: watchSchema, the delivery of a read object, the mapping that a write object inherits.
_CONTENT = ("name", "displayName", "module", "provider")
_READ = ("mapToName", "mapToDisplayName", "optionalFieldsAuto", "backfill")
_PROXY = ("enabled", "useModule")


def hydrate(work: Work, catalog: Catalog, revision: Record, connection: Record) -> dict[str, Any]:
    """Return the HydratedRevision of any revision, old ones included.

    Source: getHydratedRevision, HydratedIntegration. Assumed: a connection of another provider is
    refused with 400.

    Raises:
        Refused: INVALID when the connection cannot be used for it.
    """
    content = revision["content"]
    if connection["provider"] != content["provider"]:
        detail = f"this connection is for {connection['provider']}, not {content['provider']}"
        issue = Issue("query", "connectionId", detail, connection["id"])
        remedy = f"use a connection for {content['provider']}"
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
    connection = provider_calls.reach(work, connection, detail=FETCH_FAILED)
    hydrated = {name: content[name] for name in _CONTENT if name in content}
    if "read" in content:
        declared = manifests.read_objects(content).values()
        hydrated["read"] = {
            "objects": [_read_object(work, catalog, connection, one) for one in declared]
        }
    if "write" in content:
        hydrated["write"] = {"objects": list(_write_objects(catalog, content))}
    if "proxy" in content:
        hydrated["proxy"] = {
            name: content["proxy"][name] for name in _PROXY if name in content["proxy"]
        }
    kept = {name: revision[name] for name in ("id", "specVersion", "createTime")}
    return {**kept, "content": hydrated}


def _read_object(
    work: Work, catalog: Catalog, connection: Record, declared: Record
) -> dict[str, Any]:
    provider, name = connection["provider"], declared["objectName"]
    known = objects.fields(
        work, catalog, connection["projectId"], provider, connection["groupRef"], name
    )
    hydrated: dict[str, Any] = {
        "objectName": name,
        "displayName": objects.display_name(catalog, provider, name),
        "destination": declared["destination"],
        # Source: HydratedIntegrationObject ("Empty if the manifest gives none").
        "schedule": declared.get("schedule", ""),
        **{key: declared[key] for key in _READ if key in declared},
    }
    if known is None:
        # Assumed: one unknown object does not fail the call; its fields are labelled by name.
        hydrated["error"] = f"{provider} has no object named {name}"
        known = {}
    elif objects.is_generic(catalog, provider):
        known = {**known, **_asked_for(declared, known)}
    hydrated.update(_fields(declared, known))
    if "error" not in hydrated:
        hydrated["allFieldsMetadata"] = known
        hydrated["allFields"] = [_labelled(known, {"fieldName": name}) for name in known]
    return hydrated


def _fields(declared: Record, known: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in ("requiredFields", "optionalFields"):
        if key in declared:
            found[key] = [_labelled(known, field) for field in declared[key]]
    if declared.get("optionalFieldsAuto") == "all":
        offered = found.get("optionalFields", [])
        taken = _names([*found.get("requiredFields", []), *offered])
        left = [name for name in known if name.lower() not in taken]
        rest = [_labelled(known, {"fieldName": name}) for name in left]
        found["optionalFields"] = [*offered, *rest]
    return found


def _labelled(known: Fields, field: Record) -> dict[str, Any]:
    """Return a manifest's field with the provider's label; one to be mapped stays as it is.

    Assumed: a field that the provider does not know is labelled by its name.
    """
    name = field.get("fieldName")
    if name is None:
        return dict(field)
    metadata = objects.field(known, name)
    label = title(name) if metadata is None else metadata["displayName"]
    return {"fieldName": name, "displayName": label, **_mapping(field)}


def _mapping(field: Record) -> dict[str, Any]:
    return {key: field[key] for key in ("mapToName", "mapToDisplayName") if key in field}


def _names(fields: Iterable[Record]) -> set[str]:
    return {field["fieldName"].lower() for field in fields if "fieldName" in field}


def _asked_for(declared: Record, known: Fields) -> dict[str, dict[str, Any]]:
    """Return the fields that a manifest asks of an object about which nothing is known."""
    fields = [*declared.get("requiredFields", []), *declared.get("optionalFields", [])]
    names = [field["fieldName"] for field in fields if "fieldName" in field]
    return {name: generic_field(name) for name in names if objects.field(known, name) is None}


def _write_objects(catalog: Catalog, content: Record) -> Iterable[dict[str, Any]]:
    """Yield the write objects, each with the label of the provider's object behind it.

    Source: IntegrationWriteObject (a mapped name may be used with `inheritMapping`).
    """
    natives = {
        read["mapToName"]: name
        for name, read in manifests.read_objects(content).items()
        if "mapToName" in read
    }
    for name, declared in manifests.write_objects(content).items():
        native = natives.get(name, name) if declared.get("inheritMapping") else name
        hydrated = {
            "objectName": name,
            "displayName": objects.display_name(catalog, content["provider"], native),
        }
        if "valueDefaults" in declared:
            hydrated["valueDefaults"] = declared["valueDefaults"]
        yield hydrated
