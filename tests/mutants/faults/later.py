"""Faults that were written with the laws in view, where those might be thin."""

from __future__ import annotations

import copy
from typing import Any

from tests.mutants.faulty import Call, Fault, Json
from tests.mutants.making import (
    INSTALLATIONS,
    METADATA,
    UPSERTS,
    edited,
    fault,
    granted,
    listed,
    put,
    refused,
    rows,
)

LATER = "later"
PROBLEM = {"content-type": "application/problem+json"}


def _refuse(call: Call, status: int) -> bool:
    call.status, call.answer_headers = status, dict(PROBLEM)
    call.result = {"status": status, "title": "No", "detail": "no"}
    return True


def _no_charset(call: Call) -> bool | None:
    """Take the media type without parameters only, which RFC 9110 has besides."""
    if ";" in call.headers.get("content-type", ""):
        return _refuse(call, 415)
    return None


def _whole_number(call: Call) -> None:
    """Take 5.0 and 5e0 for 5."""
    try:
        call.query["pageSize"] = str(int(float(call.query["pageSize"])))
    except (KeyError, ValueError, OverflowError):
        return


def _never_free(call: Call) -> bool | None:
    """Refuse the name of an integration that was deleted."""
    if call.operation_id == "deleteIntegration":
        found = call.parameters["integrationId"]
        names = {r["name"] for r in rows(call, "integrations") if found in {r["id"], r["name"]}}
        call.memory.setdefault("names", set()).update(names)
        return None
    name = call.body.get("name") if isinstance(call.body, dict) else None
    return _refuse(call, 422) if name in call.memory.get("names", ()) else None


def _old_name_taken(call: Call) -> bool | None:
    """Keep a name for a topic that was called something else since."""
    taken = call.memory.setdefault("taken", {})
    name = call.body.get("name") if isinstance(call.body, dict) else None
    if call.operation_id == "updateTopic":
        row = call.before.tables["topics"].get(call.parameters["topicId"])
        if row is not None:
            taken[row["name"]] = row["projectId"]
        return None
    mine = {r["projectId"] for r in rows(call, "topics") if r["projectId"] == taken.get(name)}
    return _refuse(call, 409) if mine else None


def _names_kept(call: Call) -> None:
    """Leave the display name of a field as it was made."""
    now = call.mock.sandbox.root.tables["customFields"]
    for row in call.before.tables["customFields"]:
        if now.get(row["id"]) is not None:
            put(call, "customFields", dict(row))


def _no_custom_fields(call: Call) -> None:
    """Hydrate with the fields of the provider only."""
    result = call.result
    for found in result.get("content", {}).get("read", {}).get("objects", []):
        fields = found.get("allFieldsMetadata")
        if isinstance(fields, dict):
            custom = {name for name, one in fields.items() if one.get("isCustom")}
            found["allFieldsMetadata"] = {k: v for k, v in fields.items() if k not in custom}
            known = found.get("allFields")
            if isinstance(known, list):
                found["allFields"] = [one for one in known if one.get("fieldName") not in custom]
    call.result = result


def _no_operation(record: dict[str, Any], _: Call) -> None:
    record["operationId"] = "00000000-0000-4000-8000-00000000abcd"


def _beyond(record: dict[str, Any], _: Call) -> None:
    if "recordsEstimatedTotal" in record:
        record["recordsProcessed"] = record["recordsEstimatedTotal"] + 1


def _always_success(record: dict[str, Any], _: Call) -> None:
    if "lastOperationStatus" in record:
        record["lastOperationStatus"] = "failure"


def _embedded_once(record: dict[str, Any], call: Call) -> None:
    """Show the connection of an installation as it was first."""
    known = call.memory.setdefault("connections", {})
    connection = record["connection"]
    record["connection"] = known.setdefault(connection["id"], copy.deepcopy(connection))


def _embedded_secret(record: dict[str, Any], call: Call) -> None:
    app = record.get("connection", record).get("providerApp")
    if isinstance(app, dict):
        row = call.mock.sandbox.root.tables["providerApps"].get(app["id"]) or {}
        app["clientSecret"] = row.get("clientSecret")


