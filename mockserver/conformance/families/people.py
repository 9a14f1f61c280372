"""Who calls and what they belong to: my-info, memberships, claimed domains, billing."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families.orgs import INVITES, ORGS, org
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached
from mockserver.conformance.things import make


def builder(lab: Lab) -> str:
    """Return the id of a builder of our organization.

    Raises:
        Unreached: it has none.
    """
    listed = lab.need(Call("listOrgBuilders", {"orgId": org(lab)}))
    if not isinstance(listed, list) or not listed:
        raise Unreached("listOrgBuilders shows nobody")
    return str(listed[0]["id"])


def account(lab: Lab) -> str:
    """Return the id of the organization's billing account.

    Raises:
        Unreached: it has none.
    """
    return str(lab.need(Call("getOrgBillingAccount", {"orgId": org(lab)}))["id"])


def domain(lab: Lab) -> str:
    """Return a domain that nobody owns. Source: RFC 2606 (`.example` is reserved)."""
    return f"{lab.name('domain')}.example"


def claim(lab: Lab) -> Call:
    """Return a right call of claimDomain."""
    body = {"domain": domain(lab), "parentId": org(lab), "parentType": "org"}
    return Call("claimDomain", body=body)


def claimed(lab: Lab) -> str:
    """Claim a domain and return it."""
    call = claim(lab)
    lab.need(call)
    return str(call.body["domain"])


def acceptance(lab: Lab) -> Call:
    """Return a right call of acceptInvite: of an invite that was just sent."""
    email = make(lab, INVITES).call.body["email"]
    return Call("acceptInvite", body={"invitedEmail": email})


def outsider(lab: Lab) -> Call:
    """Return a right call of addUserToOrg: a colleague joins an organization made for it.

    Who made an organization is its owner, and nobody else is in it yet.

    Raises:
        Refused: the profile makes no organizations.
        Unreached: the bearer has no colleague.
    """
    own = make(lab, ORGS)
    me = lab.need(Call("getMyInfo"))["builder"]["id"]
    listed = lab.need(Call("listOrgBuilders", {"orgId": org(lab)}))
    others = [one["id"] for one in listed if one["id"] != me]
    if not others:
        raise Unreached(f"needs a second builder in the organization {org(lab)}")
    return Call("addUserToOrg", {"orgId": own.id}, body={"builderId": others[0]})


RIGHT: RightCalls = {
    "acceptInvite": acceptance,
    "addUserToOrg": outsider,
    "getMyInfo": lambda _: Call("getMyInfo"),
    "listOrgClaimedDomains": lambda lab: Call("listOrgClaimedDomains", {"orgId": org(lab)}),
    "claimDomain": claim,
    "checkClaimedDomain": lambda lab: Call("checkClaimedDomain", query={"domain": claimed(lab)}),
    "getOrgBillingAccount": lambda lab: Call("getOrgBillingAccount", {"orgId": org(lab)}),
    "createBillingAccountSession": lambda lab: Call(
        "createBillingAccountSession",
        {"billingAccountId": account(lab)},
        body={"redirectUrl": "https://dashboard.example/back", "timeout": 600},
    ),
    "generateUploadUrl": lambda _: Call("generateUploadUrl"),
}
