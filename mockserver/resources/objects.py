"""Objects and fields as a group's provider account shows them: standard ones and its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.resources import custom_fields
from mockserver.resources.object_catalog import ObjectType, title
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work


def find(catalog: Catalog, provider: str, object_name: str) -> ObjectType | None:
    """Return a provider's object; None when there is none of this name.

    Assumed: names are compared exactly, then regardless of case, then with the spellings that
    the provider takes besides (HubSpot's `contact` for `contacts`).
    """
    return catalog.objects.of(provider).find(object_name)


def is_generic(catalog: Catalog, provider: str) -> bool:
    """Tell whether nothing is known about a provider, so that it takes any object and field."""
    return catalog.objects.of(provider).is_generic


def display_name(catalog: Catalog, provider: str, object_name: str) -> str:
    """Return the provider's label of an object; of an unknown one, a label made of its name."""
    found = find(catalog, provider, object_name)
    return title(object_name) if found is None else found.display_name


def fields(
    work: Work, catalog: Catalog, project_id: str, provider: str, group_ref: str, object_name: str
) -> dict[str, dict[str, Any]] | None:
    """Return everything known about an object's fields, by field name; None: unknown object.

    Source: FieldMetadata. The group's custom fields come last, one that redefines a field of the
    provider in its place.
    """
    found = find(catalog, provider, object_name)
    if found is None:
        return None
    own = custom_fields.listed(work, project_id, provider, group_ref, found.name)
    return {**found.fields, **{record["fieldName"]: record["metadata"] for record in own}}


def field(known: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any] | None:
    """Return a field's metadata by its name, or by its name in lower case.

    Assumed: manifests may write Salesforce fields in Salesforce's own spelling, as in `Email`.
    """
    return known.get(name) or known.get(name.lower())


def unknown_fields(
    work: Work,
    catalog: Catalog,
    project_id: str,
    provider: str,
    group_ref: str,
    object_name: str,
    names: Iterable[str],
) -> list[str]:
    """Return those of some field names that the provider's object does not have.

    Of a generic object none is unknown; of an unknown object every one is.
    """
    if is_generic(catalog, provider):
        return []
    known = fields(work, catalog, project_id, provider, group_ref, object_name) or {}
    return [name for name in names if field(known, name) is None]