def _invalid(call: Call) -> None:
    """Take a name that is taken for one that is wrong."""
    if call.status == 409:
        call.status = 422
        call.result = {**call.result, "status": 422, "title": "Unprocessable", "issues": []}


def _member_conflict(call: Call) -> None:
    if call.status == 400 and "belongs" in str(call.result):
        call.status = 409
        call.result = {**call.result, "status": 409}


def _without_result(record: dict[str, Any], _: Call) -> None:
    record.pop("result", None)
    record.pop("metadata", None)


def _other_config(record: dict[str, Any], _: Call) -> None:
    record["configId"] = record["id"]


def _by_display_name(call: Call) -> None:
    result = call.result
    result["fields"] = {one["displayName"]: one for one in result["fields"].values()}
    call.result = result


def _creds_stay(call: Call) -> None:
    """Show credentials for ever once they were asked for."""
    shown = call.memory.setdefault("shown", set())
    if call.query.get("includeCreds") == "true":
        shown.add(call.path)
    elif call.path in shown:
        call.query["includeCreds"] = "true"


def _cached(items: list[Any], call: Call) -> list[Any]:
    kept = call.memory.setdefault("entries", {})
    return [kept.setdefault(item["id"], item) for item in items]


def _capital_twin(call: Call) -> None:
    """Take a project's name for another one when it is written in capitals."""
    body: Json = call.body
    name = body.get("name") if isinstance(body, dict) else None
    twin = next((r for r in rows(call, "projects") if r["name"] == str(name).lower()), None)
    if call.status in {409, 422} and twin is not None and name != twin["name"]:
        row = {**twin, "id": "7d0f3c4e-0000-4000-8000-00000000abcd", "appName": body["appName"]}
        put(call, "projects", row)
        call.status, call.answer_headers["content-type"] = 201, "application/json"
        call.result = {k: row[k] for k in ("id", "name", "appName", "orgId", "createTime")}


PROGRESS = "getBackfillProgress"

FAULTS: tuple[Fault, ...] = (
    fault(
        LATER,
        "charset-is-refused",
        "createTopic updateApiKey",
        before=_no_charset,
        is_inferred=True,  # the contract names the media type, and no parameter
    ),
    fault(LATER, "page-size-with-a-point", "listOperations", before=_whole_number),
    fault(
        LATER,
        "integration-name-never-free",
        "createIntegration deleteIntegration",
        before=_never_free,
    ),
    fault(LATER, "old-topic-name-stays-taken", "createTopic updateTopic", before=_old_name_taken),
    fault(LATER, "upsert-never-updates", UPSERTS, after=granted(_names_kept)),
    fault(
        LATER,
        "hydrated-without-custom-fields",
        f"getHydratedRevision {UPSERTS}",
        after=granted(_no_custom_fields),
    ),
    fault(LATER, "progress-of-no-operation", PROGRESS, after=edited(_no_operation)),
    fault(LATER, "more-than-estimated", PROGRESS, after=edited(_beyond)),
    fault(LATER, "last-status-of-another", INSTALLATIONS, after=edited(_always_success)),
    fault(LATER, "embedded-connection-is-stale", INSTALLATIONS, after=edited(_embedded_once)),
    fault(
        LATER,
        "embedded-app-shows-its-secret",
        "getConnection listConnections getInstallation",
        after=edited(_embedded_secret),
    ),
    fault(LATER, "conflict-is-invalid", "createTopic updateTopic", after=refused(_invalid)),
    fault(
        LATER,
        "membership-is-a-conflict",
        "addUserToOrg",
        after=refused(_member_conflict),
        profile="full",
    ),
    fault(LATER, "operation-without-result", "getOperation", after=edited(_without_result)),
    fault(
        LATER,
        "config-of-no-installation",
        "getOperation listOperations",
        after=edited(_other_config),
    ),
    fault(LATER, "fields-by-display-name", METADATA, after=granted(_by_display_name)),
    fault(LATER, "credentials-stay-shown", "getConnection", before=_creds_stay),
    fault(LATER, "installations-never-renew", "listInstallationsForProject", after=listed(_cached)),
    fault(LATER, "connections-never-renew", "listConnections", after=listed(_cached)),
    fault(
        LATER,
        "project-name-twice-in-capitals",
        "createProject",
        after=refused(_capital_twin),
        profile="full",
    ),
)
