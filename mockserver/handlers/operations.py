"""Operations, their logs, and the progress of backfills."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.handlers.installations import reached
from mockserver.resources import backfills, operations, reads
from mockserver.resources.operations import OPERATIONS
from mockserver.rules import records
from mockserver.state.tables import Record


@operation("listOperations")
def list_operations(
    call: Call,
    *,
    integration_id: str,
    installation_id: str,
    page_size: int,
    page_token: str | None,
) -> dict[str, Any]:
    installation = reached(call, integration_id, installation_id)
    found, token = operations.page(call.work, installation, page_size, page_token)
    pagination: dict[str, Any] = {"done": token is None}
    if token is not None:
        pagination["nextPageToken"] = token
    return {"results": [operations.shown(one) for one in found], "pagination": pagination}


@operation("getBackfillProgress")
def get_backfill_progress(
    call: Call, *, integration_id: str, installation_id: str, object_name: str
) -> dict[str, Any]:
    installation = reached(call, integration_id, installation_id)
    operation = backfills.latest(call.work, installation, object_name)
    reads.seen(call.work, operation)
    return backfills.progress(operation)


@operation("getOperation")
def get_operation(call: Call, *, operation_id: str) -> Record:
    found = _get(call, operation_id)
    reads.seen(call.work, found)
    return operations.shown(found)


@operation("listOperationLogs")
def list_operation_logs(call: Call, *, operation_id: str) -> list[Record]:
    return operations.logs(call.work, _get(call, operation_id))


def _get(call: Call, operation_id: str) -> Record:
    return records.get(
        call.work, OPERATIONS, call.project_id, operation_id, parameter="operationId"
    )
