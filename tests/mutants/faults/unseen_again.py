"""A second round of faults that the suite had not seen, after it had learnt from the first."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, listed, put, refused, rows

AGAIN = "unseen again"


def _inactive_go_too(call: Call) -> None:
    call.remove("apiKeys", lambda row: not row["active"] and not row["key"].startswith("mock-"))


def _new_signing_key(call: Call) -> None:
    """Make another signing key with every update."""
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    for row in rows(call, "destinations"):
        if row["id"] == call.result["id"] and row.get("secrets", {}).get("webhookSigningKey"):
            secrets = {**row["secrets"], "webhookSigningKey": f"whsec_{number:032}"}
            put(call, "destinations", {**row, "secrets": secrets})


def _appended_scopes(call: Call) -> None:
    """Add new scopes to the old ones instead of replacing them."""
    if "scopes" not in call.body.get("updateMask", []):
        return
    result = call.result
    old = next(row for row in call.before.tables["providerApps"] if row["id"] == result["id"])
    result["scopes"] = [*old.get("scopes", []), *result.get("scopes", [])]
    row = next(row for row in rows(call, "providerApps") if row["id"] == result["id"])
    put(call, "providerApps", {**row, "scopes": result["scopes"]})
    call.result = result


def _no_metadata(body: dict[str, Any], _: Call) -> None:
    body.pop("metadata", None)


def _no_creator(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("config"), dict):
        body["config"].pop("createdBy", None)


def _for_every_group(call: Call) -> None:
    """Give the config of one customer to all of the integration."""
    changed = next((r for r in rows(call, "installations") if _is_of(r, call)), None)
    if changed is None:
        return
    for row in rows(call, "installations"):
        if row["integrationId"] == changed["integrationId"]:
            put(call, "installations", {**row, "config": {**changed["config"]}})


def _is_of(row: dict[str, Any], call: Call) -> bool:
    body = call.body
    return bool(row["groupRef"] == body.get("groupRef") or row["id"] == body.get("installationId"))


def _logs_of_first(call: Call) -> None:
    call.result = call.memory.setdefault("logs", call.result)


def _creds_of_first(call: Call) -> None:
    result = call.result
    for name in ("oauth2AuthorizationCode", "apiKey"):
        if name in result:
            result[name] = call.memory.setdefault(name, result[name])
    call.result = result


def _secure(body: dict[str, Any], _: Call) -> None:
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and str(metadata.get("url", "")).startswith("http://"):
        metadata["url"] = metadata["url"].replace("http://", "https://", 1)


def _gone_anyway(call: Call) -> None:
    if call.status == 404:
        call.status, call.answer = 204, b""


def _one_line(record: dict[str, Any], _: Call) -> None:
    if isinstance(record.get("publicKeyPem"), str):
        record["publicKeyPem"] = record["publicKeyPem"].replace("\n", "")


def _lower(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("name"), str):
        body["name"] = body["name"].lower()


def _as_created(call: Call) -> None:
    """Filter by what a key was when it was listed first."""
    known = call.memory.setdefault("active", {})
    table = call.mock.sandbox.root.tables["jwtKeys"]
    for row in table:
        known.setdefault(row["id"], row["active"])


def _with_switched_off(items: list[Any], call: Call) -> list[Any]:
    known = call.memory.get("active", {})
    ids = {item["id"] for item in items}
    project = {item["projectId"] for item in items}
    if call.query.get("active") != "true":
        return items
    late = [
        {k: v for k, v in row.items() if v is not None}
        for row in rows(call, "jwtKeys")
        if known.get(row["id"]) and row["id"] not in ids and row["projectId"] in project
    ]
    return [*items, *late]


def _same_time(record: dict[str, Any], call: Call) -> None:
    """Show the time of the first record with all of them."""
    record["createTime"] = call.memory.setdefault("time", record.get("createTime"))


FAULTS: tuple[Fault, ...] = (
    fault(AGAIN, "inactive-keys-go-too", "deleteApiKey", after=granted(_inactive_go_too)),
    fault(AGAIN, "update-rotates-the-key", "updateDestination", after=granted(_new_signing_key)),
    fault(AGAIN, "scopes-are-appended", "updateProviderApp", after=granted(_appended_scopes)),
    fault(AGAIN, "metadata-of-app-lost", "createProviderApp", before=asked(_no_metadata)),
    fault(AGAIN, "creator-forgotten", "createInstallation", before=asked(_no_creator)),
    fault(
        AGAIN,
        "patch-is-for-all-groups",
        "patchObjectConfigContent",
        after=granted(_for_every_group),
    ),
    fault(AGAIN, "logs-of-another", "listOperationLogs", after=granted(_logs_of_first)),
    fault(AGAIN, "credentials-of-another", "getConnection", after=granted(_creds_of_first)),
    fault(AGAIN, "plain-http-made-secure", "createDestination", before=asked(_secure)),
    fault(
        AGAIN,
        "absent-route-is-deleted",
        "deleteTopicDestinationRoute deleteEventTopicRoute",
        after=refused(_gone_anyway),
    ),
    fault(AGAIN, "pem-in-one-line", "getJWTKey createJWTKey", after=edited(_one_line)),
    fault(AGAIN, "names-in-lower-case", "createTopic createDestination", before=asked(_lower)),
    fault(
        AGAIN,
        "filter-by-former-state",
        "listJWTKeys",
        before=_as_created,
        after=listed(_with_switched_off),
    ),
    fault(AGAIN, "list-times-are-one", "listConnections", after=edited(_same_time)),
)
