"""Records and differences as the control plane shows them: without secrets, unless asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.redaction import REDACTED, is_secret_name, redact_json
from mockserver.pointers import parts
from mockserver.resources.tables import RESOURCES
from mockserver.state.absent import ABSENT
from mockserver.state.diff import Change, Difference, Entry, FieldChange
from mockserver.state.tables import Record

#: What names nobody would take for a secret, and whoever has it can end somebody's sign-in.
_SECRET_FIELDS: Mapping[str, tuple[str, ...]] = {
    "oauthSessions": ("state", "grant", "codeVerifier")
}


def record(table: str, identifier: str, stored: Record, *, secrets: bool) -> dict[str, Any]:
    """Return a record with its table and its id."""
    return {"table": table, **_entry(table, identifier, stored, secrets=secrets)}


def difference(found: Difference, *, secrets: bool) -> dict[str, Any]:
    """Return what differs between two states."""

    def entry(one: Entry) -> dict[str, Any]:
        return record(one.table, one.id, one.record, secrets=secrets)

    def change(one: Change) -> dict[str, Any]:
        fields = [_field(one.table, field, secrets=secrets) for field in one.fields]
        return {"table": one.table, "id": _id(one.table, one.id, secrets), "fields": fields}

    return {
        "created": [entry(one) for one in found.created],
        "changed": [change(one) for one in found.changed],
        "deleted": [entry(one) for one in found.deleted],
        "isEmpty": not found,
    }


def _entry(table: str, identifier: str, stored: Record, *, secrets: bool) -> dict[str, Any]:
    shown = dict(stored) if secrets else redact_json(dict(stored))
    for name in () if secrets else _SECRET_FIELDS.get(table, ()):
        if name in shown:
            shown[name] = REDACTED
    return {"id": _id(table, identifier, secrets), "record": shown}


def _id(table: str, identifier: str, secrets: bool) -> str:
    key = RESOURCES[table].key
    secret = is_secret_name(key) or key in _SECRET_FIELDS.get(table, ())
    return REDACTED if secret and not secrets else identifier


def _field(table: str, change: FieldChange, *, secrets: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"path": change.path}
    for name, value in (("before", change.before), ("after", change.after)):
        if value is not ABSENT:
            shown[name] = value if secrets else _redacted(table, change.path, value)
    return shown


def _redacted(table: str, path: str, value: Any) -> Any:
    """Redact a value as it would be where it stands: the names above it count."""
    names = parts(path)
    if names[:1] and names[0] in _SECRET_FIELDS.get(table, ()):
        return REDACTED
    nested = value
    for name in reversed(names):
        nested = {name: nested}
    nested = redact_json(nested)
    for name in names:
        nested = nested[name]
    return nested
