"""Faults that were written when the suite was done, and tried before it was changed for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, listed, refused, typed

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


def _put(call: Call, table: str, row: dict[str, Any]) -> None:
    root = call.mock.sandbox.root
    tables = root.tables.set(table, root.tables[table].put(str(row.get("id") or row["key"]), row))
    call.mock.sandbox.restore(replace(root, tables=tables))


def _rows(call: Call, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in call.mock.sandbox.root.tables[table]]


def _headers_reset(call: Call) -> None:
    """Lose the headers of a webhook when its URL is changed."""
    body = call.body
    if "metadata.url" not in body.get("updateMask", []) or len(body["updateMask"]) > 1:
        return
    result = call.result
    for row in _rows(call, "destinations"):
        if row["id"] == result["id"]:
            kept = {k: v for k, v in row["metadata"].items() if k != "headers"}
            _put(call, "destinations", {**row, "metadata": kept})
    result["metadata"].pop("headers", None)
    call.result = result


def _touched(record: dict[str, Any], call: Call) -> None:
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    record["updateTime"] = f"2031-01-01T00:{number // 60 % 60:02}:{number % 60:02}Z"


def _reaches_neighbour(table: str) -> Callable[[Call], None]:
    """Delete the newest record of another project as well."""

    def step(call: Call) -> None:
        rows = [row for row in call.before.tables[table] if row["id"] in call.path]
        projects = {row["projectId"] for row in rows}
        others = [row for row in _rows(call, table) if row["projectId"] not in projects]
        if rows and others:
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
        for row in _rows(call, "eventTopicRoutes")
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
        for row in _rows(call, "connections"):
            if row[name].lower() == wanted.lower():
                call.query[name] = row[name]

    return step


def _all_labels(call: Call) -> None:
    """Give every key of the project the label that one of them gets."""
    label = (call.body.get("apiKey") or {}).get("label")
    if isinstance(label, str) and "label" in call.body.get("updateMask", []):
        for row in _rows(call, "apiKeys"):
            if not row["key"].startswith("mock-"):
                _put(call, "apiKeys", {**row, "label": label})


def _only_one_key(call: Call) -> None:
    """Switch the key off that was made before."""
    last = call.memory.get("key")
    for row in _rows(call, "apiKeys"):
        if row["key"] == last and row["active"]:
            _put(call, "apiKeys", {**row, "active": False})
    call.memory["key"] = call.result["key"]


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


def _reversed_changes(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("changes"), list):
        body["changes"] = body["changes"][::-1]


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


def _squeezed(name: str) -> Callable[[Call], None]:
    """Keep one space where there are several, and none at the ends."""

    def change(body: dict[str, Any], _: Call) -> None:
        if isinstance(body.get(name), str):
            body[name] = " ".join(body[name].split())

    return asked(change)


def _ascii_only(name: str) -> Callable[[Call], None]:
    def change(body: dict[str, Any], _: Call) -> None:
        if isinstance(body.get(name), str):
            body[name] = body[name].encode("ascii", "replace").decode()

    return asked(change)


def _lower_url(body: dict[str, Any], _: Call) -> None:
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("url"), str):
        metadata["url"] = metadata["url"].lower()


def _active_forgotten(body: dict[str, Any], _: Call) -> None:
    """Take a switch only when it comes alone."""
    mask = body.get("updateMask")
    if isinstance(mask, list) and len(mask) > 1 and "active" in mask:
        body["updateMask"] = [path for path in mask if path != "active"]


def _lost_with_children(call: Call) -> None:
    """Answer 204 for a topic with routes, and leave everything as it was."""
    topic = call.parameters["topicId"]
    if any(row["topicId"] == topic for row in call.before.tables["eventTopicRoutes"]):
        call.forget()


def _every_second(call: Call) -> None:
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    if number % 2 == 0:
        call.forget()


def _names_of_all_projects(call: Call) -> bool | None:
    """Refuse the name of a destination of any project."""
    body = call.body
    name = body.get("name") if isinstance(body, dict) else None
    if name not in {row["name"] for row in call.before.tables["destinations"]}:
        return None
    call.status, call.answer_headers = 422, {"content-type": "application/problem+json"}
    call.result = {"status": 422, "title": "Unprocessable", "detail": "taken", "issues": []}
    return True


def _seconds_apart(record: dict[str, Any], _: Call) -> None:
    if isinstance(record.get("createTime"), str):
        record["updateTime"] = "2020-01-01T00:00:00Z"


def _crash_on_bad_json(call: Call) -> None:
    if call.status == 400 and call.content and call.body is None:
        call.status = 500
        call.result = {"status": 500, "title": "Internal Server Error", "detail": "oops"}


def _empty_body_is_fine(call: Call) -> None:
    if not call.content.strip():
        call.body = {"name": "untitled"}


def _done_is_text(call: Call) -> None:
    result = call.result
    if isinstance(result.get("pagination"), dict):
        result["pagination"]["done"] = str(result["pagination"].get("done")).lower()
    call.result = result


def _write_config_lost(call: Call) -> None:
    """Keep what an installation reads, and forget what it writes."""
    body = call.body
    content = (body or {}).get("config", {}).get("content", {}) if isinstance(body, dict) else {}
    if isinstance(content, dict) and "read" in content and "write" in content:
        del content["write"]
        call.body = body


def _first_field_only(call: Call) -> None:
    result = call.result
    for found in result.get("content", {}).get("read", {}).get("objects", []):
        if isinstance(found.get("optionalFields"), list):
            found["optionalFields"] = found["optionalFields"][:1]
    call.result = result


def _inactive_jwt(call: Call) -> None:
    """Verify tokens by keys that are switched off, too."""
    if call.headers.get("authorization", "").count(".") != 2:
        return
    for row in _rows(call, "jwtKeys"):
        if not row["active"]:
            _put(call, "jwtKeys", {**row, "active": True})


def _back_to_inactive(call: Call) -> None:
    for row in call.before.tables["jwtKeys"]:
        now = call.mock.sandbox.root.tables["jwtKeys"].get(row["id"])
        if now is not None and not row["active"] and call.method == "GET":
            _put(call, "jwtKeys", dict(row))


def _connection_of_first(call: Call) -> None:
    """Show the connection that was made first with every installation."""
    result = call.result
    for item in result if isinstance(result, list) else [result]:
        if isinstance(item, dict) and isinstance(item.get("connection"), dict):
            item["connection"] = call.memory.setdefault("first", item["connection"])
    call.result = result


def _swallow_conflict(call: Call) -> None:
    """Answer a refused rename with the unchanged record."""
    if call.status in {409, 422}:
        topic = call.mock.sandbox.root.tables["topics"].get(call.parameters["topicId"])
        if topic is not None and "name" in (call.body or {}):
            call.status, call.answer_headers["content-type"] = 200, "application/json"
            call.result = {k: v for k, v in topic.items() if k != "projectId"}


def _text_flag(record: dict[str, Any], _: Call) -> None:
    if "scopes" in record:
        record["scopes"] = ",".join(record["scopes"])


def _utf16(call: Call) -> None:
    if call.answer and b"{" in call.answer:
        call.answer = json.dumps(call.result).encode("utf-16")


FAULTS: tuple[Fault, ...] = (
    fault(UNSEEN, "first-read-is-stale", "getDestination updateDestination", after=_stale_once),
    fault(UNSEEN, "list-never-renews", "listProviderApps", after=listed(_cached_entries)),
    fault(UNSEEN, "list-of-keys-never-renews", "listJWTKeys", after=listed(_cached_entries)),
    fault(UNSEEN, "page-repeats-an-item", "listOperations", after=granted(_repeating_pages)),
    fault(UNSEEN, "page-skips-an-item", "listOperations", after=granted(_skipping_pages)),
    fault(UNSEEN, "url-resets-headers", "updateDestination", after=granted(_headers_reset)),
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
    fault(UNSEEN, "label-goes-to-all", "updateApiKey", after=granted(_all_labels)),
    fault(UNSEEN, "one-active-key-only", "createApiKey", after=granted(_only_one_key)),
    fault(UNSEEN, "secrets-stay-shown", "getDestination", before=_secrets_stay_shown),
    fault(UNSEEN, "signing-key-listed", "listDestinations", after=edited(_signing_key_listed)),
    fault(UNSEEN, "secret-in-header", "createProviderApp", after=granted(_secret_in_header)),
    fault(
        UNSEEN,
        "changes-in-reverse",
        "patchObjectConfigContent",
        before=asked(_reversed_changes),
    ),
    fault(UNSEEN, "delete-takes-all-installations", "deleteInstallation", after=granted(_of_group)),
    fault(
        UNSEEN,
        "installations-of-all-integrations",
        "listInstallations listInstallationsForProject",
        after=granted(_note_whole),
    ),
    fault(UNSEEN, "spaces-squeezed", "createApiKey createJWTKey", before=_squeezed("label")),
    fault(UNSEEN, "ascii-only", "createApiKey createJWTKey", before=_ascii_only("label")),
    fault(UNSEEN, "url-lower-cased", "createDestination", before=asked(_lower_url)),
    fault(
        UNSEEN, "switch-only-alone", "updateApiKey updateJWTKey", before=asked(_active_forgotten)
    ),
    fault(UNSEEN, "topic-with-routes-stays", "deleteTopic", after=granted(_lost_with_children)),
    fault(UNSEEN, "every-second-delete-is-lost", "deleteProviderApp", after=granted(_every_second)),
    fault(UNSEEN, "names-across-projects", "createDestination", before=_names_of_all_projects),
    fault(
        UNSEEN,
        "updated-before-created",
        "updateProviderApp updateDestination",
        after=edited(_seconds_apart),
    ),
    fault(
        UNSEEN,
        "crash-on-bad-json",
        "createEventTopicRoute updateJWTKey",
        after=refused(_crash_on_bad_json),
    ),
    fault(UNSEEN, "empty-body-is-fine", "createTopic", before=_empty_body_is_fine),
    fault(UNSEEN, "done-is-text", "listOperations", after=granted(_done_is_text)),
    fault(UNSEEN, "write-config-lost", "createInstallation", before=_write_config_lost),
    fault(UNSEEN, "hydrated-loses-fields", "getHydratedRevision", after=granted(_first_field_only)),
    fault(
        UNSEEN,
        "inactive-jwt-key-verifies",
        "listConnections listInstallations getConnection",
        before=_inactive_jwt,
        after=_back_to_inactive,
    ),
    fault(
        UNSEEN,
        "connection-of-another",
        "listInstallations getInstallation",
        after=granted(_connection_of_first),
    ),
    fault(UNSEEN, "refused-rename-is-200", "updateTopic", after=refused(_swallow_conflict)),
    fault(UNSEEN, "scopes-are-text", "createApiKey", after=edited(_text_flag)),
    fault(UNSEEN, "text-json", "listConnections getApiKey", after=granted(typed("text/json"))),
    fault(UNSEEN, "utf-16", "listIntegrations", after=granted(_utf16)),
)
