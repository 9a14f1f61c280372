"""Results that are held back until they are asked for, page by page.

Source: Delivery (`onRequest`, `pageSize`), deliverResults. Only ids are kept: a record is looked
up when its page leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.resources import manifests, selections
from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: `identifiers` are those of the records that one read found, oldest first.
HELD_RESULTS = Resource(
    name="heldResults",
    noun="held result",
    scope="installationId",
    owner="installations",
    filters=("objectName",),
    references=(Reference("installationId", "installations", "installation", on_delete="cascade"),),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Records of one read that leave together."""

    operation_id: str
    read_type: str
    identifiers: Sequence[str]


def page_size(work: Work, installation: Record, name: str) -> int | None:
    """Return how many records a page has; None when results are sent as they are read."""
    manifest = selections.manifest_of(work, installation)
    delivery = manifests.read_objects(manifest).get(name, {}).get("delivery", {})
    return delivery["pageSize"] if delivery.get("mode") == "onRequest" else None


def hold(
    work: Work, operation: Record, name: str, read_type: str, identifiers: Sequence[str]
) -> None:
    """Hold what a read found; what the same read finds later joins it."""
    key = {"objectName": name}
    rows = records.listed(work, HELD_RESULTS, operation["installationId"], key)
    if rows and rows[-1]["operationId"] == operation["id"]:
        more = [*rows[-1]["identifiers"], *identifiers]
        records.update(work, HELD_RESULTS, rows[-1], {**rows[-1], "identifiers": more})
        return
    fields = {
        "installationId": operation["installationId"],
        "objectName": name,
        "operationId": operation["id"],
        "readType": read_type,
        "identifiers": list(identifiers),
    }
    records.create(work, HELD_RESULTS, fields)


def take(work: Work, installation: Record, name: str, pages: int, size: int) -> list[Page]:
    """Take up to a number of pages, oldest first. A page holds records of one read only."""
    taken: list[Page] = []
    for row in records.listed(work, HELD_RESULTS, installation["id"], {"objectName": name}):
        left = list(row["identifiers"])
        while left and len(taken) < pages:
            taken.append(Page(row["operationId"], row["readType"], left[:size]))
            left = left[size:]
        if not left:
            records.delete(work, HELD_RESULTS, row)
        elif len(left) < len(row["identifiers"]):
            records.update(work, HELD_RESULTS, row, {**row, "identifiers": left})
        if len(taken) == pages:
            break
    return taken
