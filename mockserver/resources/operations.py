"""Operations: reads and writes that the platform carries out, and their logs.

An operation under way is stored with its plan; jobs move it on, at their moments.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from mockserver.resources.results import BACKFILL, SCHEDULED, TRIGGERED
from mockserver.rules import records, views
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: What an operation under way does, the `kind` of its plan: a read type, or this.
WRITE = "write"
_SIGNATURE = 8  # bytes of a page token that bind it to its list

OPERATIONS = Resource(
    name="operations",
    noun="operation",
    component="Operation",
    scope="projectId",
    owner="projects",
    filters=("installationId",),
    # Assumed: operations stay readable by id after their installation is gone.
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    # `plan` tells how one under way moves on: kind, objectName, pace, updated (microseconds), …
    hidden=frozenset({"plan"}),
)

LOGS = Resource(
    name="operationLogs",
    noun="log line",
    component="Log",
    scope="operationId",
    owner="operations",
    stamped=False,
    references=(Reference("operationId", "operations", "operation", on_delete="cascade"),),
    hidden=frozenset({"id", "operationId"}),
)


def begin(
    work: Work, installation: Record, action: str, name: str, plan: Mapping[str, Any]
) -> Record:
    """Start an operation on an object of an installation; return it."""
    fields: dict[str, Any] = {
        "projectId": installation["projectId"],
        "integrationId": installation["integrationId"],
        "installationId": installation["id"],
        "configId": installation["config"]["id"],
        "actionType": action,
        "status": "in_progress",
        "metadata": {"objects": [name]},
        "plan": {"objectName": name, "updated": work.moment, **plan},
    }
    return records.create(work, OPERATIONS, fields)


def follow(work: Work, operation: Record, **changes: Any) -> Record:
    """Note in an operation's plan how far it is; return the operation."""
    plan = {**operation["plan"], "updated": work.moment, **changes}
    changed = {**operation, "plan": plan}
    work.tx.put("operations", operation["id"], changed)
    return changed


def end(work: Work, operation: Record, status: str, result: str, **metadata: Any) -> Record:
    """Give an operation its last status, and a last line to its log; return the operation."""
    ended = {**operation, "status": status, "result": result}
    if metadata:
        ended["metadata"] = {**operation["metadata"], **metadata}
    work.tx.put("operations", operation["id"], ended)
    return ended


def is_under_way(operation: Record | None) -> bool:
    """Tell whether an operation is there and has not ended."""
    return operation is not None and operation["status"] == "in_progress"


def under_way(work: Work, operation_id: str) -> tuple[Record, Record, Record] | None:
    """Return an operation, its installation and its connection; None when it goes no further."""
    operation = work.tx.get("operations", operation_id)
    if operation is None or not is_under_way(operation):
        return None  # cancelled, or gone with its project
    installation = work.tx.get("installations", operation["installationId"])
    connection = work.tx.get("connections", installation["connectionId"]) if installation else None
    if installation is None or connection is None:
        return None
    return operation, installation, connection


def log(
    work: Work,
    operation: Record,
    severity: str,
    text: str,
    *,
    error: str = "",
    **details: str,
) -> None:
    """Add a line to the log of an operation. Assumed: the wording and the severities."""
    message: dict[str, Any] = {"msg": text, "operation_id": operation["id"]}
    if error:
        message["error"] = error
    if details:
        message["details"] = details
    fields = {
        "operationId": operation["id"],
        "timestamp": work.now,
        "severity": severity,
        "message": message,
    }
    records.create(work, LOGS, fields)


def progress(operation: Record) -> dict[str, Any]:
    """Return how far a backfill is, as the contract shows it."""
    plan = operation["plan"]
    found: dict[str, Any] = {
        "installationId": operation["installationId"],
        "objectName": plan["objectName"],
        "operationId": operation["id"],
        "recordsProcessed": plan["done"],
    }
    if plan["estimated"]:
        found["recordsEstimatedTotal"] = plan["total"]
    return found


def shown(operation: Record) -> Record:
    """Return an operation as the contract shows it. Source: Operation (`progress`)."""
    found = views.show(OPERATIONS, operation)
    if operation.get("plan", {}).get("kind") != BACKFILL:
        return found
    return {**found, "metadata": {**found["metadata"], "progress": progress(operation)}}


def has_failed(operation: Record) -> bool:
    """Tell whether an operation failed by itself: one that was cancelled did not."""
    return operation["status"] == "failure" and not operation.get("plan", {}).get("cancelled")


def newest(work: Work, installation: Record, limit: int) -> list[Record]:
    """Return the latest operations of an installation, newest first."""
    return work.tx.page("operations", _INDEX, _key(installation), before=None, limit=limit)[0]


_INDEX = "projectId+installationId"


def _key(installation: Record) -> tuple[str, str]:
    return (installation["projectId"], installation["id"])


def page(
    work: Work, installation: Record, size: int, token: str | None
) -> tuple[list[Record], str | None]:
    """Return a page of an installation's operations, newest first, and the token of the next.

    Source: listOperations. Assumed: newest first; the pages stay what they are while operations
    are added.

    Raises:
        Refused: INVALID for a token of another list.
    """
    before = None if token is None else _position(work, installation, token)
    found, position = work.tx.page(
        "operations", _INDEX, _key(installation), before=before, limit=size
    )
    following = None if position is None else _token(work, installation, position)
    return found, following


def _token(work: Work, installation: Record, position: int) -> str:
    # The alphabet for URLs: clients paste tokens into queries as they are.
    return base64.urlsafe_b64encode(_sign(work, installation, position)).decode()


def _sign(work: Work, installation: Record, position: int) -> bytes:
    number = position.to_bytes(8, "big")
    secret = work.identity.hexadecimal("page tokens", 0).encode()
    signature = blake2b(number + installation["id"].encode(), digest_size=_SIGNATURE, key=secret)
    return number + signature.digest()


def _position(work: Work, installation: Record, token: str) -> int:
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _foreign(token) from None
    position = int.from_bytes(raw[:8], "big")
    # Compared as text: several texts stand for the same bytes, and only one of them is ours.
    if position >= 1 << 63 or token != _token(work, installation, position):
        raise _foreign(token)
    return position


def _foreign(token: str) -> Refused:
    detail = "this page token belongs to no page of this list"
    remedy = "use nextPageToken of the page before, or leave pageToken out"
    issue = Issue("query", "pageToken", detail, token, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def cancel(
    work: Work, installation: Record, reason: str, names: Iterable[str] | None = None
) -> None:
    """End what is under way for an installation; for some objects, if named.

    Assumed: an operation that is ended this way has failed.
    """
    wanted = None if names is None else set(names)
    if wanted is not None and not wanted:
        return
    for operation in work.tx.find("operations", _INDEX, _key(installation)):
        if not is_under_way(operation) or "plan" not in operation:
            continue
        plan = operation["plan"]
        if wanted is not None and plan["objectName"] not in wanted:
            continue
        text = f"[{plan['objectName']}] {_WORDS[plan['kind']]} cancelled: {reason}"
        stopped = {**operation, "plan": {**plan, "cancelled": True}}
        log(work, end(work, stopped, "failure", text), "ERROR", text)


_WORDS: Mapping[str, str] = {
    BACKFILL: "Backfill",
    SCHEDULED: "Read",
    TRIGGERED: "Read",
    WRITE: "Write",
}


def logs(work: Work, operation: Record) -> list[Record]:
    """Return the log lines of an operation, oldest first. Source: listOperationLogs."""
    return [views.show(LOGS, line) for line in records.listed(work, LOGS, operation["id"])]
