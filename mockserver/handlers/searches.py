"""The search API."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import host_installations, integrations, searches
from mockserver.state.tables import Record


@operation("searchRecords")
def search_records(
    call: Call, *, integration_id: str, group_ref: str, body: Record
) -> dict[str, Any]:
    integration = integrations.get(call.work, call.project_id, integration_id)
    installation = host_installations.of_group(call.work, integration, group_ref, place="query")
    name = body["objectName"]
    native = host_installations.readable(call.work, installation, name, place="body")
    found = searches.search(call.work, call.catalog, installation, native, body["fieldFilters"])
    return {"result": found, "results": found}
