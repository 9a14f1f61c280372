"""JSON Patch of one object's config: right calls, and what its changes promise."""

from __future__ import annotations

from typing import Any

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families.installations import Record, Site, installed
from mockserver.conformance.lab import Lab


def patch(where: Site, made: Record, *changes: Record, name: str = "", **body: Any) -> Call:
    """Return a call of patchObjectConfigContent on the read config of persons.

    Args:
        where: the integration.
        made: the installation, named by its id.
        changes: JSON Patch operations.
        name: another object.
        body: replaces keys of the body; None leaves a key out.
    """
    whole = {
        "installationId": made["id"],
        "action": "read",
        "changes": list(changes),
        **body,
    }
    path = {**where.path, "objectName": name or where.crm.person}
    kept = {key: value for key, value in whole.items() if value is not None}
    return Call("patchObjectConfigContent", path, body=kept)


def selecting(field: str) -> dict[str, Any]:
    """Return the JSON Patch operation that selects a field."""
    return {"op": "add", "path": f"/selectedFields/{field}", "value": True}


def _patch(lab: Lab) -> Call:
    where, made = installed(lab)
    return patch(where, made, selecting(where.crm.person_fields[1]))


RIGHT: RightCalls = {"patchObjectConfigContent": _patch}
