"""Who belongs to an organization, and who has which role in a project."""

from __future__ import annotations

from typing import Any

from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

OWNER = "owner"
#: Assumed: roles of those who join an organization, and of those who create a project.
MEMBER = "member"
ADMIN = "admin"

MEMBERSHIPS = Resource(
    name="memberships",
    noun="membership",
    filters=("orgId", "builderId"),
    unique=(
        Unique(
            ("orgId", "builderId"),
            "this builder already belongs to the organization",
            "list the organization's builders first",
        ),
    ),
    references=(
        Reference("orgId", "orgs", "organization", on_delete="cascade"),
        Reference("builderId", "builders", "builder", on_delete="cascade"),
    ),
)

PROJECT_ROLES = Resource(
    name="projectRoles",
    noun="project role",
    filters=("projectId", "principalId"),
    unique=(
        Unique(("projectId", "principalId"), "this principal already has a role in the project"),
    ),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)


def join(work: Work, org_id: str, builder_id: str, *, role: str = MEMBER) -> Record:
    """Add a builder to an organization, and so to its default team.

    Raises:
        Refused: CONFLICT when they belong to it already, NOT_FOUND for an unknown builder.
    """
    return records.create(
        work, MEMBERSHIPS, {"orgId": org_id, "builderId": builder_id, "role": role}
    )


def grant(work: Work, project_id: str, builder_id: str) -> Record:
    """Make a builder an admin of a project."""
    fields = {
        "projectId": project_id,
        "principalType": "builder",
        "principalId": builder_id,
        "role": ADMIN,
    }
    return records.create(work, PROJECT_ROLES, fields)


def of_builder(work: Work, builder_id: str) -> list[Record]:
    """Return the memberships of a builder, oldest first."""
    return records.listed(work, MEMBERSHIPS, None, {"builderId": builder_id})


def org_role(work: Work, org_id: str, builder_id: str) -> str | None:
    """Return the role of a builder in an organization, or None."""
    found = work.tx.first("memberships", "orgId+builderId", (org_id, builder_id))
    return found["role"] if found else None


def project_role(work: Work, project: Record, builder_id: str) -> dict[str, Any] | None:
    """Return how a builder reaches a project: by a role of their own, their team's, or as owner.

    Assumed: in this order; owners of the organization reach all its projects as admins.

    Returns:
        `role`, `principalType` and `principalId`, or None when they do not reach it.
    """
    member = org_role(work, project["orgId"], builder_id)
    org = work.tx.get("orgs", project["orgId"])
    principals = [builder_id]
    if member is not None and org is not None:
        principals.append(org["defaultTeamId"])
    for principal in principals:
        found = work.tx.first("projectRoles", "projectId+principalId", (project["id"], principal))
        if found is not None:
            return {name: found[name] for name in ("role", "principalType", "principalId")}
    if member == OWNER:
        return {"role": ADMIN, "principalType": "builder", "principalId": builder_id}
    return None
