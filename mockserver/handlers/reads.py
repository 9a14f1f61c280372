"""The read API: reads that are asked for, schedules that pause, results that were held back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.handlers.installations import reached
from mockserver.resources import host_installations, integrations, read_schedules, reads, results
from mockserver.resources.read_ranges import read_range
from mockserver.state.tables import Record


@operation("triggerRead")
def trigger_read(
    call: Call, *, integration_id: str, object_name: str, body: Record
) -> dict[str, Any]:
    installation, native = _object(call, integration_id, object_name, body)
    since, until = read_range(body)
    begun = reads.trigger(call.work, call.catalog, installation, native, since=since, until=until)
    return {"operationId": begun["id"]}


@operation("pauseReads")
def pause_reads(
    call: Call, *, integration_id: str, installation_id: str, body: Mapping[str, Any]
) -> None:
    installation = reached(call, integration_id, installation_id)
    names = host_installations.named(call.work, installation, body.get("objects"))
    read_schedules.pause(call.work, installation, names)


@operation("unpauseReads")
def unpause_reads(
    call: Call, *, integration_id: str, installation_id: str, body: Mapping[str, Any]
) -> None:
    installation = reached(call, integration_id, installation_id)
    names = host_installations.named(call.work, installation, body.get("objects"))
    read_schedules.unpause(call.work, installation, names)


@operation("deliverResults")
def deliver_results(call: Call, *, integration_id: str, object_name: str, body: Record) -> None:
    installation, native = _object(call, integration_id, object_name, body)
    results.deliver_held(call.work, call.catalog, installation, native, body["pages"])


def _object(call: Call, integration_id: str, object_name: str, body: Record) -> tuple[Record, str]:
    """Return the installation of the group in the body, and the provider's name of an object."""
    integration = integrations.get(call.work, call.project_id, integration_id)
    installation = host_installations.of_group(
        call.work, integration, body["groupRef"], place="body"
    )
    native = host_installations.readable(call.work, installation, object_name, place="path")
    return installation, native
