"""Projects: named globally, in lower case; they own everything but organizations."""

from __future__ import annotations

import re
from typing import Any

from mockserver.resources import memberships
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Masks, Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]", re.ASCII)
_LONGEST = 128
#: Assumed: a project starts without any paid feature.
_NO_ENTITLEMENTS: Record = {"brandingRemoval": {"value": False}}

PROJECTS = Resource(
    name="projects",
    noun="project",
    component="Project",
    lookups=("name",),
    folded=("name",),
    filters=("orgId",),
    # Source: createProject. Assumed: unique across organizations, like the vendor's docs say.
    unique=(Unique(("name",), "a project with this name already exists", "choose another name"),),
    references=(Reference("orgId", "orgs", "organization", on_delete="cascade"),),
    # Source: updateProject. Assumed: a path without a value is malformed there.
    masks=Masks("project", ("appName", "name"), valueless=Kind.INVALID),
    hidden=frozenset({"entitlements"}),
)


def create(work: Work, body: Record, *, creator: str | None) -> Record:
    """Create a project; its creator becomes an admin of it.

    Source: createProject. Assumed: the creator's role, and that nothing else is made with it.
    """
    fields = {name: body[name] for name in ("name", "appName", "orgId")}
    check(fields, prefix="")
    project = records.create(work, PROJECTS, fields)
    if creator is not None:
        memberships.grant(work, project["id"], creator)
    return project


def check(project: Record, *, prefix: str) -> None:
    """Check the names of a project.

    Source: createProject, whose bounds an update is held to as well (Assumed).

    Raises:
        Refused: UNPROCESSABLE, naming each wrong field.
    """
    issues = []
    name, app_name = project["name"], project["appName"]
    if not (2 <= len(name) <= _LONGEST and _NAME.fullmatch(name)):
        remedy = "use 2 to 128 letters, digits and hyphens, with no hyphen at either end"
        issues.append(Issue("body", f"{prefix}name", "invalid project name", name, remedy))
    if not 1 <= len(app_name) <= _LONGEST:
        remedy = "use 1 to 128 characters"
        issues.append(Issue("body", f"{prefix}appName", "invalid app name", app_name, remedy))
    if issues:
        first = issues[0]
        raise Refused(Kind.UNPROCESSABLE, first.detail, remedy=first.remedy, issues=issues)


def with_entitlements(project: Record) -> dict[str, Any]:
    """Return a project as `includeEntitlements=true` shows it. Source: getProject."""
    return {**project, "entitlements": project.get("entitlements", _NO_ENTITLEMENTS)}
