"""Installations: an integration in use by one group, with the group's configuration."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource, Unique

INSTALLATIONS = Resource(
    name="installations",
    noun="installation",
    component="Installation",
    scope="projectId",
    owner="projects",
    filters=("integrationId", "groupRef"),
    unique=(
        Unique(
            ("integrationId", "groupRef"),
            "this group has an installation of this integration already",
            "update the existing installation, or delete it first",
        ),
    ),
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference("integrationId", "integrations", "integration", on_delete="cascade"),
        Reference("connectionId", "connections", "connection", on_delete="restrict"),
    ),
    hidden=frozenset({"groupRef", "connectionId"}),
)
