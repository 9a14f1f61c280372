"""Objects and fields of a customer's provider account."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import field_upserts, integrations, object_metadata, provider_calls
from mockserver.resources.principals import require_group
from mockserver.state.tables import Record


@operation("getObjectMetadataForInstallation")
def get_object_metadata_for_installation(
    call: Call,
    *,
    integration_id: str,
    object_name: str,
    group_ref: str,
    exclude_read_only: bool | None,
) -> Record:
    integration = integrations.get(call.work, call.project_id, integration_id)
    require_group(call.principal, group_ref)
    installation, connection = object_metadata.installation_of_group(
        call.work, integration, group_ref, place="query"
    )
    return object_metadata.of_installation(
        call.work,
        call.catalog,
        installation,
        connection,
        object_name,
        exclude_read_only=exclude_read_only,
    )


@operation("getObjectMetadataForConnection")
def get_object_metadata_for_connection(
    call: Call,
    *,
    provider: str,
    object_name: str,
    group_ref: str,
    exclude_read_only: bool | None,
) -> Record:
    require_group(call.principal, group_ref)
    connection = object_metadata.connection_of_group(
        call.work, call.catalog, call.project_id, provider, group_ref, place="query"
    )
    return object_metadata.of_connection(
        call.work, call.catalog, connection, object_name, exclude_read_only=exclude_read_only
    )


@operation("upsertMetadataForInstallation")
def upsert_metadata_for_installation(call: Call, *, integration_id: str, body: Record) -> Record:
    integration = integrations.get(call.work, call.project_id, integration_id)
    require_group(call.principal, body["groupRef"])
    field_upserts.check_provider(integration["provider"])
    _, connection = object_metadata.installation_of_group(
        call.work, integration, body["groupRef"], place="body"
    )
    return _upsert(call, connection, body)


@operation("upsertMetadataForConnection")
def upsert_metadata_for_connection(call: Call, *, provider: str, body: Record) -> Record:
    require_group(call.principal, body["groupRef"])
    field_upserts.check_provider(provider)
    connection = object_metadata.connection_of_group(
        call.work, call.catalog, call.project_id, provider, body["groupRef"], place="body"
    )
    return _upsert(call, connection, body)


def _upsert(call: Call, connection: Record, body: Record) -> dict[str, Any]:
    detail = object_metadata.UPSERT_FAILED
    reached = provider_calls.reach(call.work, connection, detail=detail)
    fields = field_upserts.upsert(call.work, call.catalog, reached, body["fields"])
    return {"success": True, "fields": fields}
