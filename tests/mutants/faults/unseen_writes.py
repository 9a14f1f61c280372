"""More faults that were written when the suite was done: of what is taken, changed and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mutants.faults.unseen import UNSEEN
from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, put, refused, rows


def _headers_reset(call: Call) -> None:
    """Lose the headers of a webhook when its URL is changed."""
    body = call.body
    if "metadata.url" not in body.get("updateMask", []) or len(body["updateMask"]) > 1:
        return
    result = call.result
    for row in rows(call, "destinations"):
        if row["id"] == result["id"]:
            kept = {k: v for k, v in row["metadata"].items() if k != "headers"}
            put(call, "destinations", {**row, "metadata": kept})
    result["metadata"].pop("headers", None)
    call.result = result


def _all_labels(call: Call) -> None:
    """Give every key of the project the label that one of them gets."""
    label = (call.body.get("apiKey") or {}).get("label")
    if isinstance(label, str) and "label" in call.body.get("updateMask", []):
        for row in rows(call, "apiKeys"):
            if not row["key"].startswith("mock-"):
                put(call, "apiKeys", {**row, "label": label})


def _only_one_key(call: Call) -> None:
    """Switch the key off that was made before."""
    last = call.memory.get("key")
    for row in rows(call, "apiKeys"):
        if row["key"] == last and row["active"]:
            put(call, "apiKeys", {**row, "active": False})
    call.memory["key"] = call.result["key"]


def _reversed_changes(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("changes"), list):
        body["changes"] = body["changes"][::-1]


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
    for row in rows(call, "jwtKeys"):
        if not row["active"]:
            put(call, "jwtKeys", {**row, "active": True})


def _back_to_inactive(call: Call) -> None:
    for row in call.before.tables["jwtKeys"]:
        now = call.mock.sandbox.root.tables["jwtKeys"].get(row["id"])
        if now is not None and not row["active"] and call.method == "GET":
            put(call, "jwtKeys", dict(row))


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


FAULTS: tuple[Fault, ...] = (
    fault(UNSEEN, "url-resets-headers", "updateDestination", after=granted(_headers_reset)),
    fault(UNSEEN, "label-goes-to-all", "updateApiKey", after=granted(_all_labels)),
    fault(UNSEEN, "one-active-key-only", "createApiKey", after=granted(_only_one_key)),
    fault(
        UNSEEN,
        "changes-in-reverse",
        "patchObjectConfigContent",
        before=asked(_reversed_changes),
    ),
    fault(UNSEEN, "spaces-squeezed", "createApiKey createJWTKey", before=_squeezed("label")),
    fault(UNSEEN, "ascii-only", "createApiKey createJWTKey", before=_ascii_only("label")),
    fault(UNSEEN, "url-lower-cased", "createDestination", before=asked(_lower_url)),
    fault(
        UNSEEN, "switch-only-alone", "updateApiKey updateJWTKey", before=asked(_active_forgotten)
    ),
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
    fault(UNSEEN, "write-config-lost", "createInstallation", before=_write_config_lost),
    fault(UNSEEN, "hydrated-loses-fields", "getHydratedRevision", after=granted(_first_field_only)),
    fault(
        UNSEEN,
        "inactive-jwt-key-verifies",
        "listConnections listInstallations getConnection",
        before=_inactive_jwt,
        after=_back_to_inactive,
    ),
    fault(UNSEEN, "refused-rename-is-200", "updateTopic", after=refused(_swallow_conflict)),
    fault(UNSEEN, "scopes-are-text", "createApiKey", after=edited(_text_flag)),
)
