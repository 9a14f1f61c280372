"""The write API."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, Declared, operation
from mockserver.resources import host_installations, integrations, writes
from mockserver.state.tables import Record


@operation("writeRecords")
def write_records(
    call: Call, *, integration_id: str, object_name: str, body: Record
) -> dict[str, Any] | Declared:
    integration = integrations.get(call.work, call.project_id, integration_id)
    installation = host_installations.of_group(
        call.work, integration, body["groupRef"], place="body"
    )
    way = writes.way_to(call.work, call.catalog, installation, object_name, body)
    if way.request.is_asynchronous:
        return {"operationId": writes.accept(way, object_name)["id"]}
    written = writes.write(way)
    # Assumed: a batch of which anything was written is a success with failures in it.
    return Declared(422, written.shown()) if written.failed else written.shown()
