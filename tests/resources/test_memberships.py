"""How a builder reaches a project: by their own role, by their team's, or as owner."""

from __future__ import annotations

import pytest

from mockserver.resources import memberships
from mockserver.resources.builders import BUILDERS
from mockserver.resources.orgs import ORGS
from mockserver.resources.projects import PROJECTS
from mockserver.resources.tables import RESOURCES
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation.clock import SECOND
from mockserver.simulation.identity import Identity
from mockserver.state.root import empty_root
from mockserver.state.tables import Record
from mockserver.state.transactions import RootTransaction


@pytest.fixture
def work() -> Work:
    """Make an organization with a project, and a builder who belongs to neither."""
    root = empty_root(resource.schema for resource in RESOURCES.values())
    work = Work(RootTransaction(root), SECOND, Identity(), Settings(), RESOURCES)
    records.create(work, ORGS, {"id": "o", "label": "O", "defaultTeamId": "team"})
    records.create(work, BUILDERS, {"id": "b", "idpProvider": "clerk", "idpRef": "u"})
    records.create(work, PROJECTS, {"id": "p", "name": "shop", "appName": "S", "orgId": "o"})
    return work


def project(work: Work) -> Record:
    return records.get(work, PROJECTS, None, "p", parameter="projectIdOrName")


def grant_team(work: Work, role: str) -> None:
    fields = {"projectId": "p", "principalType": "team", "principalId": "team", "role": role}
    records.create(work, memberships.PROJECT_ROLES, fields)


def test_a_stranger_reaches_nothing(work: Work):
    assert memberships.project_role(work, project(work), "b") is None


def test_an_owner_reaches_every_project_as_admin(work: Work):
    memberships.join(work, "o", "b", role=memberships.OWNER)
    assert memberships.project_role(work, project(work), "b") == {
        "role": "admin",
        "principalType": "builder",
        "principalId": "b",
    }


def test_a_member_reaches_what_their_team_reaches_and_nothing_else(work: Work):
    memberships.join(work, "o", "b")
    assert memberships.project_role(work, project(work), "b") is None

    grant_team(work, "viewer")
    assert memberships.project_role(work, project(work), "b") == {
        "role": "viewer",
        "principalType": "team",
        "principalId": "team",
    }


def test_a_teams_role_is_not_for_strangers(work: Work):
    grant_team(work, "viewer")
    assert memberships.project_role(work, project(work), "b") is None


def test_a_role_of_ones_own_counts_before_the_teams(work: Work):
    memberships.join(work, "o", "b", role=memberships.OWNER)
    grant_team(work, "viewer")
    memberships.grant(work, "p", "b")
    role = memberships.project_role(work, project(work), "b")
    assert role is not None
    assert (role["principalType"], role["role"]) == ("builder", "admin")


def test_nobody_joins_twice(work: Work):
    memberships.join(work, "o", "b")
    with pytest.raises(Refused) as refused:
        memberships.join(work, "o", "b")
    assert refused.value.kind is Kind.CONFLICT


def test_a_deleted_organization_takes_its_projects_and_memberships_along(work: Work):
    memberships.join(work, "o", "b")
    memberships.grant(work, "p", "b")

    records.delete(work, ORGS, records.get(work, ORGS, None, "o", parameter="orgId"))

    for table in ("orgs", "projects", "memberships", "projectRoles"):
        assert list(work.tx.all(table)) == []
    assert records.find(work, BUILDERS, None, "b") is not None
