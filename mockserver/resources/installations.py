"""Installations: an integration in use by one group, with the group's configuration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.resources import (
    backfills,
    configs,
    connections,
    drills,
    integrations,
    notifications,
    operations,
    provider_calls,
    read_schedules,
    schema_watches,
)
from mockserver.resources.config_checks import Context
from mockserver.resources.providers import Catalog
from mockserver.rules import records, views
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Source: createInstallation (default of `config.createdBy`).
DEFAULT_CREATOR = "api:create-installation"

INSTALLATIONS = Resource(
    name="installations",
    noun="installation",
    component="Installation",
    scope="projectId",
    owner="projects",
    filters=("integrationId", "groupRef"),
    # Source: the vendor's docs: one installation per integration and group.
    unique=(
        Unique(
            ("integrationId", "groupRef"),
            "this group has an installation of this integration already",
            "update the existing installation, or delete it first",
        ),
    ),
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference("integrationId", "integrations", "integration", on_delete="cascade"),
        Reference("connectionId", "connections", "connection", on_delete="restrict"),
    ),
    hidden=frozenset({"groupRef", "connectionId"}),
)


def create(
    work: Work,
    catalog: Catalog,
    integration: Record,
    body: Record,
    *,
    identifier: str | None = None,
    sampled: bool = True,
) -> Record:
    """Install an integration for a group, and start the backfills that its objects ask for.

    Source: createInstallation. A fixture may give the id. Without `sampled` no sample is read.

    Raises:
        Refused: INVALID for a connection that does not fit, UNPROCESSABLE for a config that
            the manifest or the provider does not allow, CONFLICT for a second installation.
    """
    connection = _connection(work, integration, body["groupRef"], body.get("connectionId"))
    revision = integrations.latest(work, integration)
    if sampled and work.settings.sample_read:
        _sample_read(work, connection, body["config"]["content"])
    context = context_of(work, catalog, integration, revision, body["groupRef"])
    content = configs.complete(context, body["config"]["content"])
    creator = body["config"].get("createdBy", DEFAULT_CREATOR)
    fields = {
        "projectId": integration["projectId"],
        "integrationId": integration["id"],
        "groupRef": body["groupRef"],
        "connectionId": connection["id"],
        "healthStatus": "healthy",
        "createdBy": creator,
        "config": new_config(work, revision, creator, content),
    }
    if identifier is not None:
        fields["id"] = identifier
    installation = records.create(work, INSTALLATIONS, fields)
    notifications.installation_created(work, installation)
    read_schedules.follow(work, installation)
    schema_watches.follow(work, catalog, installation)
    backfills.start(work, catalog, integration, installation, content.get("read", {}))
    return installation


def _sample_read(work: Work, connection: Record, content: Record) -> None:
    """Refuse what a drilled sample read does. Source: the vendor's guide to installations (422).

    Raises:
        Refused: UNPROCESSABLE; that the drill has fired is kept.
    """
    for name in content.get("read", {}).get("objects", {}):
        place = provider_calls.place(connection, name)
        if drills.fires(work, drills.SAMPLE_READ_REJECTED, **place):
            detail = f"the sample read of {name} failed: the provider answered 403 Forbidden"
            remedy = "let the customer grant access to the object; the drill is armed"
            where = f"config.content.read.objects.{name}"
            issue = Issue("body", where, detail, name, remedy)
            raise Refused(
                Kind.UNPROCESSABLE, detail, remedy=remedy, issues=[issue], keeps_work=True
            )


def context_of(
    work: Work, catalog: Catalog, integration: Record, revision: Record, group_ref: str
) -> Context:
    """Return what a group's config of an integration is checked against."""
    return Context(
        work, catalog, integration["projectId"], integration, revision["content"], group_ref
    )


def new_config(work: Work, revision: Record, creator: str, content: Record) -> dict[str, Any]:
    """Return a config with an id of its own. Assumed: every change makes a new one."""
    return {
        "id": work.new_id("configs"),
        "revisionId": revision["id"],
        "createTime": work.now,
        "createdBy": creator,
        "content": content,
    }


