"""Installations."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from mockserver.handlers.call import Call, operation
from mockserver.resources import installation_updates, installations, integrations, principals
from mockserver.resources.installations import INSTALLATIONS
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, not_found
from mockserver.state.tables import Record


@operation("listInstallations")
def list_installations(
    call: Call, *, integration_id: str, group_ref: str | None
) -> list[dict[str, Any]]:
    filters = {"integrationId": integration(call, integration_id)["id"]}
    return _listed(call, filters, group_ref)


@operation("listInstallationsForProject")
def list_installations_for_project(call: Call, *, group_ref: str | None) -> list[dict[str, Any]]:
    return _listed(call, {}, group_ref)


@operation("createInstallation")
def create_installation(call: Call, *, integration_id: str, body: Record) -> dict[str, Any]:
    found = integration(call, integration_id)
    principals.require_group(call.principal, body["groupRef"])
    sampled = not _skips_sampling(call.query)
    made = installations.create(call.work, call.catalog, found, body, sampled=sampled)
    return installations.shown(call.work, made)


def _skips_sampling(query: bytes) -> bool:
    """Tell whether a call wants no sample to be read.

    Source: the vendor's guide to installations; the contract does not declare the parameter.
    """
    given = parse_qs(query.decode("latin-1")).get("skipSampling", [""])
    return given[-1] in {"true", "1"}


@operation("getInstallation")
def get_installation(call: Call, *, integration_id: str, installation_id: str) -> dict[str, Any]:
    return installations.shown(call.work, reached(call, integration_id, installation_id))


@operation("updateInstallation")
def update_installation(
    call: Call, *, integration_id: str, installation_id: str, body: Record
) -> dict[str, Any]:
    old = reached(call, integration_id, installation_id)
    parent = integration(call, integration_id)
    changed = installation_updates.update(call.work, call.catalog, parent, old, body)
    return installations.shown(call.work, changed)


@operation("deleteInstallation")
def delete_installation(call: Call, *, integration_id: str, installation_id: str) -> None:
    installations.remove(call.work, reached(call, integration_id, installation_id))


@operation("patchObjectConfigContent")
def patch_object_config_content(
    call: Call, *, integration_id: str, object_name: str, body: Record
) -> dict[str, Any]:
    parent = integration(call, integration_id)
    if "groupRef" in body:  # before it is looked up: others' groups are nobody's business
        principals.require_group(call.principal, body["groupRef"])
    old = _named(call, parent, body)
    principals.require_group(call.principal, old["groupRef"])
    change = installation_updates.begin(call.work, call.catalog, parent, old)
    changed = installation_updates.patch_object(
        call.work, change, body["action"], object_name, body["changes"]
    )
    return installations.shown(call.work, changed)


def integration(call: Call, integration_id: str) -> Record:
    """Return the integration in the path, named by id or by name."""
    return integrations.get(call.work, call.project_id, integration_id)


def reached(call: Call, integration_id: str, installation_id: str) -> Record:
    """Return the installation in the path; a customer reaches those of their group."""
    parent = integration(call, integration_id)
    found = records.get(
        call.work, INSTALLATIONS, call.project_id, installation_id, parameter="installationId"
    )
    if found["integrationId"] != parent["id"]:
        raise not_found("installation", "installationId", installation_id)
    principals.require_group(call.principal, found["groupRef"])
    return found


def _listed(call: Call, filters: dict[str, Any], group_ref: str | None) -> list[dict[str, Any]]:
    if call.principal.kind == principals.CUSTOMER:
        if group_ref is not None:
            principals.require_group(call.principal, group_ref)
        group_ref = call.principal.group_ref
    found = records.listed(
        call.work, INSTALLATIONS, call.project_id, {**filters, "groupRef": group_ref}
    )
    return [installations.shown(call.work, one) for one in found]


def _named(call: Call, parent: Record, body: Record) -> Record:
    name = "installationId" if "installationId" in body else "groupRef"
    if name == "installationId":
        found = records.find(call.work, INSTALLATIONS, call.project_id, body[name])
        if found is not None and found["integrationId"] == parent["id"]:
            return found
    else:
        filters = {"integrationId": parent["id"], "groupRef": body[name]}
        rows = records.listed(call.work, INSTALLATIONS, call.project_id, filters)
        if rows:
            return rows[0]
    detail = "installation not found"
    issue = Issue("body", name, detail, body[name])
    raise Refused(
        Kind.NOT_FOUND,
        detail,
        remedy="install the integration for this group first",
        issues=[issue],
    )
