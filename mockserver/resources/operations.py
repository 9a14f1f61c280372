"""Operations: reads and writes that the platform carries out, and their logs.

An operation under way is stored as it began, with the plan of its progress. How far it is follows
from the clock whenever somebody looks; nothing runs in the background.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from mockserver.rules import records, views
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.tables import Record

#: Assumed: how many records a backfill reads in a second.
RECORDS_PER_SECOND = 25
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
    # `plan` tells how a backfill advances: start (microseconds), total, estimated, objectName.
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


def processed(work: Work, operation: Record) -> int:
    """Return how many records a backfill has read by now."""
    plan = operation["plan"]
    if operation["status"] != "in_progress":
        return int(plan.get("stopped", plan["total"]))
    elapsed = max(work.moment - plan["start"], 0)
    return int(min(elapsed // SECOND * RECORDS_PER_SECOND, plan["total"]))


def last_batch(work: Work, operation: Record) -> str:
    """Return when a backfill last read a batch, as RFC 3339. A batch is a second's records."""
    plan = operation["plan"]
    batches = -(-processed(work, operation) // RECORDS_PER_SECOND)
    return stamp(plan["start"] + batches * SECOND)


def current(work: Work, operation: Record) -> Record:
    """Return an operation as it stands now."""
    if "plan" not in operation:
        return operation
    plan, done = operation["plan"], processed(work, operation)
    progress: dict[str, Any] = {
        "installationId": operation["installationId"],
        "objectName": plan["objectName"],
        "operationId": operation["id"],
        "recordsProcessed": done,
    }
    if plan["estimated"]:
        progress["recordsEstimatedTotal"] = plan["total"]
    found = {**operation, "metadata": {**operation["metadata"], "progress": progress}}
    if operation["status"] == "in_progress" and done == plan["total"]:
        found["status"] = "success"
        found["result"] = f"[{plan['objectName']}] Backfill completed ({done} records)"
    return found


def shown(work: Work, operation: Record) -> Record:
    """Return an operation as the contract shows it, as it stands now."""
    return views.show(OPERATIONS, current(work, operation))


def has_failed(operation: Record) -> bool:
    """Tell whether an operation failed by itself: one that was cancelled did not."""
    return bool(operation["status"] == "failure" and "stopped" not in operation.get("plan", {}))


def newest(work: Work, installation: Record, limit: int) -> list[Record]:
    """Return the latest operations of an installation as they stand now, newest first."""
    found, _ = work.tx.page("operations", _INDEX, _key(installation), before=None, limit=limit)
    return [current(work, operation) for operation in found]


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
    return [current(work, operation) for operation in found], following


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
    """End the backfills of an installation that are under way; of some objects, if named.

    Assumed: an operation that is ended this way has failed.
    """
    wanted = None if names is None else set(names)
    if wanted is not None and not wanted:
        return
    for operation in work.tx.find("operations", _INDEX, _key(installation)):
        if operation["status"] != "in_progress" or "plan" not in operation:
            continue
        name = operation["plan"]["objectName"]
        now = current(work, operation)
        if now["status"] != "in_progress" or (wanted is not None and name not in wanted):
            continue
        stopped = {**operation["plan"], "stopped": processed(work, operation)}
        ended = {
            **operation,
            "status": "failure",
            "result": f"[{name}] Backfill cancelled: {reason}",
            "plan": stopped,
        }
        work.tx.put("operations", operation["id"], ended)


def logs(work: Work, operation: Record) -> list[Record]:
    """Return the log lines of an operation, oldest first: the stored ones, then its progress.

    Source: listOperationLogs. Assumed: the wording and the severities.
    """
    found = [views.show(LOGS, line) for line in records.listed(work, LOGS, operation["id"])]
    return [*found, *_progress_lines(work, operation)] if "plan" in operation else found


def _progress_lines(work: Work, operation: Record) -> list[Record]:
    plan, now = operation["plan"], current(work, operation)
    name, start = plan["objectName"], plan["start"]

    def line(moment: int, severity: str, text: str, **details: str) -> Record:
        message: dict[str, Any] = {"msg": text, "operation_id": operation["id"]}
        if details:
            message["details"] = details
        return {"timestamp": stamp(moment), "severity": severity, "message": message}

    lines = [line(start, "INFO", f"Starting backfill of {name}", objectName=name)]
    done = processed(work, operation)
    end = start + -(-done // RECORDS_PER_SECOND) * SECOND
    if done:
        lines.append(line(end, "DEBUG", f"Read {done} records of {name}", records=str(done)))
    if now["status"] == "success":
        lines.append(line(end, "INFO", now["result"]))
    if now["status"] == "failure":
        lines.append(line(end, "ERROR", now["result"]))
    return lines
