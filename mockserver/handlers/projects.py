"""Projects."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import principals, projects
from mockserver.resources.orgs import ORGS
from mockserver.resources.projects import PROJECTS
from mockserver.rules import records, views
from mockserver.rules.errors import Kind, Refused, not_found
from mockserver.state.tables import Record


@operation("listProjects")
def list_projects(call: Call) -> list[Any]:
    reached = records.listed(call.work, PROJECTS, None)
    return [
        views.show(PROJECTS, project)
        for project in reached
        if principals.reaches_project(call.work, call.principal, project)
    ]


@operation("createProject")
def create_project(call: Call, *, body: Record) -> Record:
    org = records.find(call.work, ORGS, None, body["orgId"])
    if org is None:
        raise not_found("organization", "orgId", body["orgId"], place="body")
    if not principals.reaches_org(call.work, call.principal, org["id"]):
        raise Refused(
            Kind.FORBIDDEN,
            "you do not belong to this organization",
            remedy="use the organization of GET /my-info",
        )
    project = projects.create(call.work, body, creator=call.builder["id"])
    return views.show(PROJECTS, project)


@operation("getProject")
def get_project(call: Call, *, include_entitlements: bool) -> Record:
    if include_entitlements:
        return projects.with_entitlements(call.tenant)
    return views.show(PROJECTS, call.tenant)


@operation("updateProject")
def update_project(call: Call, *, body: Record) -> Record:
    changed = records.patch(call.work, PROJECTS, call.tenant, body, projects.check)
    return views.show(PROJECTS, changed)
