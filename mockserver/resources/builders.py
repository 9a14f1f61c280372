"""Builders: the people who use the dashboard and the CLI, and the tokens that stand for them."""

from __future__ import annotations

from typing import Any

from mockserver.resources import memberships
from mockserver.resources.orgs import ORGS
from mockserver.resources.projects import PROJECTS
from mockserver.rules import records, views
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

BUILDERS = Resource(
    name="builders",
    noun="builder",
    component="Builder",
    lookups=("primaryEmail", "idpRef"),
    folded=("primaryEmail",),
    unique=(Unique(("primaryEmail",), "a builder with this e-mail address already exists"),),
)

BUILDER_TOKENS = Resource(
    name="builderTokens",
    noun="builder token",
    key="token",
    stamped=False,
    hidden=frozenset({"token"}),
    references=(Reference("builderId", "builders", "builder", on_delete="cascade"),),
)


def of_email(work: Work, email: str, subject: str) -> Record:
    """Return the builder with this e-mail address, made on first sight.

    Assumed: a valid session of an unknown person makes a builder, as an identity provider would.
    """
    found = records.find(work, BUILDERS, None, email)
    if found is not None:
        return found
    identifier = work.identity.uuid("builders by e-mail", email.lower())
    fields = {"id": identifier, "idpProvider": "clerk", "idpRef": subject, "primaryEmail": email}
    return records.create(work, BUILDERS, fields)


def info(work: Work, builder: Record) -> dict[str, Any]:
    """Return who a builder is, which projects they reach and their latest organization.

    Source: getMyInfo. Assumed: of several organizations the one joined last is shown.
    """
    roles = {}
    for project in work.tx.all("projects"):
        role = memberships.project_role(work, project, builder["id"])
        if role is not None:
            roles[project["id"]] = {**role, "project": views.show(PROJECTS, project)}
    found: dict[str, Any] = {"builder": views.show(BUILDERS, builder), "projectRoles": roles}
    joined = memberships.of_builder(work, builder["id"])
    if joined:
        found["orgRole"] = _org_role(work, joined[-1])
    return found


def _org_role(work: Work, membership: Record) -> dict[str, Any]:
    return {
        "role": membership["role"],
        "principalType": "builder",
        "principalId": membership["builderId"],
        "org": views.show(ORGS, work.tx.get("orgs", membership["orgId"]) or {}),
    }


def domain(builder: Record) -> str:
    """Return the domain of a builder's e-mail address, in lower case; empty without one."""
    return str(builder.get("primaryEmail", "")).rpartition("@")[2].lower()
