"""Faults that were written when the suite was done: of what is read, listed and deleted.

They were tried before the suite was changed for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import edited, fault, granted, listed, rows, typed

UNSEEN = "unseen"


def _stale_once(call: Call) -> None:
    """Answer the first read after a write with what a read showed before it."""
    seen = call.memory.setdefault("seen", {})
    if call.method != "GET":
        call.memory["dirty"] = call.path
    elif call.granted:
        kept = seen.get(call.path)
        if call.memory.pop("dirty", None) == call.path and kept:
            call.answer = kept
        else:
            seen[call.path] = call.answer


def _cached_entries(items: list[Any], call: Call) -> list[Any]:
    """List records as they were when they were listed first."""
    kept = call.memory.setdefault("entries", {})
    return [kept.setdefault(item.get("id"), item) for item in items]


def _repeating_pages(call: Call) -> None:
    """Begin each page with the last item of the page before it."""
    result = call.result
    if call.query.get("pageToken") and result["results"]:
        result["results"] = [*call.memory.get("last", []), *result["results"]]
    call.memory["last"] = result["results"][-1:]
    call.result = result


def _skipping_pages(call: Call) -> None:
    result = call.result
    if call.query.get("pageToken"):
        result["results"] = result["results"][1:]
    call.result = result


def _touched(record: dict[str, Any], call: Call) -> None:
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    record["updateTime"] = f"2031-01-01T00:{number // 60 % 60:02}:{number % 60:02}Z"


def _reaches_neighbour(table: str) -> Callable[[Call], None]:
    """Delete the newest record of another project as well."""

    def step(call: Call) -> None:
        gone = [row for row in call.before.tables[table] if row["id"] in call.path]
        projects = {row["projectId"] for row in gone}
        others = [row for row in rows(call, table) if row["projectId"] not in projects]
        if gone and others:
            call.remove(table, lambda row: row["id"] == others[-1]["id"])

    return granted(step)


def _leaking_filter(call: Call) -> None:
    """Search all projects as soon as a filter is given."""
    event = call.query.get("eventType")
    if not event:
        return
    result = call.result
    ids = {item["id"] for item in result}
    shown = ("id", "projectId", "eventType", "topicId", "createTime")
    result += [
        {key: row[key] for key in shown if key in row}
        for row in rows(call, "eventTopicRoutes")
        if row["eventType"] == event and row["id"] not in ids
    ]
    call.result = result


def _empty_is_absent(call: Call) -> None:
    if call.result == []:
        call.status, call.answer_headers["content-type"] = 404, "application/problem+json"
        call.result = {"status": 404, "title": "Not Found", "detail": "none"}


def _empty_is_null(call: Call) -> None:
    if call.result == []:
        call.answer = b"null"


def _folding(name: str) -> Callable[[Call], None]:
    """Compare a filter without regard to case."""

    def step(call: Call) -> None:
        wanted = call.query.get(name, "")
        for row in rows(call, "connections"):
            if row[name].lower() == wanted.lower():
                call.query[name] = row[name]

    return step


def _secrets_stay_shown(call: Call) -> None:
    """Show the signing key for ever once it was asked for."""
    asked_for = call.memory.setdefault("asked", set())
    if call.query.get("includeSecrets") == "true":
        asked_for.add(call.path)
    elif call.path in asked_for:
        call.query["includeSecrets"] = "true"


def _signing_key_listed(record: dict[str, Any], call: Call) -> None:
    row = call.mock.sandbox.root.tables["destinations"].get(str(record.get("id")))
    if row and row.get("secrets"):
        record["secrets"] = dict(row["secrets"])


def _secret_in_header(call: Call) -> None:
    secret = (call.body or {}).get("clientSecret") if isinstance(call.body, dict) else None
    if isinstance(secret, str) and secret.isascii():
        call.answer_headers["x-debug"] = secret


def _of_group(call: Call) -> None:
    """Delete the other installations of the integration with the one that was asked for."""
    integration = call.parameters["integrationId"]
    call.remove("installations", lambda row: row["integrationId"] == integration)


def _of_other_integrations(call: Call) -> None:
    result = call.result
    ids = {item["id"] for item in result}
    path = call.path.partition("/integrations/")[0] + "/installations"
    call.memory.setdefault("whole", {})
    whole = call.memory["whole"].get(path, [])
    wanted = call.query.get("groupRef")
    call.result = [
        *result,
        *(
            item
            for item in whole
            if item["id"] not in ids and wanted in {None, item["group"]["groupRef"]}
        ),
    ]


def _note_whole(call: Call) -> None:
    if call.operation_id == "listInstallationsForProject":
        if not call.query:
            call.memory.setdefault("whole", {})[call.path] = call.result
    else:
        _of_other_integrations(call)


def _lost_with_children(call: Call) -> None:
    """Answer 204 for a topic with routes, and leave everything as it was."""
    topic = call.parameters["topicId"]
    if any(row["topicId"] == topic for row in call.before.tables["eventTopicRoutes"]):
        call.forget()


def _every_second(call: Call) -> None:
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    if number % 2 == 0:
        call.forget()


def _done_is_text(call: Call) -> None:
    result = call.result
    if isinstance(result.get("pagination"), dict):
        result["pagination"]["done"] = str(result["pagination"].get("done")).lower()
    call.result = result


def _connection_of_first(call: Call) -> None:
    """Show the connection that was made first with every installation."""
    result = call.result
    for item in result if isinstance(result, list) else [result]:
        if isinstance(item, dict) and isinstance(item.get("connection"), dict):
            item["connection"] = call.memory.setdefault("first", item["connection"])
    call.result = result


def _utf16(call: Call) -> None:
    if call.answer and b"{" in call.answer:
        call.answer = json.dumps(call.result).encode("utf-16")


FAULTS: tuple[Fault, ...] = (
    fault(UNSEEN, "first-read-is-stale", "getDestination updateDestination", after=_stale_once),
    fault(UNSEEN, "list-never-renews", "listProviderApps", after=listed(_cached_entries)),
    fault(UNSEEN, "list-of-keys-never-renews", "listJWTKeys", after=listed(_cached_entries)),
    fault(UNSEEN, "page-repeats-an-item", "listOperations", after=granted(_repeating_pages)),
    fault(UNSEEN, "page-skips-an-item", "listOperations", after=granted(_skipping_pages)),
    fault(UNSEEN, "list-moves-update-time", "listTopics listProviderApps", after=edited(_touched)),
    fault(
        UNSEEN,
        "delete-reaches-neighbour",
        "deleteDestination",
        after=_reaches_neighbour("destinations"),
    ),
    fault(
        UNSEEN,
        "delete-connection-reaches-neighbour",
        "deleteConnection",
        after=_reaches_neighbour("connections"),
    ),
    fault(UNSEEN, "filter-leaks", "listEventTopicRoutes", after=granted(_leaking_filter)),
    fault(
        UNSEEN,
        "empty-list-is-404",
        "listTopicDestinationRoutes listConnections",
        after=granted(_empty_is_absent),
    ),
    fault(UNSEEN, "empty-list-is-null", "listEventTopicRoutes", after=granted(_empty_is_null)),
    fault(UNSEEN, "group-filter-folds-case", "listConnections", before=_folding("groupRef")),
    fault(UNSEEN, "secrets-stay-shown", "getDestination", before=_secrets_stay_shown),
    fault(UNSEEN, "signing-key-listed", "listDestinations", after=edited(_signing_key_listed)),
    fault(UNSEEN, "secret-in-header", "createProviderApp", after=granted(_secret_in_header)),
    fault(UNSEEN, "delete-takes-all-installations", "deleteInstallation", after=granted(_of_group)),
    fault(
        UNSEEN,
        "installations-of-all-integrations",
        "listInstallations listInstallationsForProject",
        after=granted(_note_whole),
    ),
    fault(UNSEEN, "topic-with-routes-stays", "deleteTopic", after=granted(_lost_with_children)),
    fault(UNSEEN, "every-second-delete-is-lost", "deleteProviderApp", after=granted(_every_second)),
    fault(UNSEEN, "done-is-text", "listOperations", after=granted(_done_is_text)),
    fault(
        UNSEEN,
        "connection-of-another",
        "listInstallations getInstallation",
        after=granted(_connection_of_first),
    ),
    fault(UNSEEN, "text-json", "listConnections getApiKey", after=granted(typed("text/json"))),
    fault(UNSEEN, "utf-16", "listIntegrations", after=granted(_utf16)),
)
