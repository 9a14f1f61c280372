"""Domains that an organization has claimed: whose e-mail addresses may join by themselves."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from mockserver.resources import builders, memberships
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, wrong_value
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

CLAIMED_DOMAINS = Resource(
    name="claimedDomains",
    noun="claimed domain",
    component="ClaimedDomainResponse",
    scope="parentId",
    owner="orgs",
    lookups=("domain",),
    folded=("domain",),
    unique=(
        # Assumed: a second claim by the same organization is refused like another's.
        Unique(("domain",), "this domain is already claimed", "claim another domain"),
    ),
    references=(Reference("parentId", "orgs", "organization", on_delete="cascade"),),
    hidden=frozenset({"createTime", "updateTime"}),
)

#: Assumed: domains of free mail services cannot be claimed.
FREE_MAIL = frozenset(
    {
        "aol.com",
        "gmail.com",
        "gmx.com",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "yahoo.com",
    }
)
_DOMAIN = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


def normalise(text: str) -> str | None:
    """Return the domain of an e-mail address, a domain or a URL; None when there is none.

    Source: checkClaimedDomain, claimDomain: the part after `@`; of a URL the host. Assumed: a
    leading `www.` goes from bare domains too; names with other letters are written in punycode.
    """
    wanted = text.strip().lower()
    if "://" in wanted:
        host = _host(wanted).removeprefix("www.")
    elif "@" in wanted:
        host = wanted.rpartition("@")[2]
    else:
        host = _host(f"//{wanted}").removeprefix("www.")
    try:
        host = host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return host if _DOMAIN.fullmatch(host) else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def claim(work: Work, body: Record, builder: Record) -> Record:
    """Claim a domain for an organization that the builder owns.

    Source: claimDomain.
    """
    domain = normalise(body["domain"])
    if domain is None or domain in FREE_MAIL:
        raise not_a_domain("body", body["domain"], domain)
    if body["parentType"] != "org":
        raise wrong_value(
            "parentType", "unknown type of parent", body["parentType"], remedy="use 'org'"
        )
    role = memberships.org_role(work, body["parentId"], builder["id"])
    if role != memberships.OWNER and work.tx.get("orgs", body["parentId"]) is not None:
        raise Refused(
            Kind.FORBIDDEN,
            "only an owner of the organization can claim a domain for it",
            remedy="use the token of an owner",
        )
    fields = {"domain": domain, "parentId": body["parentId"], "parentType": "org"}
    return records.create(work, CLAIMED_DOMAINS, fields)


def visible_to(work: Work, text: str, builder: Record) -> Record:
    """Return the claim of a domain, for owners of the claiming organization and the domain's users.

    Source: checkClaimedDomain. Assumed: to everybody else it does not exist.

    Raises:
        Refused: INVALID when the text holds no domain, NOT_FOUND when nothing is to be seen.
    """
    domain = normalise(text)
    if domain is None:
        raise not_a_domain("query", text, None)
    found = work.tx.first("claimedDomains", "domain", (domain,))
    if found is not None:
        role = memberships.org_role(work, found["parentId"], builder["id"])
        if role == memberships.OWNER or builders.domain(builder) == domain:
            return found
    detail = "domain not claimed"
    raise Refused(
        Kind.NOT_FOUND,
        detail,
        remedy="claim the domain first, or ask an owner of the organization that did",
        issues=[Issue("query", "domain", detail, text)],
    )


def not_a_domain(place: str, text: str, domain: str | None) -> Refused:
    """Return the refusal of a text that holds no domain, or one that nobody can own."""
    detail = "a free mail domain cannot be claimed" if domain else "no domain found in this text"
    remedy = "give an e-mail address, a domain or a URL of your company"
    issue = Issue(place, "domain", detail, text, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def may_join(work: Work, org_id: str, builder: Record) -> bool:
    """Tell whether an organization has claimed the domain of the builder's e-mail address."""
    claimed = work.tx.first("claimedDomains", "domain", (builders.domain(builder),))
    return claimed is not None and claimed["parentId"] == org_id
