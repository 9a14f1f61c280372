"""Backfills: the first read of everything that is there already, object by object."""

from __future__ import annotations

from typing import Any

from mockserver.resources import configs, operations, reads, results
from mockserver.resources.providers import Catalog
from mockserver.resources.results import BACKFILL
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import stamp
from mockserver.state.tables import Record

#: Source: getBackfillProgress. The only providers that estimate a total.
ESTIMATING_PROVIDERS = frozenset({"salesforce", "hubspot"})
_YEAR = 365  # days

BACKFILLS = Resource(
    name="backfills",
    noun="backfill",
    component="BackfillProgress",
    scope="installationId",
    owner="installations",
    filters=("objectName",),
    hidden=frozenset({"id"}),
    references=(Reference("installationId", "installations", "installation", on_delete="cascade"),),
)


def start(
    work: Work, catalog: Catalog, integration: Record, installation: Record, read: Record
) -> None:
    """Start a backfill for every read object that asks for one and is not disabled.

    Source: the vendor's guide to backfills: `days` above 0, or `fullHistory`.
    """
    for name, config in read.get("objects", {}).items():
        period = config.get("backfill", {}).get("defaultPeriod", {})
        if not config.get("disabled", False) and wants(period):
            total = _total(work, catalog, installation, name, period)
            estimated = integration["provider"] in ESTIMATING_PROVIDERS
            operation = reads.begin(
                work, installation, name, BACKFILL, total=total, estimated=estimated
            )
            row = {
                "installationId": installation["id"],
                "objectName": name,
                "operationId": operation["id"],
            }
            records.create(work, BACKFILLS, row)


def wants(period: Record) -> bool:
    """Tell whether a default period asks for a backfill at all."""
    return bool(period.get("fullHistory", False) or period.get("days", 0) > 0)


def _total(work: Work, catalog: Catalog, installation: Record, name: str, period: Record) -> int:
    everything = results.size(work, catalog, installation, name)
    if period.get("fullHistory", False):
        return everything
    # Assumed: records are spread evenly over the last year.
    return int(-(-everything * min(period["days"], _YEAR) // _YEAR))


def latest(work: Work, installation: Record, name: str) -> Record:
    """Return the operation of the latest backfill of an object.

    Source: getBackfillProgress.

    Raises:
        Refused: NOT_FOUND when the object was never backfilled.
    """
    all_rows = records.listed(work, BACKFILLS, installation["id"])
    found_name = configs.find_name((row["objectName"] for row in all_rows), name)
    rows = [row for row in all_rows if row["objectName"] == found_name]
    operation = work.tx.get("operations", rows[-1]["operationId"]) if rows else None
    if operation is None:
        detail = f"no backfill of {name}"
        issue = Issue("path", "objectName", detail, name)
        remedy = "only objects whose manifest or config asks for a backfill have one"
        raise Refused(Kind.NOT_FOUND, detail, remedy=remedy, issues=[issue])
    return operation


def progress(operation: Record) -> dict[str, Any]:
    """Return how far a backfill is. It stays readable when it is done."""
    found = operations.progress(operation)
    found["createTime"] = operation["createTime"]
    found["updateTime"] = stamp(operation["plan"]["updated"])
    return found
