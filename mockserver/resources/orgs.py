"""Organizations and their default team, to which every member belongs."""

from __future__ import annotations

from mockserver.resources import memberships
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.resource import Masks, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

ORGS = Resource(
    name="orgs",
    noun="organization",
    component="Org",
    masks=Masks("org", ("label",)),
)


def create(work: Work, label: str, *, creator: str) -> Record:
    """Create an organization that `creator` owns, with a fresh "Everyone" team.

    Source: createOrg. Assumed: the creator is the owner, and may own several.

    Raises:
        Refused: INVALID when a builder may have one organization only and has it.
    """
    if work.settings.one_org_per_builder and memberships.of_builder(work, creator):
        raise Refused(
            Kind.INVALID,
            "this builder already belongs to an organization",
            remedy="use that organization, or switch one_org_per_builder off",
        )
    identifier = work.new_id("orgs")
    fields = {"id": identifier, "label": label, "defaultTeamId": team_of(work, identifier)}
    org = records.create(work, ORGS, fields)
    memberships.join(work, org["id"], creator, role=memberships.OWNER)
    return org


def team_of(work: Work, org_id: str) -> str:
    """Return the id of an organization's own "Everyone" team; no two organizations share one."""
    return work.identity.uuid("teams", org_id)
