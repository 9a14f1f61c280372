"""Conditions on the fields of records, as configs and searches state them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.resources.provider_records import value
from mockserver.state.tables import Record


def passes(filters: Sequence[Record], record: Mapping[str, Any]) -> bool:
    """Tell whether a record meets every condition.

    Source: ReadFilter (`eq` is the only operator; all must hold). Assumed: a number or truth value
    may be written as text, because providers compare so in their query languages; texts are
    compared exactly.
    """
    return all(_equal(_found(record, one["fieldName"]), one.get("value")) for one in filters)


def _found(record: Mapping[str, Any], name: str) -> Any:
    found = value(record, name)
    return value(record, name.lower()) if found is None and name not in record else found


def _equal(found: Any, wanted: Any) -> bool:
    if found is None or wanted is None:
        return found is wanted
    if isinstance(found, bool) or isinstance(wanted, bool):
        return _text(found) == _text(wanted)
    if isinstance(found, str) and isinstance(wanted, str):
        return found == wanted
    return found == wanted or _text(found) == _text(wanted)


def _text(given: Any) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given)
