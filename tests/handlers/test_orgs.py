"""Organizations and who belongs to them, through the door users use."""

from __future__ import annotations

import pytest

from tests import calls
from tests.client import Client
from tests.conftest import make_mock

ORG = f"/orgs/{calls.ACME}"
MEMBERSHIPS = f"{ORG}/memberships"


def test_a_created_organization_is_got_as_it_was_answered(builder: Client):
    created = builder.post("/orgs", {"label": "New"})

    assert created.status == 201
    assert created.json.keys() == {"id", "label", "defaultTeamId", "createTime"}
    assert builder.get(f"/orgs/{created.json['id']}").json == created.json


def test_every_organization_has_a_team_of_its_own(builder: Client):
    teams = {builder.post("/orgs", {"label": "Same"}).json["defaultTeamId"] for _ in range(2)}

    assert len(teams | {builder.get(ORG).json["defaultTeamId"]}) == 3


def test_the_creator_of_an_organization_owns_it(client: Client):
    newcomer = client.as_(bearer=calls.NEWCOMER)

    org = newcomer.post("/orgs", {"label": "Nora's"}).json

    role = newcomer.get("/my-info").json["orgRole"]
    assert (role["role"], role["org"]) == ("owner", org)
    assert [b["id"] for b in newcomer.get(f"/orgs/{org['id']}/builders").json] == [calls.NORA]


def test_a_builder_may_own_several_organizations_and_is_shown_the_latest(builder: Client):
    latest = builder.post("/orgs", {"label": "Second"}).json

    assert builder.get("/my-info").json["orgRole"]["org"] == latest
    assert builder.get(ORG).status == 200


def test_an_api_key_cannot_own_an_organization(client: Client):
    refused = client.post("/orgs", {"label": "New"})

    assert refused.status == 403


@pytest.mark.parametrize(
    "caller",
    [{"key": "mock-full-key"}, {"bearer": "mock-builder-token"}, {"bearer": calls.MEMBER}],
)
def test_an_organization_is_open_to_its_members_and_its_keys(
    client: Client, caller: dict[str, str]
):
    assert client.as_(**caller).get(ORG).json["label"] == "Acme Inc"


def test_an_update_changes_only_what_its_mask_names(builder: Client):
    old = builder.get(ORG).json
    body = {"updateMask": ["label"], "org": {"label": "Acme GmbH", "defaultTeamId": "ignored"}}

    changed = builder.patch(ORG, body)

    assert (changed.status, changed.json) == (
        200,
        {**old, "label": "Acme GmbH", "updateTime": "2026-02-01T12:00:00.000000Z"},
    )
    assert builder.get(ORG).json == changed.json


@pytest.mark.parametrize(
    ("mask", "org", "name"),
    [
        ("defaultTeamId", {"defaultTeamId": "x"}, "updateMask[0]"),
        ("label", {}, "org.label"),
        ("label", {"label": None}, "org.label"),
        ("label", {"label": 5}, "org.label"),
    ],
)
def test_an_update_that_names_nothing_known_or_no_value_is_400(
    builder: Client, mask: str, org: dict[str, object], name: str
):
    refused = builder.patch(ORG, {"updateMask": [mask], "org": org})

    assert (refused.status, refused.issue_names) == (400, [name])


def test_an_unknown_mask_names_the_allowed_one(builder: Client):
    refused = builder.patch(ORG, {"updateMask": ["id"], "org": {}})

    assert refused.json["detail"] == "Invalid update mask"
    assert refused.json["remedy"] == "Allowed masks: 'label'"


def test_the_builders_of_an_organization_are_its_members(builder: Client):
    listed = builder.get(f"{ORG}/builders")

    assert [b["primaryEmail"] for b in listed.json] == [
        "jane@mailmonkey.com",
        "john@mailmonkey.com",
    ]


def test_an_owner_adds_a_builder_who_then_has_what_the_team_has(client: Client, builder: Client):
    newcomer = client.as_(bearer=calls.NEWCOMER)
    assert newcomer.get("/projects/my-project").status == 403

    added = builder.post(MEMBERSHIPS, {"builderId": calls.NORA})

    assert (added.status, added.body) == (201, b"")
    assert calls.NORA in [b["id"] for b in builder.get(f"{ORG}/builders").json]
    assert newcomer.get("/projects/my-project").status == 200
    role = newcomer.get("/my-info").json["orgRole"]
    assert (role["role"], role["principalId"]) == ("member", calls.NORA)


def test_an_owner_adds_builders_whose_domain_is_not_claimed(builder: Client):
    assert builder.post(MEMBERSHIPS, {"builderId": calls.OLIVIA}).status == 201


def test_a_builder_joins_by_themselves_when_their_domain_is_claimed(client: Client):
    newcomer = client.as_(bearer=calls.NEWCOMER)

    assert newcomer.post(MEMBERSHIPS, {"builderId": calls.NORA}).status == 201
    assert newcomer.get(ORG).status == 200


def test_a_builder_of_another_domain_cannot_join_by_themselves(client: Client):
    stranger = client.as_(bearer=calls.OUTSIDER)

    assert stranger.post(MEMBERSHIPS, {"builderId": calls.OLIVIA}).status == 403


@pytest.mark.parametrize(
    ("caller", "added"),
    [
        (calls.MEMBER, calls.OLIVIA),
        (calls.MEMBER, calls.NORA),  # whose own domain would let her in
        (calls.NEWCOMER, calls.OLIVIA),
        (calls.OUTSIDER, calls.NORA),
    ],
)
def test_only_owners_add_others(client: Client, caller: str, added: str):
    refused = client.as_(bearer=caller).post(MEMBERSHIPS, {"builderId": added})

    assert (refused.status, refused.media_type) == (403, "application/problem+json")


@pytest.mark.parametrize("builder_id", [calls.JANE, calls.JOHN])
def test_a_second_membership_is_400(builder: Client, builder_id: str):
    refused = builder.post(MEMBERSHIPS, {"builderId": builder_id})

    assert (refused.status, refused.issue_names) == (400, ["builderId"])
    assert len(builder.get(f"{ORG}/builders").json) == 2


def test_joining_twice_by_oneself_is_400(client: Client):
    newcomer = client.as_(bearer=calls.NEWCOMER)
    newcomer.post(MEMBERSHIPS, {"builderId": calls.NORA})

    assert newcomer.post(MEMBERSHIPS, {"builderId": calls.NORA}).status == 400


def test_an_unknown_builder_is_404(builder: Client):
    assert builder.post(MEMBERSHIPS, {"builderId": calls.NOTHING}).status == 404


def test_when_switched_on_a_builder_with_an_organization_gets_no_second_one():
    mock = make_mock(one_org_per_builder=True)
    newcomer = Client(mock, key=None, bearer=calls.NEWCOMER)

    first = newcomer.post("/orgs", {"label": "First"})
    second = newcomer.post("/orgs", {"label": "Second"})

    assert (first.status, second.status) == (201, 400)
