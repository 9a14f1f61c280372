"""Custom fields that a group's provider account was given through the metadata calls."""

from __future__ import annotations

from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_KEY = ("projectId", "groupRef", "provider", "objectName", "fieldName")

#: `definition` is the field as it was asked for, `metadata` the FieldMetadata that it shows.
CUSTOM_FIELDS = Resource(
    name="customFields",
    noun="custom field",
    scope="projectId",
    owner="projects",
    filters=("groupRef", "provider", "objectName"),
    unique=(Unique(_KEY, "this field exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)


def listed(
    work: Work, project_id: str, provider: str, group_ref: str, object_name: str
) -> list[Record]:
    """Return the custom fields of an object in a group's account, oldest first."""
    key = {"groupRef": group_ref, "provider": provider, "objectName": object_name}
    return records.listed(work, CUSTOM_FIELDS, project_id, key)
