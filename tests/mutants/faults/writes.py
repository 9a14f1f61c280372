"""Writes that are lost, half done, or do too much."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, forget, granted, refused

LOST = "lost write"
MASK = "update mask"
STATE = "refused, yet done"
ECHO = "echo"

_LOST = (
    "createTopic",
    "createDestination",
    "createApiKey",
    "createJWTKey",
    "createProviderApp",
    "createEventTopicRoute",
    "createTopicDestinationRoute",
    "createIntegration",
    "generateConnection",
    "createInstallation",
    "createOrgInvite",
    "batchUpsertIntegrations",
    "createRevision",
    "updateTopic",
    "updateDestination",
    "updateApiKey",
    "updateJWTKey",
    "updateProviderApp",
    "updateConnection",
    "updateInstallation",
    "patchObjectConfigContent",
    "deleteTopic",
    "deleteDestination",
    "deleteApiKey",
    "deleteJWTKey",
    "deleteProviderApp",
    "deleteConnection",
    "deleteInstallation",
    "deleteIntegration",
    "deleteEventTopicRoute",
    "deleteTopicDestinationRoute",
    "deleteOrgInvite",
    "upsertMetadataForInstallation",
    "upsertMetadataForConnection",
)
_MASKED = "updateDestination updateApiKey updateJWTKey updateProviderApp updateConnection"
_HOLDER = {
    "updateDestination": "destination",
    "updateApiKey": "apiKey",
    "updateJWTKey": "jwtKey",
    "updateProviderApp": "providerApp",
    "updateConnection": "connection",
    "updateProject": "project",
    "updateInstallation": "installation",
}


def _ignore_mask(body: dict[str, Any], call: Call) -> None:
    given = body.get(_HOLDER[call.operation_id])
    mask = body.get("updateMask")
    known = {"name", "label", "active", "scopes", "externalRef", "clientId", "providerMetadata"}
    if isinstance(given, dict) and isinstance(mask, list):
        body["updateMask"] = [*mask, *sorted((given.keys() & known) - set(mask))]


def _first_only(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("updateMask"), list):
        body["updateMask"] = body["updateMask"][:1]


def _known_only(*known: str) -> Any:
    def change(body: dict[str, Any], _: Call) -> None:
        if isinstance(body.get("updateMask"), list):
            body["updateMask"] = [path for path in body["updateMask"] if path in known]

    return asked(change)


def _swap(one: str, other: str) -> Any:
    def change(body: dict[str, Any], _: Call) -> None:
        body[one], body[other] = body.get(other), body.get(one)

    return asked(change)


def _shouted(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("label"), str):
        body["label"] = body["label"].upper()


def _fresh_update_time(call: Call) -> None:
    for table in ("destinations", "topics", "apiKeys"):
        for row in call.mock.sandbox.root.tables[table]:
            record = dict(call.result) if isinstance(call.result, dict) else {}
            if row.get("id") and row["id"] == record.get("id"):
                record["updateTime"] = row["createTime"]
                call.result = record


def _read_touches(call: Call) -> None:
    """Move updateTime whenever a destination is read."""
    calls = call.memory["reads"] = call.memory.get("reads", 0) + 1
    result = call.result
    result["updateTime"] = f"2031-01-01T00:00:{calls % 60:02}.000000Z"
    call.result = result


def _apply_anyway(call: Call) -> None:
    """Keep the first change of a refused patch."""
    body = call.body
    if not isinstance(body, dict) or len(body.get("changes", ())) < 2:
        return
    root = call.mock.sandbox.root
    table = root.tables["installations"]
    for row in list(table):
        if row["groupRef"] == body.get("groupRef") or row["id"] == body.get("installationId"):
            changed = copy.deepcopy(dict(row))
            objects = changed["config"]["content"].get("read", {}).get("objects", {})
            for config in objects.values():
                config["selectedFields"] = {**config.get("selectedFields", {}), "leftover": True}
            table = table.put(row["id"], changed)
    tables = root.tables.set("installations", table)
    call.mock.sandbox.restore(replace(root, tables=tables))


def _delete_another(table: str) -> Any:
    """Remove one more record of the table than the one that was asked for."""

    def step(call: Call) -> None:
        own = set(call.parameters.values())
        victims = [r for r in call.mock.sandbox.root.tables[table] if r.get("id") not in own]
        if victims:
            last = victims[-1]["id"]
            call.remove(table, lambda row: row["id"] == last)

    return granted(step)


FAULTS: tuple[Fault, ...] = (
    *(fault(LOST, f"lost-{name}", name, after=forget) for name in _LOST),
    fault(LOST, "lost-createProject", "createProject", after=forget, profile="full"),
    fault(LOST, "lost-updateProject", "updateProject", after=forget, profile="full"),
    fault(LOST, "lost-updateOrg", "updateOrg", after=forget, profile="full"),
    fault(MASK, "mask-ignored", _MASKED, before=asked(_ignore_mask)),
    fault(MASK, "mask-only-first-path", _MASKED + " updateInstallation", before=asked(_first_only)),
    fault(
        MASK,
        "unknown-mask-accepted-api-key",
        "updateApiKey",
        before=_known_only("active", "label", "scopes"),
    ),
    fault(
        MASK,
        "unknown-mask-accepted-destination",
        "updateDestination",
        before=_known_only("name", "metadata.url", "metadata.headers"),
    ),
    fault(
        MASK,
        "update-time-stands-still",
        "updateDestination updateTopic",
        after=granted(_fresh_update_time),
    ),
    fault(
        MASK,
        "create-time-moves",
        "updateTopic updateDestination updateProviderApp",
        after=edited(lambda r, _: r.update(createTime="2031-01-01T00:00:00.000000Z")),
    ),
    fault(
        MASK,
        "id-changes-on-update",
        "updateTopic updateConnection updateProviderApp",
        after=edited(lambda r, _: r.update(id="00000000-0000-4000-8000-000000000001")),
    ),
    fault(MASK, "reads-move-update-time", "getDestination", after=granted(_read_touches)),
    fault(STATE, "patch-is-not-atomic", "patchObjectConfigContent", after=refused(_apply_anyway)),
    fault(ECHO, "label-in-capitals", "createApiKey createJWTKey", before=asked(_shouted)),
    fault(ECHO, "names-swapped", "generateConnection", before=_swap("groupName", "consumerName")),
    fault(
        ECHO,
        "scopes-forgotten",
        "createProviderApp",
        before=asked(lambda body, _: body.update(scopes=body.get("scopes", [])[:1])),
    ),
    fault(
        ECHO,
        "description-of-headers-lost",
        "createDestination",
        before=asked(lambda body, _: body.get("metadata", {}).pop("headers", None)),
    ),
    fault(
        ECHO,
        "external-ref-never-kept",
        "createProviderApp updateProviderApp",
        before=asked(
            lambda body, _: (body.get("providerApp", body) or {}).update(externalRef="fixed")
        ),
    ),
    fault("cascade", "deletes-another-topic", "deleteTopic", after=_delete_another("topics")),
    fault(
        "cascade",
        "deletes-another-destination",
        "deleteDestination",
        after=_delete_another("destinations"),
    ),
    fault(
        "cascade",
        "deletes-another-connection",
        "deleteConnection",
        after=_delete_another("connections"),
    ),
)
