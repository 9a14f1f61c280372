"""Integrations and their revisions: what a deployed manifest says about one provider."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource, Unique

INTEGRATIONS = Resource(
    name="integrations",
    noun="integration",
    component="Integration",
    scope="projectId",
    owner="projects",
    # Source: getIntegration (ID or name). Assumed: a name works wherever an id is asked for.
    lookups=("name",),
    unique=(
        Unique(
            ("projectId", "name"),
            "an integration with this name already exists in this project",
            "choose a different name, or deploy a new revision",
        ),
    ),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    hidden=frozenset({"latestRevisionId"}),
)

REVISIONS = Resource(
    name="revisions",
    noun="revision",
    component="Revision",
    scope="integrationId",
    owner="integrations",
    references=(Reference("integrationId", "integrations", "integration", on_delete="cascade"),),
    hidden=frozenset({"integrationId", "updateTime"}),
)
