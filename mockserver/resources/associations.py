"""Links between records, as they were written and as they are delivered.

Source: WriteRequest (`associations`, in the provider's own format); HubSpot's format, whose link
names the other record as `to.id`. Assumed: of other formats nothing is delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources import record_stores
from mockserver.resources.record_stores import Held, RecordStore


def delivered(store: RecordStore, identifier: str) -> dict[str, list[dict[str, Any]]]:
    """Return the records that one is linked with, by the name of their object, as Associations."""
    found: dict[str, list[dict[str, Any]]] = {}
    for link in store.links(identifier):
        other = linked(store, link)
        if other is not None:
            name, held = other
            one = {"id": held.identifier, "objectName": name, "raw": dict(held.fields)}
            found.setdefault(name, []).append(one)
    return found


def linked(store: RecordStore, link: Mapping[str, Any]) -> tuple[str, Held] | None:
    """Return the object and the record that a link leads to; None when there is none."""
    target = link.get("to")
    identifier = str(target.get("id", "")) if isinstance(target, Mapping) else ""
    if not identifier:
        return None
    account = store.account
    for name in account.catalog.objects.of(account.provider).objects:
        other = record_stores.open_store(
            account.work,
            account.catalog,
            account.project_id,
            account.provider,
            account.group_ref,
            name,
        )
        held = other.get(identifier) if other is not None else None
        if held is not None:
            return name, held
    return None
