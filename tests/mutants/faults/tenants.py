"""Projects, organizations, invites and domains that are wrong: met by the profile `full`."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import answering, asked, edited, fault, granted, without

TENANTS = "projects and organizations"


def _kept_name(call: Call) -> None:
    """Let the old name of a project live on."""
    names = call.memory.setdefault("names", {})
    current = call.parameters["projectIdOrName"]
    if current in names:
        call.path = call.path.replace(f"/projects/{current}", f"/projects/{names[current]}")


def _note_rename(call: Call) -> None:
    if call.operation_id == "updateProject" and call.granted:
        call.memory.setdefault("names", {})[call.parameters["projectIdOrName"]] = call.result["id"]


def _pending(record: dict[str, Any], _: Call) -> None:
    record["status"] = "pending"


def _as_given(record: dict[str, Any], call: Call) -> None:
    body = call.body if isinstance(call.body, dict) else {}
    given = body.get("name") or body.get("project", {}).get("name")
    if given:
        record["name"] = given


def _numbered_builder(call: Call) -> None:
    result = call.result
    result["builder"]["id"] = 7
    call.result = result


def _some_address(body: dict[str, Any], call: Call) -> None:
    """Take what is no address for one."""
    if "@" not in str(body.get("email")):
        number = call.memory["n"] = call.memory.get("n", 0) + 1
        body["email"] = f"x{number}@example.com"


def _unknown_domain(call: Call) -> None:
    """Look addresses up as they are, without taking the domain out."""
    if set("@/") & set(call.query.get("domain", "")):
        call.query["domain"] = "nobody.example"


FAULTS: tuple[Fault, ...] = (
    fault(
        TENANTS,
        "old-project-name-lives",
        "getProject updateProject",
        before=_kept_name,
        after=_note_rename,
        profile="full",
    ),
    fault(
        TENANTS,
        "project-name-keeps-capitals",
        "createProject updateProject",
        after=edited(_as_given),
        profile="full",
    ),
    fault(TENANTS, "create-project-is-200", "createProject", after=answering(200), profile="full"),
    fault(
        TENANTS,
        "app-name-is-name",
        "createProject",
        before=asked(lambda b, _: b.update(appName=b.get("name"))),
        profile="full",
    ),
    fault(
        TENANTS,
        "org-without-team",
        "createOrg getOrg",
        after=without("defaultTeamId"),
        profile="full",
    ),
    fault(
        TENANTS,
        "org-label-cut",
        "createOrg",
        before=asked(lambda b, _: b.update(label=str(b.get("label"))[:8])),
        profile="full",
    ),
    fault(TENANTS, "revoked-stays-pending", "getOrgInvite listOrgInvites", after=edited(_pending)),
    fault(
        TENANTS,
        "invite-for-another-org",
        "createOrgInvite",
        after=edited(lambda r, _: r.update(parentId="00000000-0000-4000-8000-000000000003")),
    ),
    fault(
        TENANTS,
        "bad-email-invited",
        "createOrgInvite",
        before=asked(_some_address),
    ),
    fault(
        TENANTS,
        "domain-not-normalised",
        "checkClaimedDomain",
        before=_unknown_domain,
    ),
    fault(
        TENANTS,
        "membership-with-body",
        "addUserToOrg claimDomain",
        after=answering(201, {"ok": True}, "application/json"),
        profile="full",
    ),
    fault(
        TENANTS,
        "entitlements-always",
        "getProject",
        before=lambda call: call.query.update(includeEntitlements="true"),
    ),
    fault(
        TENANTS,
        "entitlements-never",
        "getProject",
        before=lambda call: call.query.pop("includeEntitlements", None) and None,
    ),
    fault(TENANTS, "my-info-of-another", "getMyInfo", after=granted(_numbered_builder)),
)
