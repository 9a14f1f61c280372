"""Invitations to an organization: pending, then accepted, revoked or expired."""

from __future__ import annotations

import re

from mockserver.resources import memberships
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, wrong_value
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.state.tables import Record

#: Assumed: an invitation that nobody accepts expires after seven days.
LIFETIME = 7 * 24 * 3600 * SECOND
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST_EMAIL = 254

INVITES = Resource(
    name="invites",
    noun="invite",
    component="Invite",
    scope="parentId",
    owner="orgs",
    filters=("invitedEmail",),
    folded=("invitedEmail",),
    references=(Reference("parentId", "orgs", "organization", on_delete="cascade"),),
)


def create(work: Work, org_id: str, email: str) -> Record:
    """Invite an e-mail address, which is kept in lower case.

    Source: createOrgInvite. Assumed: members and those with a pending invitation are refused.
    """
    address = email.strip().lower()
    check(address, name="email", given=email)
    if any(i["status"] == "pending" for i in listed(work, org_id, address)):
        raise _taken(email, "this e-mail address has a pending invite", "revoke that invite first")
    if _is_member(work, org_id, address):
        raise _taken(
            email, "this e-mail address belongs to a member", "list the organization's builders"
        )
    fields = {
        "invitedEmail": address,
        "parentType": "org",
        "parentId": org_id,
        "status": "pending",
    }
    return records.create(work, INVITES, fields)


def check(address: str, *, name: str, given: str | None = None) -> None:
    """Check an e-mail address; `name` is the field that holds it, `given` how it was written.

    Raises:
        Refused: UNPROCESSABLE.
    """
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise wrong_value(
            name,
            "not an e-mail address",
            address if given is None else given,
            remedy="use an address like alice@company.com",
        )


def listed(work: Work, org_id: str, email: str | None = None) -> list[Record]:
    """Return the invitations of an organization as they stand now, oldest first."""
    found = records.listed(work, INVITES, org_id, {"invitedEmail": email})
    return [current(work, invite) for invite in found]


def current(work: Work, invite: Record) -> Record:
    """Return an invitation as it stands now: one that is pending for too long has expired."""
    if invite["status"] != "pending":
        return invite
    end = moment(invite["createTime"]) + LIFETIME
    if work.moment < end:
        return invite
    return {**invite, "status": "expired", "updateTime": stamp(end)}


def revoke(work: Work, invite: Record) -> None:
    """Withdraw a pending invitation; its record stays readable.

    Source: deleteOrgInvite ("revoke"). Assumed: the record stays, with status `revoked`.

    Raises:
        Refused: INVALID when it is not pending any more.
    """
    now = current(work, invite)
    if now["status"] != "pending":
        detail = f"this invite is {now['status']}, not pending"
        issue = Issue("path", "inviteId", detail, invite["id"])
        raise Refused(
            Kind.INVALID, detail, remedy="only pending invites can be revoked", issues=[issue]
        )
    records.update(work, INVITES, invite, {**invite, "status": "revoked"})


def accept(work: Work, email: str, builder: Record) -> None:
    """Accept the invitation sent to `email`: the builder joins the organization.

    Source: acceptInvite. Assumed: the oldest pending one counts, and the caller's own address may
    be another one.

    Raises:
        Refused: NOT_FOUND when none was sent or is still open, INVALID when it expired.
    """
    address = email.strip().lower()
    sent = [i for i in work.tx.all("invites") if i["invitedEmail"] == address]
    open_ones = [i for i in sent if current(work, i)["status"] == "pending"]
    if not open_ones:
        raise _nothing_to_accept(work, email, sent)
    invite = open_ones[0]
    records.update(work, INVITES, invite, {**invite, "status": "accepted"})
    if memberships.org_role(work, invite["parentId"], builder["id"]) is None:
        memberships.join(work, invite["parentId"], builder["id"])


def _nothing_to_accept(work: Work, email: str, sent: list[Record]) -> Refused:
    expired = any(current(work, invite)["status"] == "expired" for invite in sent)
    kind = Kind.INVALID if expired else Kind.NOT_FOUND
    detail = "the invite has expired" if expired else "no pending invite for this e-mail address"
    remedy = "ask an owner of the organization for a new invite"
    issue = Issue("body", "invitedEmail", detail, email)
    return Refused(kind, detail, remedy=remedy, issues=[issue])


def _is_member(work: Work, org_id: str, email: str) -> bool:
    builder = work.tx.first("builders", "primaryEmail", (email,))
    return builder is not None and memberships.org_role(work, org_id, builder["id"]) is not None


def _taken(email: str, detail: str, remedy: str) -> Refused:
    issue = Issue("body", "email", detail, email, remedy)
    return Refused(Kind.CONFLICT, detail, remedy=remedy, issues=[issue])
