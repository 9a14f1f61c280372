"""How providers take the definition of a custom field: names, types, and what they say of it.

Source: upsertMetadataForInstallation, FieldDefinition, and the vendor's guide to custom fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.state.tables import Record

#: Source: upsertMetadataForInstallation ("Only HubSpot and Salesforce are supported").
PROVIDERS = ("hubspot", "salesforce")
#: Source: FieldDefinition (`valueType`).
VALUE_TYPES = (
    "string",
    "boolean",
    "date",
    "datetime",
    "singleSelect",
    "multiSelect",
    "int",
    "float",
    "reference",
)
_SELECTS = ("singleSelect", "multiSelect")
#: Names without the ending that marks custom fields, and how to say it.
#: Source: Salesforce, "Custom Field API names". Assumed: HubSpot takes capitals too.
_NAMES: Mapping[str, re.Pattern[str]] = {
    "salesforce": re.compile(r"(?=.{1,40}\Z)[A-Za-z](?:_?[A-Za-z0-9])*", re.ASCII),
    "hubspot": re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}", re.ASCII),
}
_CUSTOM = "__c"
_LONGEST_TEXT = 255

#: The type of a field in describe calls, and the one it is created with.
_SALESFORCE: Mapping[str, tuple[str, str]] = {
    "string": ("string", "Text"),
    "boolean": ("boolean", "Checkbox"),
    "date": ("date", "Date"),
    "datetime": ("datetime", "DateTime"),
    "singleSelect": ("picklist", "Picklist"),
    "multiSelect": ("multipicklist", "MultiselectPicklist"),
    "int": ("double", "Number"),
    "float": ("double", "Number"),
    "reference": ("reference", "Lookup"),
}
#: The type of a property, and the form field it is filled in with.
_HUBSPOT: Mapping[str, tuple[str, str]] = {
    "string": ("string", "text"),
    "boolean": ("bool", "booleancheckbox"),
    "date": ("date", "date"),
    "datetime": ("datetime", "date"),
    "singleSelect": ("enumeration", "select"),
    "multiSelect": ("enumeration", "checkbox"),
    "int": ("number", "number"),
    "float": ("number", "number"),
    "reference": ("string", "text"),
}
_HUBSPOT_GROUP = "integrationcreatedproperties"
_SALESFORCE_PERMISSIONS = "IntegrationCustomFieldVisibility"


@dataclass(frozen=True, slots=True)
class Planned:
    """A field as the provider will have it."""

    name: str  # by which it is listed from then on
    metadata: dict[str, Any]  # FieldMetadata
    facts: dict[str, Any]  # what the provider says about it, for the answer
    warnings: list[str]


def base_name(provider: str, name: str) -> str:
    """Return a field's name without the ending that Salesforce marks custom fields with."""
    return name.removesuffix(_CUSTOM) if provider == "salesforce" else name


def is_name(provider: str, name: str) -> bool:
    """Tell whether a custom field may be called like this."""
    return _NAMES[provider].fullmatch(base_name(provider, name)) is not None


def plan(provider: str, object_name: str, definition: Record, target: str | None) -> Planned:
    """Return what becomes of a definition at its provider.

    Args:
        provider: one of PROVIDERS.
        object_name: the object's name as the caller wrote it.
        definition: a FieldDefinition with a name and a value type that are allowed.
        target: the object that the definition's association points to, if it has one.
    """
    value_type = _value_type(definition)
    if provider == "salesforce":
        given = base_name(provider, definition["fieldName"])
        facts = _salesforce_facts(object_name, given, value_type, definition)
        # Salesforce fields are listed in lower case throughout.
        name, provider_type = (given + _CUSTOM).lower(), _SALESFORCE[value_type][0]
        if facts["type"] == "LongTextArea":
            provider_type = "textarea"
    else:
        name, provider_type = definition["fieldName"], _HUBSPOT[value_type][0]
        facts = {
            "groupName": _HUBSPOT_GROUP,
            "type": provider_type,
            "fieldType": _HUBSPOT[value_type][1],
        }
    metadata = {
        "fieldName": name,
        "displayName": definition["displayName"],
        "valueType": value_type,
        "providerType": provider_type,
        "readOnly": False,
        "isCustom": True,
        "isRequired": bool(definition.get("required", False)),
    }
    if value_type in _SELECTS:
        values = definition.get("stringOptions", {}).get("values", [])
        metadata["values"] = [{"value": text, "displayValue": text} for text in values]
    if target is not None:
        metadata["referenceTo"] = [target]
    return Planned(name, metadata, facts, _warnings(value_type, definition))


def _value_type(definition: Record) -> str:
    """Return the value type a field ends up with. Assumed: an association makes it a reference."""
    return "reference" if "association" in definition else str(definition["valueType"])


def _salesforce_facts(
    object_name: str, given: str, value_type: str, definition: Record
) -> dict[str, Any]:
    kind = _SALESFORCE[value_type][1]
    length = definition.get("stringOptions", {}).get("length", 0)
    if value_type == "string" and length > _LONGEST_TEXT:
        kind = "LongTextArea"
    return {
        "fullName": f"{object_name}.{given}{_CUSTOM}",
        "type": kind,
        "permissionSet": _SALESFORCE_PERMISSIONS,
    }


def _warnings(value_type: str, definition: Record) -> list[str]:
    """Return what a definition says in vain. Assumed: these are accepted, and pointed out."""
    has_values = bool(definition.get("stringOptions", {}).get("values"))
    found = []
    if value_type in _SELECTS and not has_values:
        found.append("stringOptions.values is empty: there is nothing to select")
    if value_type not in _SELECTS and has_values:
        found.append("stringOptions.values is ignored: use singleSelect or multiSelect")
    if value_type == "reference" and "association" not in definition:
        found.append("association.targetObject is missing: the field refers to nothing")
    return found
