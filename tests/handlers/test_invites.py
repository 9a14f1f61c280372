"""Invitations, from the sending to their four ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import calls
from tests.client import Client

INVITES = f"/orgs/{calls.ACME}/invites"
WEEK = 7 * 24 * 3600
JOHNS, MALLORYS, LATE = (f"{INVITES}/f7a8b9c0-d1e2-4f3a-8b4c-5d6e7f8a9b0{n}" for n in (2, 3, 4))


def invite(builder: Client, email: str = "bob@company.com") -> str:
    made = builder.post(INVITES, {"email": email})
    assert made.status == 201
    return f"{INVITES}/{made.json['id']}"


def accept(client: Client, email: str = "bob@company.com", by: str = calls.OUTSIDER) -> int:
    return client.as_(bearer=by).post("/invites:accept", {"invitedEmail": email}).status


def test_a_sent_invite_is_pending_and_got_and_listed_as_it_was_answered(builder: Client):
    sent = builder.post(INVITES, {"email": "bob@company.com"})

    assert sent.status == 201
    assert sent.json == {
        "id": sent.json["id"],
        "invitedEmail": "bob@company.com",
        "parentType": "org",
        "parentId": calls.ACME,
        "status": "pending",
        "createTime": "2026-02-01T12:00:00.000000Z",
    }
    assert builder.get(f"{INVITES}/{sent.json['id']}").json == sent.json
    assert [i for i in builder.get(INVITES).json if i["id"] == sent.json["id"]] == [sent.json]


def test_a_list_of_invites_shows_them_whatever_became_of_them(builder: Client):
    statuses = [one["status"] for one in builder.get(INVITES).json]

    assert sorted(statuses) == ["accepted", "expired", "pending", "revoked"]


def test_an_invited_address_is_kept_in_lower_case(builder: Client):
    path = invite(builder, "Bob@Company.COM")

    assert builder.get(path).json["invitedEmail"] == "bob@company.com"


@pytest.mark.parametrize(
    "email", ["", "bob", "bob@", "@company.com", "bob@company", "a b@company.com", "a@b@c.com"]
)
def test_what_is_no_email_address_is_400(builder: Client, email: str):
    refused = builder.post(INVITES, {"email": email})

    assert (refused.status, refused.issue_names) == (400, ["email"])


@pytest.mark.parametrize("email", ["alice@company.com", "ALICE@Company.com", "jane@mailmonkey.com"])
def test_who_is_invited_or_a_member_already_is_400(builder: Client, email: str):
    refused = builder.post(INVITES, {"email": email})

    assert (refused.status, refused.issue_names) == (400, ["email"])


def test_one_address_may_be_invited_to_two_organizations(client: Client):
    globex = client.as_(bearer=calls.OUTSIDER)

    sent = globex.post(f"/orgs/{calls.GLOBEX}/invites", {"email": "alice@company.com"})

    assert sent.status == 201
    assert client.as_(bearer="mock-builder-token").get(f"{INVITES}/{sent.json['id']}").status == 404


def test_accepting_makes_the_caller_a_member_whatever_their_own_address(
    client: Client, builder: Client
):
    path = invite(builder)
    newcomer = client.as_(bearer=calls.NEWCOMER)

    accepted = newcomer.post("/invites:accept", {"invitedEmail": "BOB@company.com"})

    assert accepted.status == 200
    assert accepted.json == newcomer.get("/my-info").json
    assert accepted.json["orgRole"]["org"]["id"] == calls.ACME
    assert [role["project"]["name"] for role in accepted.json["projectRoles"].values()] == [
        "my-project"
    ]
    assert builder.get(path).json["status"] == "accepted"
    assert calls.NORA in [b["id"] for b in builder.get(f"/orgs/{calls.ACME}/builders").json]


def test_the_colon_of_the_path_may_be_percent_encoded(client: Client):
    newcomer = client.as_(bearer=calls.NEWCOMER)

    accepted = newcomer.post("/invites%3Aaccept", {"invitedEmail": "alice@company.com"})

    assert accepted.status == 200


def test_an_invite_is_accepted_once(client: Client, builder: Client):
    path = invite(builder)

    assert accept(client) == 200
    assert accept(client) == 404
    assert builder.delete(path).status == 400


def test_a_member_may_accept_an_invite_to_another_address_of_theirs(
    client: Client, builder: Client
):
    path = invite(builder, "john@private.example")

    assert accept(client, "john@private.example", calls.MEMBER) == 200
    assert builder.get(path).json["status"] == "accepted"
    assert len(builder.get(f"/orgs/{calls.ACME}/builders").json) == 2


def test_nothing_is_accepted_that_was_not_sent(client: Client):
    assert accept(client, "nobody@company.com") == 404
    assert accept(client, "mallory@company.com") == 404  # revoked


def test_a_revoked_invite_stays_readable_and_cannot_be_accepted(client: Client, builder: Client):
    path = invite(builder)

    revoked = builder.delete(path)

    assert (revoked.status, revoked.body) == (204, b"")
    assert builder.get(path).json["status"] == "revoked"
    assert builder.get(path).json["updateTime"] == "2026-02-01T12:00:00.000000Z"
    assert accept(client) == 404
    assert builder.delete(path).status == 400


@pytest.mark.parametrize("path", [JOHNS, MALLORYS, LATE])
def test_only_pending_invites_can_be_revoked(builder: Client, path: str):
    refused = builder.delete(path)

    assert (refused.status, refused.issue_names) == (400, ["inviteId"])


def test_who_was_revoked_may_be_invited_again(client: Client, builder: Client):
    builder.delete(invite(builder))

    invite(builder)

    assert accept(client) == 200


def test_an_invite_is_open_for_a_week_less_a_moment(
    client: Client, builder: Client, advance: Callable[[float], None]
):
    path = invite(builder)

    advance(WEEK - 0.000001)

    assert builder.get(path).json["status"] == "pending"
    assert accept(client) == 200


def test_an_invite_expires_when_the_clock_is_turned_by_a_week(
    client: Client, builder: Client, advance: Callable[[float], None]
):
    path = invite(builder)

    advance(WEEK)

    shown = builder.get(path).json
    assert (shown["status"], shown["updateTime"]) == ("expired", "2026-02-08T12:00:00.000000Z")
    assert shown in builder.get(INVITES).json
    assert accept(client) == 400
    assert builder.delete(path).status == 400
    assert calls.OLIVIA not in [b["id"] for b in builder.get(f"/orgs/{calls.ACME}/builders").json]


def test_who_let_an_invite_expire_may_be_invited_again(
    client: Client, builder: Client, advance: Callable[[float], None]
):
    first = invite(builder)
    advance(WEEK)

    second = invite(builder)

    assert accept(client) == 200
    assert builder.get(first).json["status"] == "expired"
    assert builder.get(second).json["status"] == "accepted"


def test_an_unknown_invite_is_404(builder: Client):
    assert builder.get(f"{INVITES}/{calls.NOTHING}").status == 404
    assert builder.delete(f"{INVITES}/{calls.NOTHING}").status == 404
