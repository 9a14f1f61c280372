"""A third round of unseen faults: of connections, installations and deployments."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.mutants.faults.unseen_records import THIRD
from tests.mutants.faulty import Call, Fault
from tests.mutants.making import METADATA, PATCH, UPSERTS, asked, edited, fault, granted, put, rows


def _first_consumer(record: dict[str, Any], call: Call) -> None:
    """Show the consumer that came first with every connection of a group."""
    known = call.memory.setdefault("consumers", {})
    record["consumer"] = known.setdefault(record["group"]["groupRef"], record["consumer"])


def _metadata_cleared(call: Call) -> None:
    """Lose the metadata of a connection when its workspace is changed."""
    if call.body.get("updateMask") == ["providerWorkspaceRef"]:
        result = call.result
        row = next(row for row in rows(call, "connections") if row["id"] == result["id"])
        put(call, "connections", {**row, "providerMetadata": {}})
        call.result = {**result, "providerMetadata": {}}


def _any_refresh(call: Call) -> None:
    if call.query.get("refresh") not in {"force", "ifExpired"}:
        call.query.pop("refresh", None)


def _no_scopes(record: dict[str, Any], _: Call) -> None:
    if isinstance(record.get("oauth2AuthorizationCode"), dict):
        record["oauth2AuthorizationCode"].pop("scopes", None)


def _from_provider(body: dict[str, Any], _: Call) -> None:
    metadata = body.get("providerMetadata")
    for entry in metadata.values() if isinstance(metadata, dict) else ():
        if isinstance(entry, dict) and entry.get("source") in {"input", "token"}:
            entry["source"] = "provider"


def _note_prefix(call: Call) -> None:
    call.parameters["prefix"] = call.query.pop("groupRef", "")


def _with_prefix(call: Call) -> None:
    """Take a filter for the beginning of what is looked for."""
    prefix = call.parameters["prefix"]
    call.result = [c for c in call.result if c["group"]["groupRef"].startswith(prefix)]


def _content(name: str) -> Callable[[Call], None]:
    """Drop a part of the config with each switch of the proxy."""

    def step(call: Call) -> None:
        if "config.content.proxy.enabled" not in call.body.get("updateMask", []):
            return
        result = call.result
        row = next(row for row in rows(call, "installations") if row["id"] == result["id"])
        row = copy.deepcopy(row)
        row["config"]["content"].pop(name, None)
        result["config"]["content"].pop(name, None)
        put(call, "installations", row)
        call.result = result

    return step


def _revisions(call: Call, integration: str) -> list[dict[str, Any]]:
    found = [row for row in rows(call, "revisions") if row["integrationId"] == integration]
    return sorted(found, key=lambda row: str(row["createTime"]))


def _first_revision_noted(call: Call) -> None:
    """Note the revision that was deployed first with a config."""
    result = call.result
    first = _revisions(call, result["integrationId"])[0]["id"]
    row = next(row for row in rows(call, "installations") if row["id"] == result["id"])
    put(call, "installations", {**row, "config": {**row["config"], "revisionId": first}})
    result["config"]["revisionId"] = first
    call.result = result


def _time_stands(call: Call) -> None:
    """Leave the time of an installation as its first new config set it."""
    result = call.result
    old = call.before.tables["installations"].get(result["id"])
    if old is not None and "updateTime" in old:
        row = next(row for row in rows(call, "installations") if row["id"] == result["id"])
        put(call, "installations", {**row, "updateTime": old["updateTime"]})
        call.result = {**result, "updateTime": old["updateTime"]}


def _connection_too(call: Call) -> None:
    """Delete the connection of an installation, whoever else uses it."""
    gone = call.before.tables["installations"].get(call.parameters["installationId"])
    if gone is not None:
        call.remove("connections", lambda row: row["id"] == gone["connectionId"])


def _default_connection(body: dict[str, Any], _: Call) -> None:
    body.pop("connectionId", None)


def _escapes_kept(body: dict[str, Any], _: Call) -> None:
    """Take the escapes of a JSON Pointer as they stand."""
    for change in body.get("changes") or ():
        if isinstance(change, dict) and isinstance(change.get("path"), str):
            change["path"] = change["path"].replace("~", "~0")


def _at(body: dict[str, Any], call: Call, pointer: str) -> list[Any]:
    """Return what stands at a path of the object's config, in a list; nothing if nothing does."""
    found: Any = None
    for row in rows(call, "installations"):
        if row["id"] == body.get("installationId") or row["groupRef"] == body.get("groupRef"):
            objects = row["config"]["content"].get(body.get("action"), {}).get("objects", {})
            found = objects.get(call.parameters["objectName"], found)
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            return []
        found = found[name]
    return [] if found is None else [found]


def _add_keeps(body: dict[str, Any], call: Call) -> None:
    """Add what is not there, and leave what is."""
    for change in body.get("changes") or ():
        if isinstance(change, dict) and change.get("op") == "add":
            for value in _at(body, call, str(change.get("path"))):
                change["value"] = value


