"""Integrations and their revisions."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import deployments, integrations
from mockserver.resources.integrations import INTEGRATIONS
from mockserver.rules import records
from mockserver.state.tables import Record


@operation("listIntegrations")
def list_integrations(call: Call) -> list[Any]:
    found = records.listed(call.work, INTEGRATIONS, call.project_id)
    return [integrations.shown(call.work, integration) for integration in found]


@operation("createIntegration")
def create_integration(call: Call, *, body: Record) -> None:
    deployments.create(call.work, call.catalog, call.project_id, body)


@operation("getIntegration")
def get_integration(call: Call, *, integration_id_or_name: str) -> Record:
    found = integrations.get(
        call.work, call.project_id, integration_id_or_name, parameter="integrationIdOrName"
    )
    return integrations.shown(call.work, found)


@operation("deleteIntegration")
def delete_integration(call: Call, *, integration_id: str) -> None:
    deployments.delete(call.work, integrations.get(call.work, call.project_id, integration_id))


@operation("batchUpsertIntegrations")
def batch_upsert_integrations(call: Call, *, destructive: bool | None, body: Record) -> list[Any]:
    deployed = deployments.deploy(
        call.work, call.catalog, call.project_id, body, destructive=bool(destructive)
    )
    return [integrations.shown(call.work, integration) for integration in deployed]


@operation("createRevision")
def create_revision(
    call: Call, *, integration_id: str, destructive: bool | None, body: Record
) -> None:
    integration = integrations.get(call.work, call.project_id, integration_id)
    deployments.create_revision(
        call.work, call.catalog, integration, body, destructive=bool(destructive)
    )
