"""What claimed domains, billing, uploads and the catalog promise."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from mockserver.conformance.attempts import each
from mockserver.conformance.callers import Caller, by_key
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.families import people
from mockserver.conformance.families.account_rules import read
from mockserver.conformance.families.orgs import org
from mockserver.conformance.families.providers import catalog
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.expect import HIDDEN, granted, refused
from mockserver.conformance.rules import Broken, Refused, Rule, Strength, Unreached

_CLAIMS = "/paths/~1claimed-domains"
_DOMAIN = "/components/schemas/ClaimedDomainResponse/properties/domain/description"
_ACCOUNT = "/paths/~1orgs~1{orgId}~1billingAccount/get"
_SESSION = "/paths/~1billingAccounts~1{billingAccountId}~1portalSession/post"
_UPLOAD = "/components/schemas/SignedUrl/properties"


def _spellings(domain: str) -> dict[str, str]:
    return {
        "itself": domain,
        "in capitals": domain.upper(),
        "an e-mail address": f"Some.Body@{domain}",
        "a URL": f"https://{domain}",
        "a URL with www, a port and a path": f"https://www.{domain}:8443/path?q=1",
    }


def _is_normalized(lab: Lab) -> None:
    """Claim by each spelling: the list shows the bare domain, once."""
    for told in _spellings("x"):
        domain = people.domain(lab).lower()
        body = {"domain": _spellings(domain)[told], "parentId": org(lab), "parentType": "org"}
        granted(lab.make(Call("claimDomain", body=body)), f"claiming a domain given as {told}")
        listed = read(lab, Call("listOrgClaimedDomains", {"orgId": org(lab)}))
        shown = [entry for entry in listed if lab.run in str(entry.get("domain")).lower()]
        found = [entry for entry in shown if entry.get("domain") == domain]
        if len(found) != 1:
            told_as = [entry.get("domain") for entry in shown]
            raise Broken(f"a domain claimed as {told} is listed as {told_as[-1:]}")
        same(org(lab), found[0].get("parentId"), "the parent of a claim")


def _is_found(lab: Lab) -> None:
    """Look for a claim by each spelling: it is the one that the list shows.

    A claim of our own, or one that is there where the profile claims nothing.
    """
    try:
        wanted = people.claimed(lab).lower()
    except Refused:
        wanted = ""
    listed = read(lab, Call("listOrgClaimedDomains", {"orgId": org(lab)}))
    claim = next((entry for entry in listed if wanted in {"", entry["domain"]}), None)
    if claim is None and wanted:
        raise Broken("a claimed domain is not listed")
    if claim is None:
        raise Unreached("no domain is claimed, and the profile claims none")
    for told, text in _spellings(claim["domain"]).items():
        exchange = lab.make(Call("checkClaimedDomain", query={"domain": text}))
        granted(exchange, f"checking a claimed domain given as {told}")
        same(claim, body_of(lab.contract, exchange), f"a claimed domain given as {told}")


def _unclaimed(lab: Lab) -> None:
    exchange = lab.make(Call("checkClaimedDomain", query={"domain": people.domain(lab)}))
    refused(exchange, HIDDEN, "checking a domain that nobody claimed")
    for text in ("", "not a domain", "@"):
        exchange = lab.make(Call("checkClaimedDomain", query={"domain": text}))
        refused(exchange, INVALID | HIDDEN, f"checking the domain {text!r}")


def _claimed_once(lab: Lab) -> None:
    """Claim twice: refused, or nothing new; never two claims."""
    call = people.claim(lab)
    granted(lab.make(call))
    again = lab.make(call)
    if not again.answer.is_success:
        refused(again, INVALID | {409}, "claiming a domain again")
    listed = read(lab, Call("listOrgClaimedDomains", {"orgId": org(lab)}))
    number = sum(entry["domain"] == call.body["domain"].lower() for entry in listed)
    if number != 1:
        raise Broken(f"a domain that was claimed twice is listed {number} times")


def _claims_for_nobody(lab: Lab) -> None:
    call = people.claim(lab)
    for change in ({"parentId": lab.absent()}, {"parentType": "project"}, {"domain": "no domain"}):
        exchange = lab.make(Call("claimDomain", body={**call.body, **change}))
        refused(exchange, HIDDEN | INVALID, f"a claim with {change}")
    exchange = lab.make(Call("checkClaimedDomain", query={"domain": call.body["domain"]}))
    refused(exchange, HIDDEN, "checking a domain whose claims were refused")


def _same_account(lab: Lab) -> None:
    call = Call("getOrgBillingAccount", {"orgId": org(lab)})
    first = lab.make(call)
    if first.status == 404:
        return  # no account yet, says the contract
    same(body_of(lab.contract, granted(first)), read(lab, call), "a second read of the account")
    absent = Call("getOrgBillingAccount", {"orgId": lab.absent()})
    refused(lab.make(absent), HIDDEN, "the billing account of no organization")


def _opens_a_session(lab: Lab) -> None:
    account = people.account(lab)
    body = {"redirectUrl": "https://dashboard.example/back"}
    call = Call("createBillingAccountSession", {"billingAccountId": account}, body=body)
    url = urlsplit(str(read(lab, call).get("url")))
    if url.scheme not in {"http", "https"} or not url.netloc:
        raise Broken("the session's url is no absolute URL", pointer="/url")
    nobody = Call("createBillingAccountSession", {"billingAccountId": lab.absent()}, body=body)
    refused(lab.make(nobody), HIDDEN, "a session of an account that is not there")


def _addresses_are_new(lab: Lab) -> None:
    """Hold that two addresses differ, and that each says what its URL says."""
    first, second = (read(lab, Call("generateUploadUrl")) for _ in range(2))
    for name in ("url", "path"):
        if first[name] == second[name]:
            raise Broken(f"two addresses have one {name}", pointer=f"/{name}")
    for one in (first, second):
        for name in ("bucket", "path"):
            if str(one[name]).strip("/") not in unquote(str(one["url"])):
                raise Broken(f"the url does not have the {name}", pointer=f"/{name}")


def _takes_a_zip(lab: Lab) -> None:
    """Put a zip to an address; with the checksum that was announced, too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("amp.yaml", f"# {lab.name('manifest')}\n")
    content = buffer.getvalue()
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    checksum = base64.b64encode(digest).decode()

    def attempt(query: dict[str, str]) -> None:
        address = read(lab, Call("generateUploadUrl", query=query))
        status = lab.door.upload(str(address["url"]), content)
        if not 200 <= status < 300:
            raise Broken(f"PUT of a zip to the signed url is answered {status}", pointer="/url")

    each([{}, {"md5": checksum}], attempt)


