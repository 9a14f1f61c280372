"""A third round of unseen faults: of what is taken, of statuses, types and headers."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.mutants.faults.unseen_records import THIRD
from tests.mutants.faulty import Call, Fault, Step
from tests.mutants.making import UPSERTS, asked, edited, fault, granted, listed, put, refused, rows

TYPES = (
    *("string", "boolean", "date", "datetime", "singleSelect", "multiSelect", "int", "float"),
    "reference",
)
PROBLEM = {"content-type": "application/problem+json"}


def _label_cut(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("label"), str):
        body["label"] = body["label"][:255]


def _key(call: Call) -> dict[str, Any]:
    return dict(call.mock.sandbox.root.tables["jwtKeys"].get(call.parameters["keyId"]) or {})


def _empty_mask(body: dict[str, Any], call: Call) -> None:
    """Take an empty mask as one that changes nothing."""
    if body.get("updateMask") == [] and _key(call):
        body["updateMask"], body["jwtKey"] = ["active"], {"active": _key(call)["active"]}


def _value_as_it_is(body: dict[str, Any], call: Call) -> None:
    """Leave what a mask names and nothing is said of."""
    mask, given = body.get("updateMask"), body.get("jwtKey")
    if isinstance(mask, list) and isinstance(given, dict):
        for path in {"active", "label"}.intersection(mask):
            given.setdefault(path, _key(call).get(path))


def _again(status: int) -> Step:
    """Answer the second delete of a record with another status."""

    def step(call: Call) -> None:
        gone = call.memory.setdefault("gone", set())
        if call.granted:
            gone.add(call.path)
        elif call.path in gone:
            call.status = status
            if status < 300:
                call.answer, call.answer_headers = b"", {}
            else:
                call.result = {**call.result, "status": status}

    return step


def _crash_on_number(call: Call) -> bool | None:
    body = call.body
    if not isinstance(body, dict) or not isinstance(body.get("groupRef", ""), int | float):
        return None
    call.status, call.answer_headers = 500, dict(PROBLEM)
    call.result = {"status": 500, "title": "Internal Server Error", "detail": "oops"}
    return True


def _crash_in_use(call: Call) -> None:
    if call.status in {400, 409, 422}:
        call.status = 500
        call.result = {"status": 500, "title": "Internal Server Error", "detail": "oops"}


def _spec_version(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("latestRevision"), dict):
        body["latestRevision"].setdefault("specVersion", "1.0.0")


def _no_password(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("basicAuth"), dict):
        body["basicAuth"].setdefault("password", "")


def _any_source(body: dict[str, Any], _: Call) -> None:
    metadata = body.get("providerMetadata")
    for entry in metadata.values() if isinstance(metadata, dict) else ():
        if isinstance(entry, dict) and entry.get("source") not in {"input", "token", "provider"}:
            entry["source"] = "input"


def _header_texts(body: dict[str, Any], _: Call) -> None:
    """Make text of the values of headers."""
    for holder in (body, body.get("destination")):
        metadata = holder.get("metadata") if isinstance(holder, dict) else None
        if isinstance(metadata, dict) and isinstance(metadata.get("headers"), dict):
            headers = metadata["headers"]
            metadata["headers"] = {name: str(value) for name, value in headers.items()}


def _url_anyway(call: Call) -> None:
    if call.status == 404:
        call.status, call.answer_headers["content-type"] = 200, "text/plain"
        call.answer = b"https://login.example.com/authorize?state=none"


def _known_type(body: dict[str, Any], _: Call) -> None:
    """Take a field of any type for a text."""
    fields = body.get("fields")
    for many in fields.values() if isinstance(fields, dict) else ():
        for one in many if isinstance(many, list) else ():
            if isinstance(one, dict) and one.get("valueType", "") not in ["", *TYPES]:
                one["valueType"] = "string"


def _without_type(call: Call) -> None:
    call.answer_headers.pop("content-type", None)


def _null_workspace(record: dict[str, Any], _: Call) -> None:
    record.setdefault("providerWorkspaceRef", None)


def _text_value(record: dict[str, Any], _: Call) -> None:
    for entry in (record.get("entitlements") or {}).values():
        entry["value"] = str(entry["value"]).lower()


def _seconds(record: dict[str, Any], _: Call) -> None:
    record["createTime"] = 1767603600


def _last_without_ref(items: list[Any], _: Call) -> list[Any]:
    return [*items[:-1], *({**item, "idpRef": None} for item in items[-1:])]


def _day(record: dict[str, Any], _: Call) -> None:
    if isinstance(record.get("createTime"), str):
        record["createTime"] = record["createTime"][:10]


def _lower_provider(call: Call) -> None:
    name = call.parameters["provider"]
    if name[:1].isupper():
        call.path = call.path.replace(name, name.lower())


def _upper_action(record: dict[str, Any], _: Call) -> None:
    for fields in record.get("fields", {}).values():
        for result in fields.values():
            result["action"] = result["action"].upper()


async def _slow(call: Call) -> None:
    """Read, and write back later."""
    call.memory.setdefault("stale", []).append(call.mock.sandbox.root.tables["providerApps"])
    await asyncio.sleep(0.05)


def _written_back(call: Call) -> None:
    stale = call.memory["stale"].pop(0)
    old = stale.get(str(call.result["id"])) if call.granted else None
    if old is not None:
        new = next(row for row in rows(call, "providerApps") if row["id"] == old["id"])
        masked = [*call.body["updateMask"], "updateTime"]
        put(call, "providerApps", {**old, **{name: new[name] for name in masked if name in new}})


def _as_full(call: Call) -> None:
    """Let a key of the frontend do what a full key may."""
    row = call.mock.sandbox.root.tables["apiKeys"].get(call.headers.get("x-api-key", ""))
    if row is not None and row["active"] and row["scopes"] == ["frontend"]:
        call.headers["x-api-key"] = "mock-full-key"


def _given(**fields: Any) -> Step:
    """Fill required fields in that are missing."""

    def change(body: dict[str, Any], _: Call) -> None:
        for name, value in fields.items():
            body.setdefault(name, value)

    return asked(change)


INVITES = "createOrgInvite getOrgInvite listOrgInvites"

FAULTS: tuple[Fault, ...] = (
    fault(THIRD, "jwt-label-of-256-is-cut", "createJWTKey", before=asked(_label_cut)),
    fault(THIRD, "empty-mask-changes-nothing", "updateJWTKey", before=asked(_empty_mask)),
    fault(THIRD, "mask-without-value-is-idle", "updateJWTKey", before=asked(_value_as_it_is)),
    fault(THIRD, "deleted-again-is-410", "deleteApiKey", after=_again(410)),
    fault(
        THIRD,
        "deleted-again-is-204",
        "deleteConnection deleteInstallation deleteJWTKey",
        after=_again(204),
    ),
    fault(THIRD, "crash-on-group-number", "createInstallation", before=_crash_on_number),
    fault(THIRD, "crash-on-delete-in-use", "deleteConnection", after=refused(_crash_in_use)),
    fault(THIRD, "spec-version-not-required", "createIntegration", before=asked(_spec_version)),
    fault(THIRD, "password-not-required", "generateConnection", before=asked(_no_password)),
    fault(THIRD, "any-source-is-input", "generateConnection", before=asked(_any_source)),
    fault(
        THIRD,
        "header-numbers-are-texts",
        "createDestination updateDestination",
        before=asked(_header_texts),
    ),
    fault(THIRD, "consumer-not-required", "oauthConnect", before=_given(consumerRef="someone")),
    fault(THIRD, "url-for-no-connection", "oauthUpdate", after=refused(_url_anyway)),
    fault(
        THIRD,
        "portal-returns-nowhere",
        "createBillingAccountSession",
        before=_given(redirectUrl="https://app.example.com"),
        profile="full",  # sessions are of no project
    ),
    fault(THIRD, "any-value-type-is-text", UPSERTS, before=asked(_known_type)),
    fault(THIRD, "upsert-action-in-capitals", UPSERTS, after=edited(_upper_action)),
    fault(
        THIRD,
        "created-without-media-type",
        "createTopicDestinationRoute",
        after=granted(_without_type),
    ),
    fault(
        THIRD,
        "absent-workspace-is-null",
        "generateConnection getConnection listConnections",
        after=edited(_null_workspace),
    ),
    fault(THIRD, "entitlement-is-text", "getProject", after=edited(_text_value)),
    fault(THIRD, "billing-time-is-number", "getOrgBillingAccount", after=edited(_seconds)),
    fault(THIRD, "last-builder-has-null-ref", "listOrgBuilders", after=listed(_last_without_ref)),
    fault(THIRD, "invite-time-is-a-day", INVITES, after=edited(_day)),
    fault(
        THIRD,
        "provider-with-a-capital",
        "getProvider",
        before=_lower_provider,
        is_inferred=True,  # the contract names the keys, not that case counts
    ),
    fault(THIRD, "lost-update-of-an-app", "updateProviderApp", before=_slow, after=_written_back),
    fault(
        THIRD,
        "frontend-key-deletes",
        "deleteTopic deleteDestination",
        before=_as_full,
        is_inferred=True,  # which scope may do what is not in the contract
    ),
)
