"""Who is calling, and what they may reach."""

from __future__ import annotations

from typing import NamedTuple

from mockserver.resources import memberships
from mockserver.resources.projects import PROJECTS
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused, not_found
from mockserver.rules.work import Work
from mockserver.state.tables import Record

API_KEY = "API key"
BUILDER = "builder"
CUSTOMER = "customer"
ANYBODY = "anybody"


class Principal(NamedTuple):
    """The caller of one request, after their credential was checked."""

    kind: str
    project_id: str | None = None  # of an API key or a customer token
    full: bool = False  # an API key with the scope `full`
    builder: Record | None = None
    group_ref: str | None = None  # of a customer token
    consumer_ref: str | None = None

    @property
    def is_frontend(self) -> bool:
        """Whether only the operations for frontends are open to this caller."""
        return self.kind == CUSTOMER or (self.kind == API_KEY and not self.full)


PUBLIC = Principal(ANYBODY)


def reaches_project(work: Work, principal: Principal, project: Record) -> bool:
    """Tell whether a caller may act in a project at all."""
    if principal.builder is not None:
        return memberships.project_role(work, project, principal.builder["id"]) is not None
    return bool(principal.project_id == project["id"])


def project_in_body(work: Work, principal: Principal, body: Record) -> Record:
    """Return the project that a request names in its body, by id or name.

    Source: oauthConnect, whose example gives a name. The relaxed contract takes the key
    `projectIdOrName` as well; when both are there, the contract's own counts (Assumed).

    Raises:
        Refused: NOT_FOUND when there is none, FORBIDDEN when it is not the caller's.
    """
    key = "projectId" if "projectId" in body else "projectIdOrName"
    project = records.find(work, PROJECTS, None, body[key])
    if project is None:
        raise not_found("project", key, body[key], place="body")
    if not reaches_project(work, principal, project):
        raise Refused(
            Kind.FORBIDDEN,
            "this credential does not belong to this project",
            remedy="use a credential of the project, or the project of this credential",
        )
    return project


def reaches_org(work: Work, principal: Principal, org_id: str) -> bool:
    """Tell whether a caller belongs to an organization: as a member, or by their key's project."""
    if principal.builder is not None:
        return memberships.org_role(work, org_id, principal.builder["id"]) is not None
    project = work.tx.get("projects", principal.project_id or "")
    return project is not None and bool(project["orgId"] == org_id)


def require_group(principal: Principal, group_ref: str) -> None:
    """Refuse a customer who acts for another group than their token's.

    Source: the vendor's guide to JWT authentication. Others may act for any group.

    Raises:
        Refused: FORBIDDEN.
    """
    if principal.kind == CUSTOMER and principal.group_ref != group_ref:
        raise Refused(
            Kind.FORBIDDEN,
            "this token is limited to another group",
            remedy="use a token whose groupRef is the group of the request",
        )


def require_customer(principal: Principal, group_ref: str, consumer_ref: str) -> None:
    """Refuse a customer who connects for another group or as another consumer than they are.

    Source: the vendor's guide to JWT authentication. Assumed: the consumer counts as well, because
    consumers belong to the project and another group's could be renamed otherwise.

    Raises:
        Refused: FORBIDDEN.
    """
    require_group(principal, group_ref)
    if principal.kind == CUSTOMER and principal.consumer_ref != consumer_ref:
        raise Refused(
            Kind.FORBIDDEN,
            "this token is limited to another consumer",
            remedy="use a token whose consumerRef is the consumer of the request",
        )


def stand_in(work: Work, principal: Principal) -> Record | None:
    """Return the builder that a caller acts as: themselves, or the owner of a key's organization.

    Only the setting that opens builder operations to API keys makes use of the latter.
    """
    if principal.builder is not None:
        return principal.builder
    project = work.tx.get("projects", principal.project_id or "")
    for membership in work.tx.find("memberships", "orgId", (project["orgId"],)) if project else ():
        if membership["role"] == memberships.OWNER:
            return work.tx.get("builders", membership["builderId"])
    return None
