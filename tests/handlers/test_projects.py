"""Projects, through the door users use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import calls
from tests.client import Client

PROJECT = "/projects/my-project"
NEW = {"name": "new-project", "appName": "New app", "orgId": calls.ACME}


def test_a_created_project_is_got_and_listed_as_it_was_answered(builder: Client):
    created = builder.post("/projects", NEW)

    assert created.status == 201
    assert created.json.keys() == {"id", "name", "appName", "orgId", "createTime"}
    assert builder.get(f"/projects/{created.json['id']}").json == created.json
    assert [p for p in builder.get("/projects").json if p["name"] == "new-project"] == [
        created.json
    ]


def test_the_creator_of_a_project_becomes_its_admin(client: Client):
    member = client.as_(bearer=calls.MEMBER)

    identifier = member.post("/projects", NEW).json["id"]

    role = member.get("/my-info").json["projectRoles"][identifier]
    assert (role["role"], role["principalType"]) == ("admin", "builder")
    assert role["principalId"] == calls.JOHN


def test_nothing_is_made_together_with_a_project(builder: Client):
    builder.post("/projects", NEW)

    for part in ("api-keys", "destinations", "provider-apps", "topics", "jwt-keys"):
        assert builder.get(f"/projects/new-project/{part}").json == []


@pytest.mark.parametrize("wanted", ["my-project", "MY-Project", calls.MY_PROJECT])
def test_a_project_is_found_by_its_id_and_by_its_name_in_any_case(client: Client, wanted: str):
    found = client.get(f"/projects/{wanted}")

    assert found.status == 200
    assert found.json["id"] == calls.MY_PROJECT
    assert client.get(f"/projects/{wanted}/topics").status == 200


def test_a_project_name_is_kept_in_lower_case(builder: Client):
    assert builder.post("/projects", {**NEW, "name": "New-PROJECT"}).json["name"] == "new-project"


@pytest.mark.parametrize("name", ["a", "-ab", "ab-", "a_b", "a b", "ä-b", "x" * 129, ""])
def test_a_project_name_that_breaks_the_rules_is_422(builder: Client, name: str):
    refused = builder.post("/projects", {**NEW, "name": name})

    assert refused.status == 422
    assert set(refused.issue_names) == {"name"}


@pytest.mark.parametrize("name", ["ab", "a-b", "1a", "x" * 128])
def test_a_project_name_at_the_edge_of_the_rules_is_taken(builder: Client, name: str):
    assert builder.post("/projects", {**NEW, "name": name}).status == 201


@pytest.mark.parametrize("app_name", ["", "x" * 129])
def test_an_app_name_has_1_to_128_characters(builder: Client, app_name: str):
    refused = builder.post("/projects", {**NEW, "appName": app_name})

    assert (refused.status, refused.issue_names) == (422, ["appName"])


@pytest.mark.parametrize("taken", ["my-project", "MY-PROJECT", "globex-project"])
def test_project_names_are_unique_across_organizations(builder: Client, taken: str):
    refused = builder.post("/projects", {**NEW, "name": taken})

    assert (refused.status, refused.issue_names) == (422, ["name"])


def test_a_project_needs_an_organization_that_exists(builder: Client):
    refused = builder.post("/projects", {**NEW, "orgId": calls.NOTHING})

    assert refused.status == 404


def test_a_project_is_made_only_by_those_who_belong_to_the_organization(client: Client):
    for stranger in (calls.OUTSIDER, calls.NEWCOMER):
        assert client.as_(bearer=stranger).post("/projects", NEW).status == 403


@pytest.mark.parametrize(
    ("caller", "reached"),
    [
        ({"key": "mock-full-key"}, ["my-project"]),
        ({"key": "mock-globex-key"}, ["globex-project"]),
        (
            {"bearer": "mock-builder-token"},
            ["my-project", "mailmonkey-staging", "mailmonkey-prod"],
        ),
        ({"bearer": calls.MEMBER}, ["my-project"]),
        ({"bearer": calls.OUTSIDER}, ["globex-project"]),
        ({"bearer": calls.NEWCOMER}, []),
    ],
)
def test_a_list_of_projects_holds_what_the_caller_reaches(
    client: Client, caller: dict[str, str], reached: list[str]
):
    listed = client.as_(**caller).get("/projects")

    assert (listed.status, [p["name"] for p in listed.json]) == (200, reached)
    assert all("entitlements" not in project for project in listed.json)


def test_entitlements_are_shown_when_they_are_asked_for(builder: Client):
    asked = builder.get("/projects/mailmonkey-prod?includeEntitlements=true")
    not_asked = builder.get("/projects/mailmonkey-prod?includeEntitlements=false")
    poor = builder.get("/projects/my-project?includeEntitlements=true")

    assert asked.json["entitlements"] == {"brandingRemoval": {"value": True}}
    assert "entitlements" not in not_asked.json
    assert poor.json["entitlements"] == {"brandingRemoval": {"value": False}}


def test_a_flag_that_is_no_boolean_is_400(client: Client):
    refused = client.get(f"{PROJECT}?includeEntitlements=maybe")

    assert (refused.status, refused.issue_names) == (400, ["includeEntitlements"])


def test_an_update_changes_only_what_its_mask_names(
    client: Client, advance: Callable[[float], None]
):
    old = client.get(PROJECT).json
    advance(60)
    body = {"updateMask": ["appName"], "project": {"appName": "Other", "name": "ignored"}}

    changed = client.patch(PROJECT, body)

    assert changed.status == 200
    assert changed.json == {
        **old,
        "appName": "Other",
        "updateTime": "2026-02-01T12:01:00.000000Z",
    }
    assert client.get(PROJECT).json == changed.json


def test_a_renamed_project_is_gone_by_its_old_name_and_keeps_its_children(client: Client):
    topics = client.get(f"{PROJECT}/topics").json

    renamed = client.patch(PROJECT, {"updateMask": ["name"], "project": {"name": "Mail-Monkey"}})

    assert (renamed.status, renamed.json["name"]) == (200, "mail-monkey")
    assert client.get(PROJECT).status == 404
    assert client.get("/projects/MAIL-monkey/topics").json == topics


def test_the_old_name_of_a_project_is_free_again(builder: Client):
    builder.patch(PROJECT, {"updateMask": ["name"], "project": {"name": "mail-monkey"}})

    assert builder.post("/projects", {**NEW, "name": "my-project"}).status == 201


def test_a_project_may_be_renamed_to_its_own_name(client: Client):
    body = {"updateMask": ["name"], "project": {"name": "MY-project"}}

    assert client.patch(PROJECT, body).status == 200


def test_a_project_cannot_take_the_name_of_another(client: Client):
    body = {"updateMask": ["name"], "project": {"name": "Globex-Project"}}

    refused = client.patch(PROJECT, body)

    assert (refused.status, refused.issue_names) == (409, ["project.name"])


@pytest.mark.parametrize(
    "project", [{"name": "a"}, {"name": "a_b"}, {"appName": ""}, {"appName": "x" * 129}]
)
def test_an_update_is_held_to_the_same_rules(client: Client, project: dict[str, str]):
    refused = client.patch(PROJECT, {"updateMask": list(project), "project": project})

    assert (refused.status, refused.issue_names) == (422, [f"project.{next(iter(project))}"])


def test_a_path_of_the_mask_without_a_value_is_400(client: Client):
    body = {"updateMask": ["appName", "name"], "project": {"appName": "Other"}}

    refused = client.patch(PROJECT, body)

    assert (refused.status, refused.issue_names) == (400, ["project.name"])
    assert client.get(PROJECT).json["appName"] == "MailMonkey"


def test_the_organization_of_a_project_cannot_be_changed(client: Client):
    body = {"updateMask": ["orgId"], "project": {"orgId": calls.GLOBEX}}

    refused = client.patch(PROJECT, body)

    assert refused.status == 400
    assert refused.json["remedy"] == "Allowed masks: 'appName' and 'name'"


@pytest.mark.parametrize(
    "caller",
    [
        {"key": "mock-full-key"},
        {"key": "mock-frontend-key"},
        {"bearer": "mock-builder-token"},
        {"bearer": calls.MEMBER},
    ],
)
def test_a_project_is_open_to_its_keys_owners_and_team(client: Client, caller: dict[str, str]):
    assert client.as_(**caller).get(PROJECT).status == 200


def test_a_member_does_not_reach_a_project_that_their_team_has_no_role_in(client: Client):
    member = client.as_(bearer=calls.MEMBER)

    assert member.get("/projects/mailmonkey-prod").status == 403
    assert (
        member.patch("/projects/mailmonkey-prod", calls.SAMPLES["updateProject"].body).status == 403
    )