def _replace_adds(body: dict[str, Any], call: Call) -> None:
    """Replace what is not there."""
    for change in body.get("changes") or ():
        replaces = isinstance(change, dict) and change.get("op") == "replace"
        if replaces and not _at(body, call, str(change.get("path"))):
            change["op"] = "add"


def _one_reference(body: dict[str, Any], _: Call) -> None:
    if "groupRef" in body:
        body.pop("installationId", None)


def _first_revision(record: dict[str, Any], call: Call) -> None:
    first = _revisions(call, record["id"])[0]
    shown = ("id", "specVersion", "createTime", "content")
    record["latestRevision"] = {name: first[name] for name in shown}


def _latest_asked(call: Call) -> None:
    """Hydrate the latest revision, whichever is asked for."""
    asked_for = call.parameters["revisionId"]
    row = call.mock.sandbox.root.tables["revisions"].get(asked_for)
    if row is not None:
        latest = _revisions(call, row["integrationId"])[-1]["id"]
        call.path = call.path.replace(asked_for, latest)


def _asked_revision(record: dict[str, Any], call: Call) -> None:
    record["id"] = call.parameters["revisionId"]


def _integration_time(record: dict[str, Any], _: Call) -> None:
    record["latestRevision"]["createTime"] = record["createTime"]


def _destructive(call: Call) -> None:
    call.query.setdefault("destructive", "true")


def _mapped_name(record: dict[str, Any], _: Call) -> None:
    record["mappedObjectName"] = record["name"]


def _excluding(call: Call) -> None:
    if "excludeReadOnly" in call.query:
        call.query["excludeReadOnly"] = "true"


def _first_fields(call: Call) -> None:
    """Make the first field of each object, and answer for all of them."""
    body = call.body
    fields = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(fields, dict):
        return
    if not all(isinstance(f, dict) for many in fields.values() for f in many):
        return
    call.parameters["more"] = ""
    call.memory["more"] = {name: many[1:] for name, many in fields.items()}
    call.body = {**body, "fields": {name: many[:1] for name, many in fields.items()}}


def _all_answered(call: Call) -> None:
    if "more" in call.parameters:
        result = call.result
        for name, many in call.memory["more"].items():
            for one in many:
                entry = {"fieldName": one["fieldName"], "action": "create"}
                result["fields"].setdefault(name, {})[one["fieldName"]] = entry
        call.result = result


CONFIGS = "updateInstallation patchObjectConfigContent"

FAULTS: tuple[Fault, ...] = (
    fault(
        THIRD,
        "consumer-is-first-of-group",
        "generateConnection getConnection listConnections",
        after=edited(_first_consumer),
    ),
    fault(THIRD, "workspace-clears-metadata", "updateConnection", after=granted(_metadata_cleared)),
    fault(THIRD, "any-refresh-is-taken", "getConnection", before=_any_refresh),
    fault(THIRD, "credentials-without-scopes", "getConnection", after=edited(_no_scopes)),
    fault(THIRD, "metadata-is-from-provider", "generateConnection", before=asked(_from_provider)),
    fault(
        THIRD,
        "group-filter-by-prefix",
        "listConnections",
        before=_note_prefix,
        after=granted(_with_prefix),
    ),
    fault(
        THIRD, "proxy-switch-drops-write", "updateInstallation", after=granted(_content("write"))
    ),
    fault(
        THIRD,
        "revision-of-first-deploy",
        "createInstallation",
        after=granted(_first_revision_noted),
    ),
    fault(THIRD, "new-config-at-the-old-time", CONFIGS, after=granted(_time_stands)),
    fault(
        THIRD, "shared-connection-goes-too", "deleteInstallation", after=granted(_connection_too)
    ),
    fault(
        THIRD, "given-connection-ignored", "createInstallation", before=asked(_default_connection)
    ),
    fault(THIRD, "pointer-escapes-kept", PATCH, before=asked(_escapes_kept)),
    fault(THIRD, "add-keeps-what-is-there", PATCH, before=asked(_add_keeps)),
    fault(THIRD, "replace-adds", PATCH, before=asked(_replace_adds)),
    fault(THIRD, "two-references-are-one", PATCH, before=asked(_one_reference)),
    fault(THIRD, "list-shows-first-revision", "listIntegrations", after=edited(_first_revision)),
    fault(
        THIRD,
        "only-the-latest-is-hydrated",
        "getHydratedRevision",
        before=_latest_asked,
        after=edited(_asked_revision),
    ),
    fault(
        THIRD,
        "revision-as-old-as-integration",
        "getIntegration listIntegrations",
        after=edited(_integration_time),
    ),
    fault(
        THIRD,
        "deploys-are-destructive",
        "batchUpsertIntegrations createRevision",
        before=_destructive,
    ),
    fault(
        THIRD, "mapped-name-anyway", "getObjectMetadataForConnection", after=edited(_mapped_name)
    ),
    fault(THIRD, "excluding-when-told-not-to", METADATA, before=_excluding),
    fault(THIRD, "first-field-only", UPSERTS, before=_first_fields, after=granted(_all_answered)),
)
