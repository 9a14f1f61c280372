"""What happened, as the platform tells it: the data of every notification.

Source: spec/notifications; the vendor's notification guide (`config` is the content alone).
Assumed: a config that would make a message too large is told by the URL that it is downloaded from.
"""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.resources import downloads, webhook_messages
from mockserver.resources.groups import CONSUMERS, GROUPS, shown
from mockserver.rules.work import Work
from mockserver.simulation.clock import stamp
from mockserver.state.tables import Record

#: Bytes of a config that is told itself: two of them, and the rest, fit into a message.
_LARGEST_CONFIG = webhook_messages.LARGEST * 2 // 5


def installation_created(work: Work, installation: Record) -> None:
    """Tell that an integration was installed."""
    _installation(work, "installation.created", installation, **_config(work, installation))


def installation_updated(work: Work, before: Record, after: Record) -> None:
    """Tell that an installation has another config or connection."""
    configs = {**_config(work, after), **_config(work, before, "lastConfig")}
    _installation(work, "installation.updated", after, **configs)


def installation_deleted(work: Work, installation: Record) -> None:
    """Tell that an installation goes; to be called while its connection is still there."""
    _installation(work, "installation.deleted", installation, **_config(work, installation))


def backfill_done(work: Work, installation: Record, name: str) -> None:
    """Tell that everything of an object was read."""
    _installation(work, "read.backfill.done", installation, objectName=name)


def schedule_paused(work: Work, installation: Record, error: str) -> None:
    """Tell that the platform has stopped the scheduled reads of an object."""
    details = {**_config(work, installation), "error": error}
    _installation(work, "read.schedule.paused", installation, **details)


def triggered_done(work: Work, installation: Record, plan: Record) -> None:
    """Tell that a triggered read has finished."""
    _installation(work, "read.triggered.done", installation, **_span(plan))


def triggered_error(work: Work, installation: Record, plan: Record, error: str) -> None:
    """Tell that a triggered read has failed."""
    _installation(work, "read.triggered.error", installation, **_span(plan), error=error)


def write_done(
    work: Work, installation: Record, name: str, identifiers: list[str], errors: list[str]
) -> None:
    """Tell that an asynchronous write has finished; with any error it was no success."""
    outcome: dict[str, Any] = {"objectName": name, "success": not errors}
    outcome |= {"successfulRecordIds": identifiers, "errors": errors}
    _installation(work, "write.async.done", installation, **outcome)


def connection_created(work: Work, connection: Record) -> None:
    """Tell that an account was connected."""
    _connection(work, "connection.created", connection)


def connection_updated(work: Work, connection: Record) -> None:
    """Tell that a connection was changed: an event that the contract does not name yet."""
    _connection(work, "connection.updated", connection)


def connection_refreshed(work: Work, connection: Record) -> None:
    """Tell that a connection has a new access token."""
    _connection(work, "connection.refreshed", connection)


def connection_deleted(work: Work, connection: Record) -> None:
    """Tell that a connection goes."""
    _connection(work, "connection.deleted", connection)


def connection_error(work: Work, connection: Record, error: str) -> None:
    """Tell that a provider rejects a connection; under the deprecated name as well."""
    _connection(work, "connection.error", connection, errors=[error], error=[error])


def webhook_disabled(work: Work, destination: Record) -> None:
    """Tell the other destinations that one gets nothing any more."""
    data = {
        "projectId": destination["projectId"],
        "destinationId": destination["id"],
        "destinationName": destination["name"],
        "url": destination["metadata"]["url"],
    }
    work.emit("destination.webhook.disabled", destination["projectId"], data)


def _installation(work: Work, event_type: str, installation: Record, **details: Any) -> None:
    project_id = installation["projectId"]
    integration = work.tx.get("integrations", installation["integrationId"]) or {}
    connection = work.tx.get("connections", installation["connectionId"]) or {}
    group = shown(work, GROUPS, project_id, installation["groupRef"])
    consumer = _consumer(work, connection)
    data = {
        "projectId": project_id,
        "provider": integration["provider"],
        "integrationId": integration["id"],
        "integrationName": integration["name"],
        "installationId": installation["id"],
        "connectionId": installation["connectionId"],
        "groupRef": group["groupRef"],
        "groupName": group["groupName"],
        **consumer,
        **details,
    }
    work.emit(event_type, project_id, data)


def _connection(work: Work, event_type: str, connection: Record, **details: Any) -> None:
    data = {
        "projectId": connection["projectId"],
        "connectionId": connection["id"],
        "provider": connection["provider"],
        "groupRef": connection["groupRef"],
        **_consumer(work, connection),
        **details,
    }
    work.emit(event_type, connection["projectId"], data)


def _consumer(work: Work, connection: Record) -> dict[str, str]:
    found = shown(work, CONSUMERS, connection["projectId"], connection["consumerRef"])
    return {"consumerRef": found["consumerRef"], "consumerName": found["consumerName"]}


def _config(work: Work, installation: Record, name: str = "config") -> dict[str, Any]:
    """Return the content of a config, or where it is. Source: InstallationUpdatedData."""
    content: Record = installation["config"]["content"]
    written = orjson.dumps(content)
    if len(written) <= _LARGEST_CONFIG:
        return {name: content}
    return {f"{name}URL": downloads.offer(work, written.decode())}


def _span(plan: Record) -> dict[str, str]:
    """Return what a triggered read was about. Assumed: a bound that was not given is left out."""
    found = {"objectName": plan["objectName"]}
    if plan.get("since") is not None:
        found["fromTimestamp"] = stamp(plan["since"])
    if plan.get("until") is not None:
        found["untilTimestamp"] = stamp(plan["until"])
    return found
