"""Integrations, connections and installations that are wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, refused, remembered

CONFIG, DEPLOY, CONNECT = "configuration", "deployment", "connection"


def _stored(table: str, change: Callable[[dict[str, Any], Call], None]) -> Any:
    """Change the record of the granted answer in the state, and in the answer."""

    def step(call: Call) -> None:
        result = call.result
        root = call.mock.sandbox.root
        row = root.tables[table].get(str(result.get("id"))) if isinstance(result, dict) else None
        if row is None:
            return
        changed = copy.deepcopy(dict(row))
        change(changed, call)
        change(result, call)
        tables = root.tables.set(table, root.tables[table].put(changed["id"], changed))
        call.mock.sandbox.restore(replace(root, tables=tables))
        call.result = result

    return granted(step)


def _read_objects(record: dict[str, Any]) -> dict[str, Any]:
    content = record.get("config", {}).get("content", {})
    objects = content.get("read", {}).get("objects", {})
    return objects if isinstance(objects, dict) else {}


def _no_mappings(record: dict[str, Any], _: Call) -> None:
    for config in _read_objects(record).values():
        config["selectedFieldMappings"] = {}


def _no_optional_fields(record: dict[str, Any], call: Call) -> None:
    for config in _read_objects(record).values():
        config["selectedFields"] = dict(list(config.get("selectedFields", {}).items())[:1])


def _only_named(record: dict[str, Any], call: Call) -> None:
    """Drop the objects that an update does not name."""
    body = call.body if isinstance(call.body, dict) else {}
    content = (body.get("installation") or {}).get("config", {}).get("content", {})
    named = content.get("read", {}).get("objects", {})
    objects = _read_objects(record)
    if named:
        for name in [name for name in objects if name not in named]:
            del objects[name]


def _enabled(record: dict[str, Any], _: Call) -> None:
    for config in _read_objects(record).values():
        config.pop("disabled", None)


def _same_config(call: Call) -> None:
    result = call.result
    kept = call.memory.setdefault("config", {})
    identifier = kept.setdefault(result["id"], result["config"]["id"])
    result["config"]["id"] = identifier
    call.result = result


def _other_group(call: Call) -> None:
    result = call.result
    result["group"]["groupRef"] = "someone-else"
    call.result = result


def _first_change(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("changes"), list):
        body["changes"] = body["changes"][:1]


def _no_removals(body: dict[str, Any], _: Call) -> None:
    kept = [c for c in body.get("changes", []) if isinstance(c, dict) and c.get("op") != "remove"]
    body["changes"] = kept or [{"op": "add", "path": "/disabled", "value": False}]


def _known_operations(body: dict[str, Any], _: Call) -> None:
    for change in body.get("changes", []):
        if isinstance(change, dict) and change.get("op") not in {"add", "remove", "replace"}:
            change.update(op="add", value=True)


def _in_use(call: Call) -> None:
    """Delete a connection although installations use it."""
    if call.status in {400, 409, 422}:
        identifier = call.parameters["connectionId"]
        call.remove("connections", lambda row: row["id"] == identifier)
        call.status, call.answer = 204, b""


def _new_integration_ids(call: Call) -> None:
    result = call.result
    for number, item in enumerate(result if isinstance(result, list) else []):
        item["id"] = f"00000000-0000-4000-8000-{number + 1:012}"
    call.result = result


def _others_go(call: Call) -> None:
    named = {item["name"] for item in call.result}
    project = call.result[0]["projectId"] if call.result else ""
    call.remove(
        "integrations", lambda row: row["projectId"] == project and row["name"] not in named
    )


def _old_revision(call: Call) -> None:
    result = call.result
    seen = call.memory.setdefault("revisions", {})
    if isinstance(result, dict) and "latestRevision" in result:
        result["latestRevision"] = seen.setdefault(result["id"], result["latestRevision"])
        call.result = result


def _other_secret(call: Call) -> None:
    """Show the secrets of the destination that was read first."""
    secrets = call.result.get("secrets")
    if secrets:
        result = call.result
        result["secrets"] = call.memory.setdefault("secrets", secrets)
        call.result = result


FAULTS: tuple[Fault, ...] = (
    fault(
        CONFIG,
        "mappings-lost",
        "createInstallation updateInstallation",
        after=_stored("installations", _no_mappings),
    ),
    fault(
        CONFIG,
        "optional-fields-lost",
        "createInstallation",
        after=_stored("installations", _no_optional_fields),
    ),
    fault(
        CONFIG,
        "update-drops-other-objects",
        "updateInstallation",
        after=_stored("installations", _only_named),
    ),
    fault(
        CONFIG, "disabled-not-kept", "updateInstallation", after=_stored("installations", _enabled)
    ),
    fault(
        CONFIG,
        "config-id-stays",
        "createInstallation updateInstallation patchObjectConfigContent getInstallation",
        after=granted(_same_config),
    ),
    fault(CONFIG, "installed-for-another-group", "createInstallation", after=granted(_other_group)),
    fault(
        CONFIG, "only-first-change-applied", "patchObjectConfigContent", before=asked(_first_change)
    ),
    fault(CONFIG, "removals-ignored", "patchObjectConfigContent", before=asked(_no_removals)),
    fault(
        CONFIG,
        "unknown-patch-operation-taken",
        "patchObjectConfigContent",
        before=asked(_known_operations),
    ),
    fault(CONNECT, "connection-in-use-deleted", "deleteConnection", after=refused(_in_use)),
    fault(
        CONNECT,
        "provider-of-connection-lost",
        "getConnection",
        after=edited(lambda r, _: r.update(provider="salesforce")),
    ),
    fault(
        CONNECT,
        "metadata-never-kept",
        "generateConnection updateConnection",
        before=asked(lambda b, _: (b.get("connection", b) or {}).pop("providerMetadata", None)),
    ),
    fault(
        CONNECT,
        "other-scheme-accepted",
        "updateConnection",
        before=asked(
            lambda b, _: (
                b.update(
                    updateMask=["providerWorkspaceRef"], connection={"providerWorkspaceRef": "x"}
                )
                if "basicAuth" in b.get("updateMask", [])
                else None
            )
        ),
    ),
    fault(
        CONNECT,
        "consumer-name-is-ref",
        "generateConnection",
        before=asked(lambda b, _: b.pop("consumerName", None)),
    ),
    fault(CONNECT, "signing-key-is-shared", "getDestination", after=granted(_other_secret)),
    fault(
        DEPLOY,
        "integration-ids-change",
        "batchUpsertIntegrations",
        after=granted(_new_integration_ids),
    ),
    fault(DEPLOY, "deploy-removes-others", "batchUpsertIntegrations", after=granted(_others_go)),
    fault(DEPLOY, "latest-revision-stays", "getIntegration", after=granted(_old_revision)),
    fault(
        DEPLOY,
        "both-sources-accepted",
        "batchUpsertIntegrations createRevision",
        before=asked(lambda b, _: b.pop("sourceZipUrl", None) if "sourceYaml" in b else None),
    ),
    fault(
        DEPLOY,
        "hydrate-without-connection",
        "getHydratedRevision",
        before=remembered("connectionId"),
    ),
)
