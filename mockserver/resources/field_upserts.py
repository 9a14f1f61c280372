"""Creating and changing custom fields at a provider, as the metadata calls do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.resources import field_definitions, objects
from mockserver.resources.custom_fields import CUSTOM_FIELDS, listed
from mockserver.resources.field_definitions import PROVIDERS, VALUE_TYPES, Planned
from mockserver.resources.object_catalog import ObjectType
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def check_provider(provider: str) -> None:
    """Check that a provider takes custom fields.

    Source: upsertMetadataForInstallation. Assumed: this is checked before anything is looked up.

    Raises:
        Refused: INVALID.
    """
    if provider not in PROVIDERS:
        raise Refused(
            Kind.INVALID,
            f"custom fields are not supported for {provider}",
            remedy=f"use one of {', '.join(PROVIDERS)}",
        )


def upsert(
    work: Work, catalog: Catalog, connection: Record, wanted: Record
) -> dict[str, dict[str, Any]]:
    """Create, change or leave alone the fields of an UpsertMetadataRequest; all or none of them.

    Source: upsertMetadataForInstallation, upsertMetadataForConnection. Assumed: results are keyed
    by the names that the caller gave; `fieldName` is the name that the field is listed by.

    Raises:
        Refused: INVALID, naming each definition that cannot be taken.
    """
    issues = list(_issues(catalog, connection["provider"], wanted))
    if issues:
        raise Refused(Kind.INVALID, issues[0].detail, remedy=issues[0].remedy, issues=issues)
    return {
        object_name: _upsert_all(work, catalog, connection, object_name, definitions)
        for object_name, definitions in wanted.items()
    }


def _issues(catalog: Catalog, provider: str, wanted: Record) -> Iterator[Issue]:
    for object_name, definitions in wanted.items():
        place = f"fields.{object_name}"
        if objects.find(catalog, provider, object_name) is None:
            remedy = "use an object of the provider"
            detail = f"{provider} has no object {object_name}"
            yield Issue("body", place, detail, object_name, remedy)
            continue
        names: set[str] = set()
        for number, definition in enumerate(definitions):
            where = f"{place}[{number}]"
            yield from _definition_issues(catalog, provider, where, definition)
            name = field_definitions.base_name(provider, definition["fieldName"]).lower()
            if name in names:
                detail, remedy = "this field is defined twice", "define each field once"
                yield Issue("body", f"{where}.fieldName", detail, definition["fieldName"], remedy)
            names.add(name)


def _definition_issues(
    catalog: Catalog, provider: str, where: str, definition: Record
) -> Iterator[Issue]:
    name = definition["fieldName"]
    if not field_definitions.is_name(provider, name):
        remedy = "start with a letter; then use letters, numbers and single underscores"
        yield Issue("body", f"{where}.fieldName", "invalid field name", name, remedy)
    if not definition["displayName"].strip():
        yield Issue("body", f"{where}.displayName", "is empty", "", "give the field a label")
    value_type = definition["valueType"]
    if value_type not in VALUE_TYPES:
        remedy = f"use one of {', '.join(VALUE_TYPES)}"
        yield Issue("body", f"{where}.valueType", "unknown value type", value_type, remedy)
    target = definition.get("association", {}).get("targetObject")
    if target is not None and objects.find(catalog, provider, target) is None:
        place, remedy = f"{where}.association.targetObject", "use an object of the provider"
        yield Issue("body", place, f"{provider} has no object {target}", target, remedy)


def _upsert_all(
    work: Work, catalog: Catalog, connection: Record, object_name: str, definitions: list[Record]
) -> dict[str, dict[str, Any]]:
    provider = connection["provider"]
    kind = objects.find(catalog, provider, object_name)
    if kind is None:
        raise TypeError("the object was checked before")
    # Listed once: each field is defined once, so none of them finds what another has written.
    held: dict[str, Record] = {}
    for one in listed(work, connection["projectId"], provider, connection["groupRef"], kind.name):
        held.setdefault(one["fieldName"].lower(), one)
    return {
        definition["fieldName"]: _upsert(
            work, catalog, connection, object_name, kind, definition, held
        )
        for definition in definitions
    }


def _upsert(
    work: Work,
    catalog: Catalog,
    connection: Record,
    object_name: str,
    kind: ObjectType,
    definition: Record,
    held: Mapping[str, Record],
) -> dict[str, Any]:
    provider = connection["provider"]
    wanted = definition.get("association", {}).get("targetObject")
    target = objects.find(catalog, provider, wanted) if wanted is not None else None
    plan = field_definitions.plan(
        provider, object_name, definition, target.name if target is not None else None
    )
    result = _store(work, connection, kind, plan, definition, held)
    warnings = [*plan.warnings, *result.pop("warnings", ())]
    result["metadata"] = plan.facts
    return {**result, "warnings": warnings} if warnings else result


def _store(
    work: Work,
    connection: Record,
    kind: ObjectType,
    plan: Planned,
    definition: Record,
    held: Mapping[str, Record],
) -> dict[str, Any]:
    """Write a field; return its name, what was done (create, update, none) and what to warn of.

    Assumed: the same definition again does nothing; a field of the provider itself stays as it is.
    """
    key = {
        "projectId": connection["projectId"],
        "groupRef": connection["groupRef"],
        "provider": connection["provider"],
        "objectName": kind.name,
    }
    old = held.get(plan.name.lower())
    if old is not None:
        name = old["fieldName"]
        if old["definition"] == definition:
            return {"fieldName": name, "action": "none"}
        metadata = {**plan.metadata, "fieldName": name}
        changed = {**old, "definition": definition, "metadata": metadata}
        records.update(work, CUSTOM_FIELDS, old, changed)
        return {"fieldName": name, "action": "update"}
    standard = objects.field(kind.fields, plan.name)
    if standard is not None and not standard["isCustom"]:
        warning = "this is a standard field of the provider: it stays as it is"
        return {"fieldName": standard["fieldName"], "action": "none", "warnings": [warning]}
    if standard == plan.metadata:
        return {"fieldName": plan.name, "action": "none"}
    fields = {"fieldName": plan.name, "definition": definition, "metadata": plan.metadata}
    records.create(work, CUSTOM_FIELDS, {**key, **fields})
    return {"fieldName": plan.name, "action": "create" if standard is None else "update"}
