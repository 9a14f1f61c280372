"""What reads find, on its way to the destination that the manifest names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import provider_records
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Why something is read. Source: webhook.yaml (`readType`).
BACKFILL = "backfill"
SCHEDULED = "scheduled"
TRIGGERED = "triggered"


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that one step of a read found, as the provider holds them."""

    installation: Record
    operation: Record
    object_name: str  # the provider's name
    read_type: str  # BACKFILL, SCHEDULED or TRIGGERED
    records: Sequence[Mapping[str, Any]]


def size(
    work: Work,
    catalog: Catalog,
    installation: Record,
    name: str,
    since: int | None = None,
    until: int | None = None,
) -> int:
    """Return how many records a read finds: those that changed, or without `since` all of them."""
    if since is not None and until is not None:
        return len(changed(work, catalog, installation, name, since, until))
    return provider_records.count(
        work,
        catalog,
        installation["projectId"],
        installation["config"]["content"]["provider"],
        installation["groupRef"],
        name,
    )


def between(
    work: Work, catalog: Catalog, installation: Record, plan: Record, start: int, stop: int
) -> list[dict[str, Any]]:
    """Return the records of a read from number `start` to before `stop`."""
    name = plan["objectName"]
    if plan.get("since") is not None:
        found = changed(work, catalog, installation, name, plan["since"], plan["end"])
        return found[start:stop]
    return backfilled(work, catalog, installation, name, start, stop)


def backfilled(
    work: Work, catalog: Catalog, installation: Record, name: str, start: int, stop: int
) -> list[dict[str, Any]]:
    """Return the records of a backfill from number `start` to before `stop`."""
    return provider_records.listed(
        work,
        catalog,
        installation["projectId"],
        installation["config"]["content"]["provider"],
        installation["groupRef"],
        name,
        start,
        stop,
    )


def changed(
    work: Work, catalog: Catalog, installation: Record, name: str, since: int, until: int
) -> list[dict[str, Any]]:
    """Return the records that changed from one moment to before another, oldest change first."""
    del work, catalog, installation, name, since, until
    return []  # what a pretend provider holds does not change by itself


def deliver(work: Work, catalog: Catalog, batch: Batch) -> None:
    """Send a batch to the destination of its object, in as many messages as it takes.

    Source: webhook.yaml.
    """
    del work, catalog, batch