def fitting_connection(
    work: Work, integration: Record, group_ref: str, connection_id: str, name: str
) -> Record:
    """Return a connection of this project, provider and group.

    Raises:
        Refused: INVALID.
    """
    found = records.find(work, connections.CONNECTIONS, integration["projectId"], connection_id)
    if found is None:
        raise _unfit(name, "no such connection", connection_id, "list the group's connections")
    if found["provider"] != integration["provider"]:
        remedy = f"use a connection to {integration['provider']}"
        raise _unfit(name, "the connection is to another provider", connection_id, remedy)
    if found["groupRef"] != group_ref:
        remedy = f"use a connection of {group_ref}"
        raise _unfit(name, "the connection belongs to another group", connection_id, remedy)
    return found


def _connection(
    work: Work, integration: Record, group_ref: str, connection_id: str | None
) -> Record:
    if connection_id is not None:
        return fitting_connection(work, integration, group_ref, connection_id, "connectionId")
    provider = integration["provider"]
    found = connections.default_for(work, integration["projectId"], provider, group_ref)
    if found is None:
        raise _unfit(
            "groupRef",
            "no connection found for group",
            group_ref,
            f"connect the group to {provider} first",
        )
    return found


def _unfit(name: str, detail: str, value: str, remedy: str) -> Refused:
    issue = Issue("body", name, detail, value, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def of_integration(work: Work, integration: Record) -> list[Record]:
    """Return the installations of an integration, oldest first."""
    filters = {"integrationId": integration["id"]}
    return records.listed(work, INSTALLATIONS, integration["projectId"], filters)


def shown(work: Work, installation: Record) -> dict[str, Any]:
    """Return an installation as the contract shows it, with its group, connection and health.

    Source: the Installation component. Assumed: it is unhealthy when its connection's credentials
    are bad, its last three operations failed, or the platform paused a read; a cancelled
    operation is nobody's failure.
    """
    found = dict(views.show(INSTALLATIONS, installation))
    connection = work.tx.get("connections", installation["connectionId"]) or {}
    found["connection"] = connections.shown(work, connection)
    found["group"] = connections.group_shown(
        work, installation["projectId"], installation["groupRef"]
    )
    latest = operations.newest(work, installation, 3)
    if latest:
        found["lastOperationStatus"] = latest[0]["status"]
    failing = len(latest) == 3 and all(map(operations.has_failed, latest))
    if connection.get("status") == connections.BAD_CREDENTIALS:
        failing = True
    if failing or read_schedules.is_paused_by_platform(work, installation):
        found["healthStatus"] = "unhealthy"
    return found


def remove(work: Work, installation: Record) -> None:
    """Delete an installation, and its connection when no other installation uses it.

    Source: deleteInstallation. Assumed: its operations stay readable; those under way end.
    """
    operations.cancel(work, installation, "installation deleted")
    read_schedules.release(work, installation)
    schema_watches.release(work, installation)
    notifications.installation_deleted(work, installation)
    records.delete(work, INSTALLATIONS, installation)
    connection_id = installation["connectionId"]
    if not work.tx.find("installations", "connectionId", (connection_id,)):
        connection = work.tx.get("connections", connection_id)
        if connection is not None:
            connections.remove(work, connection)


def pause_objects(work: Work, integration: Record, names: Iterable[str]) -> None:
    """Disable read objects in every installation of an integration.

    Source: batchUpsertIntegrations and createRevision (`destructive`).
    """
    gone = set(names)
    for installation in of_integration(work, integration):
        config = installation["config"]
        held = config["content"].get("read", {}).get("objects", {})
        paused = {name: {**held[name], "disabled": True} for name in held if name in gone}
        if not paused:
            continue
        read = {**config["content"]["read"], "objects": {**held, **paused}}
        changed = {
            **config,
            "id": work.new_id("configs"),
            "createTime": work.now,
            "content": {**config["content"], "read": read},
        }
        with_config = {**installation, "config": changed}
        after = records.update(work, INSTALLATIONS, installation, with_config)
        notifications.installation_updated(work, installation, after)
        read_schedules.follow(work, after)
        operations.cancel(work, installation, "object removed from the manifest", gone)
