"""Disables a destination that has failed for too long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.events.registry import Task, job
from mockserver.resources import destination_health
from mockserver.resources.destinations import DESTINATIONS


@job(destination_health.OVERDUE)
def disable_overdue(task: Task, payload: Mapping[str, Any]) -> None:
    """Disable a destination whose attempts all failed since the job was scheduled."""
    identifier = payload["destinationId"]
    destination = task.work.tx.get(DESTINATIONS.name, identifier)
    since = destination_health.of(task.work, identifier).get("failingSince")
    if destination is not None and since == payload["failingSince"]:
        destination_health.disable(task.work, destination)
