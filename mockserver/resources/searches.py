"""Searches: the records of an object that meet some conditions, as an installation gets them.

Source: the search API; the vendor's guide to search (one page, mapped names).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any

from mockserver.resources import objects, provider_calls, results, selections
from mockserver.resources.providers import Catalog
from mockserver.resources.record_filters import passes
from mockserver.resources.record_stores import RecordStore
from mockserver.resources.selections import Selection
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Assumed: how many records the one page has.
MOST = 100


def search(
    work: Work, catalog: Catalog, installation: Record, native: str, filters: Sequence[Record]
) -> list[dict[str, Any]]:
    """Return up to a page of records that meet every condition, as ResultEntries.

    Raises:
        Refused: INVALID for a field that the object does not have, or a provider that rejects the
            credentials; THROTTLED.
    """
    connection = work.tx.get("connections", installation["connectionId"]) or {}
    provider_calls.reach(work, connection, detail="error searching at provider", name=native)
    selection = selections.of_object(work, catalog, installation, native)
    store = results.store_of(work, catalog, installation, native)
    if selection is None or store is None:
        raise TypeError("the object was checked before")
    wanted = [_translated(selection, store, one, number) for number, one in enumerate(filters)]
    names = [one["fieldName"] for one in wanted]
    found = (dict(held.fields) for held in store.where(names, partial(passes, wanted)))
    return results.entries(selection, store, islice(found, MOST))


def _translated(
    selection: Selection, store: RecordStore, condition: Record, number: int
) -> dict[str, Any]:
    """Return a condition on the provider's own field and value.

    Assumed: a mapped value may be searched for as it is delivered.
    """
    given = condition["fieldName"]
    field = selections.real(store.fields, selection.field_of(given))
    account = store.account
    if objects.field(store.fields, field) is None and not objects.is_generic(
        account.catalog, account.provider
    ):
        detail = f"{store.kind.name} has no field {given}"
        place = f"fieldFilters[{number}].fieldName"
        remedy = "use a mapped name, or a field of the object metadata"
        issue = Issue("body", place, detail, given, remedy)
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
    wanted = condition["value"]
    values = selection.values.get(field, {})
    stored = values.get(wanted, wanted) if isinstance(wanted, str) else wanted
    return {**condition, "fieldName": field, "value": stored}
