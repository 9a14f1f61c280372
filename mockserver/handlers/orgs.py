"""Organizations: their builders, invites, memberships and claimed domains."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import claimed_domains, invites, memberships, orgs
from mockserver.resources.builders import BUILDERS
from mockserver.resources.claimed_domains import CLAIMED_DOMAINS
from mockserver.resources.invites import INVITES
from mockserver.resources.orgs import ORGS
from mockserver.rules import records, views
from mockserver.rules.errors import Kind, Refused, not_found
from mockserver.state.tables import Record


@operation("createOrg")
def create_org(call: Call, *, body: Record) -> Record:
    builder = call.principal.builder
    if builder is None:
        # Assumed: an organization needs an owner, and a key is nobody's.
        raise Refused(
            Kind.FORBIDDEN,
            "an API key cannot own an organization",
            remedy="use a builder token: Authorization: Bearer …",
        )
    return views.show(ORGS, orgs.create(call.work, body["label"], creator=builder["id"]))


@operation("getOrg")
def get_org(call: Call) -> Record:
    return views.show(ORGS, call.tenant)


@operation("updateOrg")
def update_org(call: Call, *, body: Record) -> Record:
    return views.show(ORGS, records.patch(call.work, ORGS, call.tenant, body))


@operation("listOrgBuilders")
def list_org_builders(call: Call) -> list[Any]:
    members = call.work.tx.find("memberships", "orgId", (call.org_id,))
    found = (call.work.tx.get("builders", member["builderId"]) for member in members)
    return [views.show(BUILDERS, builder) for builder in found if builder is not None]


@operation("createOrgInvite")
def create_org_invite(call: Call, *, body: Record) -> Record:
    return views.show(INVITES, invites.create(call.work, call.org_id, body["email"]))


@operation("listOrgInvites")
def list_org_invites(call: Call) -> list[Any]:
    return [views.show(INVITES, invite) for invite in invites.listed(call.work, call.org_id)]


@operation("getOrgInvite")
def get_org_invite(call: Call, *, invite_id: str) -> Record:
    return views.show(INVITES, invites.current(call.work, _invite(call, invite_id)))


@operation("deleteOrgInvite")
def delete_org_invite(call: Call, *, invite_id: str) -> None:
    invites.revoke(call.work, _invite(call, invite_id))


@operation("addUserToOrg")
def add_user_to_org(call: Call, *, body: Record) -> None:
    builder_id = body["builderId"]
    caller = call.builder
    owner = memberships.org_role(call.work, call.org_id, caller["id"]) == memberships.OWNER
    joins = builder_id == caller["id"] and claimed_domains.may_join(call.work, call.org_id, caller)
    if not (owner or joins):
        raise Refused(
            Kind.FORBIDDEN,
            "only an owner may add others; you may join by yourself with a claimed e-mail domain",
            remedy="use the token of an owner",
        )
    if call.work.tx.get("builders", builder_id) is None:
        raise not_found("builder", "builderId", builder_id, place="body")
    memberships.join(call.work, call.org_id, builder_id)


@operation("checkClaimedDomain")
def check_claimed_domain(call: Call, *, domain: str) -> Record:
    found = claimed_domains.visible_to(call.work, domain, call.builder)
    return views.show(CLAIMED_DOMAINS, found)


@operation("claimDomain")
def claim_domain(call: Call, *, body: Record) -> None:
    claimed_domains.claim(call.work, body, call.builder)


@operation("listOrgClaimedDomains")
def list_org_claimed_domains(call: Call) -> list[Any]:
    found = records.listed(call.work, CLAIMED_DOMAINS, call.org_id)
    return [views.show(CLAIMED_DOMAINS, domain) for domain in found]


def _invite(call: Call, invite_id: str) -> Record:
    return records.get(call.work, INVITES, call.org_id, invite_id, parameter="inviteId")
