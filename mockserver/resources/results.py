"""Results of reads on their way to the destination that the manifest names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.resources import provider_records
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.state.tables import Record

BACKFILL = "backfill"
SCHEDULED = "scheduled"
TRIGGERED = "triggered"


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that one step of a read found, as the provider holds them."""

    installation: Record
    operation: Record
    object_name: str  # the provider's name
    read_type: str  # BACKFILL, SCHEDULED or TRIGGERED. Source: webhook.yaml (`readType`)
    records: Sequence[Mapping[str, Any]]


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
