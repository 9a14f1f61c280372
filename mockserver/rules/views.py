"""What a stored record shows: the contract's fields, and nothing that is kept secret."""

from __future__ import annotations

from typing import Any

from mockserver.rules.resource import Resource
from mockserver.state.tables import Record


def show(resource: Resource, record: Record) -> dict[str, Any] | Record:
    """Return `record` as a response shows it. A record with nothing to hide is not copied."""
    if resource.render is not None:
        return resource.render(record)
    if not resource.hidden:
        return record
    return without(record, resource.hidden)


def without(record: Record, hidden: frozenset[str]) -> dict[str, Any]:
    """Return a copy of `record` without the hidden fields."""
    return {name: value for name, value in record.items() if name not in hidden}