def _strangers(lab: Lab) -> tuple[Caller | None, ...]:
    return Caller(), by_key("wrong-key", "wrong"), lab.caller("key")


def _open_to_all(lab: Lab) -> None:
    shown = [
        body_of(lab.contract, granted(lab.make(Call("listProviders"), caller=who)))
        for who in _strangers(lab)
    ]
    for other in shown[1:]:
        same(shown[0], other, "listProviders for somebody else")


def _one_like_in_the_list(lab: Lab) -> None:
    listed = body_of(lab.contract, granted(lab.make(Call("listProviders"))))
    for name in _sample(listed):
        for who in _strangers(lab):
            exchange = lab.make(Call("getProvider", {"provider": name}), caller=who)
            same(listed[name], body_of(lab.contract, granted(exchange)), f"the provider {name}")


def _sample(listed: Mapping[str, Any]) -> list[str]:
    names = sorted(listed)
    return names[:: max(1, len(names) // 8)]


def _unknown_provider(lab: Lab) -> None:
    for name in (lab.name("provider"), next(iter(catalog(lab))) + "-x"):
        exchange = lab.make(Call("getProvider", {"provider": name}))
        refused(exchange, HIDDEN, f"the provider {name!r}")


def _case_counts(lab: Lab) -> None:
    known = catalog(lab)
    for name in _sample(known):
        for other in {name.upper(), name[:1].upper() + name[1:]} - set(known):
            exchange = lab.make(Call("getProvider", {"provider": other}))
            refused(exchange, HIDDEN, f"the provider {other!r}, which the list does not have")


RULES: tuple[Rule, ...] = (
    Rule("claimDomain", "is-normalized", _DOMAIN, _is_normalized),
    Rule("claimDomain", "is-claimed-once", f"{_CLAIMS}/post/description", _claimed_once),
    Rule(
        "claimDomain", "refuses-what-is-no-claim", f"{_CLAIMS}/post/description", _claims_for_nobody
    ),
    Rule(
        "checkClaimedDomain",
        "finds-each-spelling",
        f"{_CLAIMS}/get/parameters/0/description",
        _is_found,
    ),
    Rule(
        "checkClaimedDomain",
        "unclaimed-is-not-found",
        f"{_CLAIMS}/get/responses/404/description",
        _unclaimed,
    ),
    Rule("getOrgBillingAccount", "shows-the-same", f"{_ACCOUNT}/summary", _same_account),
    Rule("createBillingAccountSession", "opens", f"{_SESSION}/summary", _opens_a_session),
    Rule(
        "generateUploadUrl", "addresses-are-new", f"{_UPLOAD}/path/description", _addresses_are_new
    ),
    Rule(
        "generateUploadUrl",
        "takes-a-zip",
        f"{_UPLOAD}/url/description",
        _takes_a_zip,
        Strength.INFERRED,
    ),
    Rule("listProviders", "is-open-to-all", "/paths/~1providers/get/description", _open_to_all),
    Rule(
        "getProvider",
        "is-as-listed",
        "/paths/~1providers~1{provider}/get/description",
        _one_like_in_the_list,
    ),
    Rule(
        "getProvider",
        "unknown-is-not-found",
        "/paths/~1providers~1{provider}/get/parameters/0/description",
        _unknown_provider,
    ),
    Rule(
        "getProvider",
        "case-of-names-counts",
        "/paths/~1providers/get/description",
        _case_counts,
        Strength.INFERRED,
    ),
)
