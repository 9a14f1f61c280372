"""The builder who calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests import calls
from tests.client import BUILDER, Client
from tests.tokens import NOW, builder_token


@pytest.mark.parametrize(
    ("token", "name", "projects", "org"),
    [
        (
            BUILDER,
            "Jane Smith",
            {"my-project": "member", "mailmonkey-staging": "admin", "mailmonkey-prod": "admin"},
            ("owner", "Acme Inc"),
        ),
        (calls.MEMBER, "John Doe", {"my-project": "member"}, ("member", "Acme Inc")),
        (calls.OUTSIDER, "Olivia Marsh", {"globex-project": "admin"}, ("owner", "Globex")),
    ],
)
def test_a_builder_is_shown_their_projects_and_organization(
    client: Client, token: str, name: str, projects: dict[str, str], org: tuple[str, str]
):
    info = client.as_(bearer=token).get("/my-info").json

    roles = info["projectRoles"]
    assert info["builder"]["fullName"] == name
    assert {r["project"]["name"]: r["role"] for r in roles.values()} == projects
    assert all(key == role["project"]["id"] for key, role in roles.items())
    assert (info["orgRole"]["role"], info["orgRole"]["org"]["label"]) == org


def test_a_role_that_comes_from_the_team_says_so(client: Client):
    info = client.as_(bearer=calls.MEMBER).get("/my-info").json

    role = info["projectRoles"][calls.MY_PROJECT]
    assert (role["principalType"], role["principalId"]) == (
        "team",
        info["orgRole"]["org"]["defaultTeamId"],
    )


def test_a_builder_without_an_organization_has_no_role_anywhere(client: Client):
    info = client.as_(bearer=calls.NEWCOMER).get("/my-info").json

    assert info["projectRoles"] == {}
    assert "orgRole" not in info


def test_a_person_seen_for_the_first_time_becomes_a_builder(client: Client):
    ada = client.as_(bearer=builder_token("ada@new.example"))

    first, second = ada.get("/my-info").json, ada.get("/my-info").json

    assert first == second
    assert first["builder"]["primaryEmail"] == "ada@new.example"
    assert first["builder"]["idpProvider"] == "clerk"
    assert ada.post("/orgs", {"label": "Ada's"}).status == 201
    assert ada.get("/my-info").json["orgRole"]["principalId"] == first["builder"]["id"]


def test_a_minted_token_stands_for_the_builder_with_its_email(client: Client):
    jane = client.as_(bearer=builder_token("JANE@mailmonkey.com"))

    assert jane.get("/my-info").json["builder"]["id"] == calls.JANE


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW},
        {"iss": "somebody else"},
        {"email": "nobody"},
        {"without": ["email"]},
        {"without": ["sub"]},
        {"without": ["exp"]},
        {"secret": "another secret of at least 32 bytes"},
    ],
)
def test_a_token_that_breaks_a_rule_is_401(client: Client, changes: dict[str, Any]):
    token = builder_token(**{"email": "jane@mailmonkey.com", **changes})

    refused = client.as_(bearer=token).get("/my-info")

    assert refused.status == 401
    assert "www-authenticate" in refused.headers
