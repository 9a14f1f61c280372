"""A third round of unseen faults: of operations, their logs and their progress."""

from __future__ import annotations

from typing import Any

from tests.mutants.faults.unseen_records import THIRD
from tests.mutants.faulty import Call, Fault
from tests.mutants.making import edited, fault, refused


def _status_otherwise(record: dict[str, Any], _: Call) -> None:
    if record.get("status") in {"success", "in_progress"}:
        record["status"] = {"success": "succeeded", "in_progress": "running"}[record["status"]]


def _no_progress(call: Call) -> None:
    """Answer with no progress where there is no backfill."""
    if call.status == 404:
        call.status, call.answer_headers["content-type"] = 200, "application/json"
        call.result = {
            "installationId": call.parameters["installationId"],
            "objectName": call.parameters["objectName"],
            "operationId": "00000000-0000-4000-8000-000000000000",
            "recordsProcessed": 0,
        }


def _estimated(record: dict[str, Any], _: Call) -> None:
    record.setdefault("recordsEstimatedTotal", record["recordsProcessed"])


def _largest_page(call: Call) -> bool | None:
    if call.query.get("pageSize") != "1000":
        return None
    call.status, call.answer_headers = 400, {"content-type": "application/problem+json"}
    call.result = {"status": 400, "title": "Bad Request", "detail": "too many", "issues": []}
    return True


def _number_details(record: dict[str, Any], _: Call) -> None:
    details = record["message"].get("details", {}) if "message" in record else {}
    for name in details:
        details[name] = len(str(details[name]))


FAULTS: tuple[Fault, ...] = (
    fault(
        THIRD,
        "operation-status-otherwise",
        "getOperation listOperations",
        after=edited(_status_otherwise),
    ),
    fault(THIRD, "backfill-never-absent", "getBackfillProgress", after=refused(_no_progress)),
    fault(THIRD, "estimate-for-all", "getBackfillProgress", after=edited(_estimated)),
    fault(THIRD, "largest-page-is-refused", "listOperations", before=_largest_page),
    fault(THIRD, "log-details-are-numbers", "listOperationLogs", after=edited(_number_details)),
)
