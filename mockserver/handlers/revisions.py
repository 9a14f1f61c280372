"""Revisions as a customer's provider account completes them."""

from __future__ import annotations

from mockserver.handlers.call import Call, operation
from mockserver.resources import hydration, integrations
from mockserver.resources.connections import CONNECTIONS
from mockserver.resources.principals import require_group
from mockserver.rules import records
from mockserver.rules.errors import not_found
from mockserver.state.tables import Record


@operation("getHydratedRevision")
def get_hydrated_revision(
    call: Call, *, integration_id: str, revision_id: str, connection_id: str
) -> Record:
    integration = integrations.get(call.work, call.project_id, integration_id)
    revision = integrations.revision(call.work, integration, revision_id)
    connection = records.find(call.work, CONNECTIONS, call.project_id, connection_id)
    if connection is None:
        raise not_found("connection", "connectionId", connection_id, place="query")
    require_group(call.principal, connection["groupRef"])
    return hydration.hydrate(call.work, call.catalog, revision, connection)
