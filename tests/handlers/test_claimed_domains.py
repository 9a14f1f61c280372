"""Claimed domains, through the door users use."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Mock
from mockserver.resources.claimed_domains import FREE_MAIL
from tests import calls
from tests.client import BUILDER, Client
from tests.tokens import builder_token

DOMAINS = "/claimed-domains"
LISTED = f"/orgs/{calls.ACME}/claimed-domains"
CLAIM = {"domain": "company.com", "parentId": calls.ACME, "parentType": "org"}

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--") and label != "www"
)
NAMES = st.builds(
    lambda labels, top: ".".join([*labels, top]),
    st.lists(LABELS, min_size=1, max_size=3),
    st.from_regex(r"[a-z]{2,8}", fullmatch=True),
).filter(lambda name: name not in FREE_MAIL)
SPELLINGS = st.sampled_from(
    [
        "{0}",
        "www.{0}",
        "{0}.",
        " {0} ",
        "alice@{0}",
        "alice+a@{0}",
        "https://{0}",
        "https://www.{0}/path?query=a@b.example#c",
        "http://{0}:8443/",
        "{0}/path",
        "{0}:443",
    ]
)


def check(client: Client, domain: str) -> Any:
    return client.get(f"{DOMAINS}?domain={quote(domain)}")


def test_a_claimed_domain_is_listed_and_found_by_its_owner(builder: Client):
    claimed = builder.post(DOMAINS, CLAIM)

    assert (claimed.status, claimed.body) == (201, b"")
    found = check(builder, "company.com")
    assert found.status == 200
    assert found.json == {
        "id": found.json["id"],
        "parentType": "org",
        "parentId": calls.ACME,
        "domain": "company.com",
    }
    listed = builder.get(LISTED).json
    assert [one for one in listed if one["domain"] == "company.com"] == [found.json]


@given(name=NAMES, spelling=SPELLINGS, other=SPELLINGS, capitals=st.booleans())
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_every_spelling_of_a_domain_means_the_same_claim(
    shared_mock: Mock, name: str, spelling: str, other: str, capitals: bool
):
    shared_mock.sandbox.reset()
    builder = Client(shared_mock, key=None, bearer=BUILDER)
    written = spelling.format(name)

    claimed = builder.post(DOMAINS, {**CLAIM, "domain": written.upper() if capitals else written})
    found = check(builder, other.format(name if capitals else name.upper()))

    assert claimed.status == 201
    assert (found.status, found.json["domain"]) == (200, name)
    assert builder.post(DOMAINS, {**CLAIM, "domain": other.format(name)}).status == 409


@pytest.mark.parametrize("text", ["", "company", "https://", "a b.com", "@", "-a.com", "1.2.3.4"])
def test_a_text_without_a_domain_is_400(builder: Client, text: str):
    claimed = builder.post(DOMAINS, {**CLAIM, "domain": text})
    checked = check(builder, text)

    assert (claimed.status, claimed.issue_names) == (400, ["domain"])
    assert (checked.status, checked.issue_names) == (400, ["domain"])


def test_a_check_without_a_domain_is_400(builder: Client):
    refused = builder.get(DOMAINS)

    assert (refused.status, refused.issue_names) == (400, ["domain"])


@pytest.mark.parametrize("domain", ["gmail.com", "someone@GMAIL.com", "https://www.yahoo.com/"])
def test_the_domains_of_free_mail_cannot_be_claimed(builder: Client, domain: str):
    refused = builder.post(DOMAINS, {**CLAIM, "domain": domain})

    assert (refused.status, refused.issue_names) == (400, ["domain"])


def test_a_domain_is_claimed_once_by_whomever(client: Client, builder: Client):
    globex = client.as_(bearer=calls.OUTSIDER)

    again = builder.post(DOMAINS, {**CLAIM, "domain": "mailmonkey.com"})
    others = globex.post(
        DOMAINS, {**CLAIM, "domain": "x@www.mailmonkey.com", "parentId": calls.GLOBEX}
    )

    assert again.status == 409
    assert others.status == 201  # www.mailmonkey.com of an address is a domain of its own
    taken = globex.post(DOMAINS, {**CLAIM, "domain": "MailMonkey.com", "parentId": calls.GLOBEX})
    assert (taken.status, taken.media_type) == (409, "application/problem+json")


@pytest.mark.parametrize("parent_type", ["project", "team", "Org", ""])
def test_only_organizations_claim_domains(builder: Client, parent_type: str):
    refused = builder.post(DOMAINS, {**CLAIM, "parentType": parent_type})

    assert (refused.status, refused.issue_names) == (400, ["parentType"])


def test_only_an_owner_claims_domains(client: Client):
    for caller in (calls.MEMBER, calls.OUTSIDER, calls.NEWCOMER):
        assert client.as_(bearer=caller).post(DOMAINS, CLAIM).status == 403


def test_a_domain_of_no_organization_cannot_be_claimed(builder: Client):
    assert builder.post(DOMAINS, {**CLAIM, "parentId": calls.NOTHING}).status == 404


@pytest.mark.parametrize(
    ("caller", "status"),
    [(BUILDER, 200), (calls.MEMBER, 200), (calls.NEWCOMER, 200), (calls.OUTSIDER, 404)],
)
def test_a_claim_is_seen_by_owners_and_by_people_of_the_domain(
    client: Client, caller: str, status: int
):
    assert check(client.as_(bearer=caller), "mailmonkey.com").status == status


def test_a_member_of_another_domain_does_not_see_a_claim(client: Client, builder: Client):
    builder.post(DOMAINS, CLAIM)

    assert check(client.as_(bearer=calls.MEMBER), "company.com").status == 404
    assert check(builder, "company.com").status == 200


def test_a_domain_that_nobody_claimed_is_404(builder: Client):
    assert check(builder, "nobody.example").status == 404


def test_a_claim_opens_the_organization_to_people_of_the_domain(client: Client):
    globex = client.as_(bearer=calls.OUTSIDER)
    ada = client.as_(bearer=builder_token("ada@New.Example"))
    ada_id = ada.get("/my-info").json["builder"]["id"]
    memberships = f"/orgs/{calls.GLOBEX}/memberships"
    before = ada.post(memberships, {"builderId": ada_id})

    globex.post(
        DOMAINS,
        {"domain": "https://www.new.example", "parentId": calls.GLOBEX, "parentType": "org"},
    )

    assert before.status == 403
    assert ada.post(memberships, {"builderId": ada_id}).status == 201
    assert ada.post(f"/orgs/{calls.ACME}/memberships", {"builderId": ada_id}).status == 403


def test_an_organization_lists_its_own_claims_only(client: Client):
    globex = client.as_(bearer=calls.OUTSIDER)

    listed = globex.get(f"/orgs/{calls.GLOBEX}/claimed-domains")

    assert (listed.status, listed.json) == (200, [])
