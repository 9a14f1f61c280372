"""A fourth round of unseen faults: of times, filters, pages, secrets and neighbours."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from typing import Any

from tests.mutants.faults.unseen_refusals import FOURTH
from tests.mutants.faulty import Call, Fault, Json, Step
from tests.mutants.making import (
    INSTALLATIONS,
    asked,
    edited,
    fault,
    granted,
    listed,
    put,
    refused,
    rows,
    without,
)


def _stored_and_shown(table: str, change: Callable[[Call, Json], None]) -> Step:
    """Change a record in what is stored and in what is answered alike."""

    def step(call: Call) -> None:
        result = call.result
        row = next(row for row in rows(call, table) if row["id"] == result["id"])
        for record in (row, result):
            change(call, record)
        put(call, table, row)
        call.result = result

    return granted(step)


def _time_stands(table: str) -> Step:
    """Leave the time of the last update as it was."""

    def change(call: Call, record: Json) -> None:
        old = call.before.tables[table].get(record["id"]) or {}
        record["updateTime"] = old.get("updateTime", old["createTime"])

    return _stored_and_shown(table, change)


def _created_again(table: str) -> Step:
    """Take an update for a creation."""

    def change(_: Call, record: Json) -> None:
        record["createTime"] = record.get("updateTime", record["createTime"])

    return _stored_and_shown(table, change)


def _spaces(call: Call) -> None:
    """Read a plus of a query as a space once more."""
    call.query = {name: value.replace("+", " ") for name, value in call.query.items()}


def _first_match(items: list[Any], call: Call) -> list[Any]:
    return items[:1] if call.query else items


def _no_filter(call: Call) -> None:
    call.query.pop("groupRef", None)


def _open_filter(call: Call) -> None:
    if call.status == 400 and call.query.get("eventType"):
        call.status, call.answer_headers["content-type"] = 200, "application/json"
        call.result = []


def _paged(change: Callable[[dict[str, Any]], None]) -> Step:
    def step(call: Call) -> None:
        result = call.result
        change(result["pagination"])
        call.result = result

    return granted(step)


def _token_at_the_end(pagination: dict[str, Any]) -> None:
    if pagination["done"]:
        pagination["nextPageToken"] = "AAAAAAAAAAAAAAAAAAAAAA=="


def _no_token(pagination: dict[str, Any]) -> None:
    pagination.pop("nextPageToken", None)


def _small_default(call: Call) -> None:
    call.query.setdefault("pageSize", "2")


def _shows_key(record: dict[str, Any], call: Call) -> None:
    row = call.mock.sandbox.root.tables["destinations"].get(str(record.get("id"))) or {}
    if row.get("secrets"):
        record["secrets"] = dict(row["secrets"])


def _shows_new_secret(record: dict[str, Any], call: Call) -> None:
    """Show a secret when it is one of the things that are changed."""
    if "clientSecret" in call.body.get("updateMask", []):
        record["clientSecret"] = call.body["providerApp"]["clientSecret"]


def _shows_tokens(record: dict[str, Any], call: Call) -> None:
    connection = record.get("connection", record)
    row = call.mock.sandbox.root.tables["connections"].get(str(connection.get("id"))) or {}
    for name in ("oauth2AuthorizationCode", "apiKey"):
        if name in row.get("credentials", {}):
            connection[name] = row["credentials"][name]


def _false_is_yes(call: Call) -> None:
    for name in ("includeCreds", "includeRefreshToken", "includeSecrets"):
        if call.query.get(name) == "false":
            call.query[name] = "true"


def _taken_anywhere(call: Call) -> bool | None:
    """Refuse the name of a topic of any project."""
    name = call.body.get("name") if isinstance(call.body, dict) else None
    if name not in {row["name"] for row in call.before.tables["topics"]}:
        return None
    call.status, call.answer_headers = 409, {"content-type": "application/problem+json"}
    call.result = {"status": 409, "title": "Conflict", "detail": "taken"}
    return True


def _anywhere(table: str, parameter: str, *shown: str) -> Step:
    """Find a record by its id, whosever it is."""

    def step(call: Call) -> None:
        row = call.mock.sandbox.root.tables[table].get(call.parameters[parameter])
        if call.status == 404 and row is not None:
            call.status, call.answer_headers["content-type"] = 200, "application/json"
            found = {name: row[name] for name in shown if name in row}
            call.result = {**found, **({"algorithm": "RSA"} if table == "jwtKeys" else {})}

    return refused(step)


def _with_foreign(items: list[Any], call: Call) -> list[Any]:
    """List the newest destination of another project too, when there are more than a few."""
    ids = {item["id"] for item in items}
    mine = {r["projectId"] for r in rows(call, "destinations") if r["id"] in ids}
    others = [row for row in rows(call, "destinations") if row["projectId"] not in mine]
    shown = ("id", "name", "type", "metadata", "createTime", "updateTime")
    return [*items, *({k: row[k] for k in shown if k in row} for row in others[-1:])]


def _other_labels(record: dict[str, Any], _: Call) -> None:
    record["displayName"] = f"{record.get('displayName', '')} (beta)"


def _no_consumer(record: dict[str, Any], _: Call) -> None:
    record["connection"].pop("consumer", None)


def _other_default(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("config"), dict):
        body["config"].setdefault("createdBy", "api:unknown")


async def _slow_patch(call: Call) -> None:
    call.memory.setdefault("stale", []).append(call.mock.sandbox.root.tables["installations"])
    await asyncio.sleep(0.05)


def _patch_back(call: Call) -> None:
    """Write the object as it was read back, with no more than the own change."""
    stale = call.memory["stale"].pop(0)
    old = stale.get(str(call.result["id"])) if call.granted else None
    if old is None:
        return
    new = next(row for row in rows(call, "installations") if row["id"] == old["id"])
    row = copy.deepcopy(new)
    where = (call.body["action"], call.parameters["objectName"])
    config = copy.deepcopy(_object(old, *where))
    now = _object(new, *where)
    for change in call.body["changes"]:
        name = change["path"].split("/")[1]
        config.pop(name, None)
        if name in now:
            config[name] = now[name]
    if config:
        row["config"]["content"][where[0]]["objects"][where[1]] = config
        put(call, "installations", row)


def _object(row: Any, action: str, name: str) -> dict[str, Any]:
    objects = row["config"]["content"].get(action, {}).get("objects", {})
    return dict(objects.get(name, {}))


OPERATION = ("id", "projectId", "integrationId", "installationId", "configId", "actionType")

FAULTS: tuple[Fault, ...] = (
    fault(
        FOURTH,
        "connection-update-has-no-time",
        "updateConnection",
        after=_time_stands("connections"),
    ),
    fault(
        FOURTH,
        "project-update-has-no-time",
        "updateProject",
        after=_time_stands("projects"),
        profile="full",
    ),
    fault(FOURTH, "jwt-key-is-created-again", "updateJWTKey", after=_created_again("jwtKeys")),
    fault(
        FOURTH,
        "installation-is-created-again",
        "updateInstallation",
        after=_created_again("installations"),
    ),
    fault(FOURTH, "plus-is-a-space", "listConnections listInstallations", before=_spaces),
    fault(
        FOURTH,
        "filter-finds-one",
        "listConnections listEventTopicRoutes",
        after=listed(_first_match),
    ),
    fault(FOURTH, "installations-of-all-groups", "listInstallationsForProject", before=_no_filter),
    fault(FOURTH, "any-event-is-looked-for", "listEventTopicRoutes", after=refused(_open_filter)),
    fault(FOURTH, "token-when-done", "listOperations", after=_paged(_token_at_the_end)),
    fault(FOURTH, "no-token-when-not-done", "listOperations", after=_paged(_no_token)),
    fault(FOURTH, "pages-of-two-by-default", "listOperations", before=_small_default),
    fault(
        FOURTH,
        "signing-key-in-answers",
        "createDestination updateDestination",
        after=edited(_shows_key),
    ),
    fault(FOURTH, "new-secret-is-shown", "updateProviderApp", after=edited(_shows_new_secret)),
    fault(FOURTH, "imported-tokens-are-shown", "generateConnection", after=edited(_shows_tokens)),
    fault(
        FOURTH,
        "installation-shows-tokens",
        INSTALLATIONS,
        after=edited(_shows_tokens),
    ),
    fault(FOURTH, "include-false-is-yes", "getConnection getDestination", before=_false_is_yes),
    fault(FOURTH, "topic-names-across-projects", "createTopic", before=_taken_anywhere),
    fault(
        FOURTH,
        "operation-read-anywhere",
        "getOperation",
        after=_anywhere("operations", "operationId", *OPERATION, "status", "createTime"),
    ),
    fault(
        FOURTH,
        "jwt-key-read-anywhere",
        "getJWTKey",
        after=_anywhere(
            *("jwtKeys", "keyId", "id", "projectId", "label", "publicKeyPem", "active"),
            *("createTime", "updateTime"),
        ),
    ),
    fault(FOURTH, "list-shows-a-neighbours", "listDestinations", after=listed(_with_foreign)),
    fault(FOURTH, "provider-named-otherwise", "getProvider", after=edited(_other_labels)),
    fault(
        FOURTH,
        "upsert-without-success",
        "upsertMetadataForConnection upsertMetadataForInstallation",
        after=without("success"),
    ),
    fault(
        FOURTH,
        "installation-without-consumer",
        "createInstallation getInstallation",
        after=edited(_no_consumer),
    ),
    fault(
        FOURTH,
        "update-time-never-shown",
        "updateProviderApp updateDestination updateTopic",
        after=without("updateTime"),
        is_inferred=True,  # no schema requires it
    ),
    fault(FOURTH, "other-default-creator", "createInstallation", before=asked(_other_default)),
    fault(
        FOURTH,
        "lost-patch",
        "patchObjectConfigContent",
        before=_slow_patch,
        after=_patch_back,
    ),
)
