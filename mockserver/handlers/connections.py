"""Connections."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import connection_refreshes, connection_updates, connections, principals
from mockserver.resources.connections import CONNECTIONS
from mockserver.rules import records
from mockserver.state.tables import Record


@operation("listConnections")
def list_connections(
    call: Call, *, provider: str | None, group_ref: str | None, consumer_ref: str | None
) -> list[Any]:
    if call.principal.kind == principals.CUSTOMER:
        if group_ref is not None:
            principals.require_group(call.principal, group_ref)
        group_ref = call.principal.group_ref
    found = connections.listed(
        call.work,
        call.project_id,
        provider=provider,
        group_ref=group_ref,
        consumer_ref=consumer_ref,
    )
    return [connections.shown(call.work, connection) for connection in found]


@operation("generateConnection")
def generate_connection(call: Call, *, body: Record) -> Record:
    principals.require_customer(call.principal, body["groupRef"], body["consumerRef"])
    made = connections.generate(call.work, call.catalog, call.project_id, body)
    return connections.shown(call.work, made)


@operation("getConnection")
def get_connection(
    call: Call,
    *,
    connection_id: str,
    include_creds: bool | None,
    include_refresh_token: bool | None,
    refresh: str | None,
) -> Record:
    connection = get(call, connection_id)
    if refresh is not None:
        connection = connection_refreshes.refreshed(call.work, connection, refresh)
    connection_refreshes.seen(call.work, connection)
    # Assumed: frontends are answered as if they had not asked for secrets.
    trusted = not call.principal.is_frontend
    return connections.shown(
        call.work,
        connection,
        credentials=trusted and bool(include_creds),
        refresh_token=trusted and bool(include_refresh_token),
    )


@operation("updateConnection")
def update_connection(call: Call, *, connection_id: str, body: Record) -> Record:
    connection = get(call, connection_id)
    changed = connection_updates.patch(call.work, call.catalog, connection, body)
    return connections.shown(call.work, changed)


@operation("deleteConnection")
def delete_connection(call: Call, *, connection_id: str) -> None:
    connections.remove(call.work, get(call, connection_id))


def get(call: Call, connection_id: str) -> Record:
    """Return a connection of the project that the caller may reach."""
    found = records.get(
        call.work, CONNECTIONS, call.project_id, connection_id, parameter="connectionId"
    )
    principals.require_group(call.principal, found["groupRef"])
    return found
