"""Integrations and their revisions: what a deployed manifest says about one provider."""

from __future__ import annotations

from typing import Any

from mockserver.rules import records, views
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

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


def get(work: Work, project_id: str, wanted: str, *, parameter: str = "integrationId") -> Record:
    """Find an integration of a project by its id, else by its name.

    Source: getIntegration (ID or name). Assumed: the same holds for every other operation.

    Raises:
        Refused: NOT_FOUND.
    """
    return records.get(work, INTEGRATIONS, project_id, wanted, parameter=parameter)


def latest(work: Work, integration: Record) -> Record:
    """Return the revision that is in force. An integration always has one."""
    found = work.tx.get("revisions", integration["latestRevisionId"])
    if found is None:
        raise LookupError(f"integration {integration['id']} has lost its latest revision")
    return found


def revision(
    work: Work, integration: Record, revision_id: str, parameter: str = "revisionId"
) -> Record:
    """Find a revision of an integration, the latest or an older one.

    Assumed: older revisions stay readable.

    Raises:
        Refused: NOT_FOUND.
    """
    return records.get(work, REVISIONS, integration["id"], revision_id, parameter=parameter)


def shown(work: Work, integration: Record) -> dict[str, Any]:
    """Return an integration as the contract shows it, with its latest revision.

    Source: the Integration component.
    """
    revision = views.show(REVISIONS, latest(work, integration))
    return {**views.show(INTEGRATIONS, integration), "latestRevision": revision}


def create(work: Work, project_id: str, content: Record, spec_version: str) -> Record:
    """Store an integration with its first revision; `content` has been checked.

    Source: createIntegration.

    Raises:
        Refused: CONFLICT when the project has an integration of this name.
    """
    revision_id = work.new_id("revisions")
    fields = {
        "projectId": project_id,
        "name": content["name"],
        "provider": content["provider"],
        "latestRevisionId": revision_id,
    }
    integration = records.create(work, INTEGRATIONS, fields)
    _store_revision(work, integration, revision_id, content, spec_version)
    return integration


def add_revision(work: Work, integration: Record, content: Record, spec_version: str) -> Record:
    """Give an integration a new latest revision; `content` has been checked.

    Source: createRevision. Older revisions stay; installations keep the one they were
    configured with until their next change.
    """
    revision_id = work.new_id("revisions")
    _store_revision(work, integration, revision_id, content, spec_version)
    return records.update(
        work, INTEGRATIONS, integration, {**integration, "latestRevisionId": revision_id}
    )


def _store_revision(
    work: Work, integration: Record, revision_id: str, content: Record, spec_version: str
) -> None:
    fields = {
        "id": revision_id,
        "integrationId": integration["id"],
        "specVersion": spec_version,
        "content": content,
    }
    records.create(work, REVISIONS, fields)
