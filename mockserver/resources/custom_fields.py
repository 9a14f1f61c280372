"""Custom fields that a group's provider account was given through the metadata calls."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource, Unique

_KEY = ("projectId", "groupRef", "provider", "objectName", "fieldName")

CUSTOM_FIELDS = Resource(
    name="customFields",
    noun="custom field",
    scope="projectId",
    owner="projects",
    filters=("groupRef", "provider", "objectName"),
    unique=(Unique(_KEY, "this field exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)
