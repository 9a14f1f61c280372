"""A third round of unseen faults: of who may reach what, and of what belongs to an organization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mutants.faults.unseen_records import THIRD
from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, put, refused, rows


def _old_record(call: Call) -> None:
    """Answer an update with the record as it was."""
    old = call.before.tables["orgs"].get(call.parameters["orgId"])
    if old is not None:
        call.result = dict(old)


def _app_name_too(call: Call) -> None:
    """Give the display name the value of the name, when only the name is changed."""
    if call.body.get("updateMask") != ["name"]:
        return
    result = call.result
    row = next(r for r in rows(call, "projects") if r["id"] == result["id"])
    put(call, "projects", {**row, "appName": row["name"]})
    result["appName"] = row["name"]
    call.result = result


def _masks_with_value(name: str) -> Callable[[Call], None]:
    """Pass over the paths of a mask that come without a value."""

    def change(body: dict[str, Any], _: Call) -> None:
        mask, given = body.get("updateMask"), body.get(name)
        if isinstance(mask, list) and isinstance(given, dict):
            body["updateMask"] = [path for path in mask if str(path).split(".")[0] in given]

    return asked(change)


def _every_project(call: Call) -> None:
    """List the projects of everybody to a key."""
    result = call.result
    if "x-api-key" in call.headers and isinstance(result, list) and result:
        ids = {item["id"] for item in result}
        shown = ("id", "name", "appName", "orgId", "createTime", "updateTime")
        result += [
            {name: row[name] for name in shown if name in row}
            for row in rows(call, "projects")
            if row["id"] not in ids
        ]
        call.result = result


def _read_anywhere(call: Call) -> None:
    """Find a destination by its id, whosever it is."""
    row = call.mock.sandbox.root.tables["destinations"].get(call.parameters["destination"])
    if call.status == 404 and row is not None:
        shown = ("id", "name", "type", "metadata", "createTime", "updateTime")
        call.status, call.answer_headers["content-type"] = 200, "application/json"
        call.result = {name: row[name] for name in shown if name in row}


def _deleted_anywhere(call: Call) -> None:
    """Delete a topic by its id, whosever it is."""
    topic = call.parameters["topicId"]
    if call.status == 404 and call.mock.sandbox.root.tables["topics"].get(topic) is not None:
        call.remove("topics", lambda row: row["id"] == topic)
        call.status, call.answer = 204, b""


def _without_tag(body: dict[str, Any], _: Call) -> None:
    if isinstance(body.get("email"), str):
        name, at, domain = body["email"].partition("@")
        body["email"] = name.partition("+")[0] + at + domain


def _revoke_all(call: Call) -> None:
    for row in rows(call, "invites"):
        if row["status"] == "pending" and row["parentId"] == call.parameters["orgId"]:
            put(call, "invites", {**row, "status": "revoked"})


def _domain_as_asked(record: dict[str, Any], call: Call) -> None:
    record["domain"] = call.query.get("domain", record["domain"])


def _other_path(record: dict[str, Any], _: Call) -> None:
    record["path"] = f"uploads/{record['path'][::-1]}"


def _stays_dead(call: Call) -> bool | None:
    """Refuse a key that was switched off once, also when it is on again."""
    if call.headers.get("x-api-key") not in call.memory.get("dead", ()):
        return None
    call.status, call.answer_headers = 401, {"content-type": "application/problem+json"}
    call.result = {"status": 401, "title": "Unauthorized", "detail": "unknown key"}
    return True


def _note_dead(call: Call) -> None:
    if call.operation_id == "updateApiKey" and call.result.get("active") is False:
        call.memory.setdefault("dead", set()).add(call.result["key"])


FAULTS: tuple[Fault, ...] = (
    fault(THIRD, "org-answers-as-it-was", "updateOrg", after=granted(_old_record), profile="full"),
    fault(
        THIRD,
        "rename-changes-the-app-name",
        "updateProject",
        after=granted(_app_name_too),
        profile="full",
    ),
    fault(
        THIRD,
        "project-mask-without-value",
        "updateProject",
        before=_masks_with_value("project"),
        profile="full",
    ),
    fault(THIRD, "projects-of-everybody", "listProjects", after=granted(_every_project)),
    fault(THIRD, "read-by-id-anywhere", "getDestination", after=refused(_read_anywhere)),
    fault(THIRD, "deleted-by-id-anywhere", "deleteTopic", after=refused(_deleted_anywhere)),
    fault(THIRD, "mail-without-tag", "createOrgInvite", before=asked(_without_tag)),
    fault(THIRD, "revoking-is-for-all", "deleteOrgInvite", after=granted(_revoke_all)),
    fault(THIRD, "domain-as-asked", "checkClaimedDomain", after=edited(_domain_as_asked)),
    fault(THIRD, "upload-path-of-another", "generateUploadUrl", after=edited(_other_path)),
    fault(THIRD, "once-off-always-off", "*", before=_stays_dead, after=granted(_note_dead)),
)
