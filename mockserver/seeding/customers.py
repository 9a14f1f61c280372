"""Recipes of what customers make: deployed integrations, connections, installations, operations.

Fixtures mostly say `deploy`, `connect` and `install` instead; these sections hold the result, as
an export writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources import proxy_stubs
from mockserver.rules.work import Work
from mockserver.seeding.recipe import Fields, Recipe

_TEXT: Mapping[str, Any] = {"type": "string"}
_NAME: Mapping[str, Any] = {"type": "string", "minLength": 1}
_OBJECT: Mapping[str, Any] = {"type": "object"}
_WHOLE: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_TIME: Mapping[str, Any] = {"type": "string", "format": "date-time"}
_PLAN: Mapping[str, Any] = {
    "type": "object",
    "required": ["kind", "objectName", "updated", "pace"],
    "properties": {
        "kind": {"enum": ["backfill", "scheduled", "triggered", "write"]},
        "objectName": _NAME,
        "pace": _OBJECT,
        **dict.fromkeys(("updated", "total", "done", "step", "throttled", "end"), _WHOLE),
        **dict.fromkeys(("since", "until", "deadline"), _WHOLE),
        "estimated": {"type": "boolean"},
        "cancelled": {"type": "boolean"},
        "job": _NAME,
        "request": _OBJECT,
    },
    "additionalProperties": False,
}


def _operation(work: Work, fields: Fields) -> Fields:
    """Complete an operation from the installation it tells of, if that is still there."""
    installation = work.tx.get("installations", fields.get("installationId", ""))
    if installation is None:
        return fields
    known = {
        "integrationId": installation["integrationId"],
        "configId": installation["config"]["id"],
    }
    return {**known, **fields}


CUSTOMER_RECIPES: Mapping[str, Recipe] = {
    "integrations": Recipe(
        extra={"latestRevisionId": _NAME},
        required=("latestRevisionId",),
        embedded=("latestRevision",),
    ),
    "revisions": Recipe(),
    "groups": Recipe(),
    "consumers": Recipe(),
    "connections": Recipe(
        extra={"groupRef": _NAME, "consumerRef": _NAME, "credentials": _OBJECT},
        required=("groupRef", "consumerRef", "credentials"),
        embedded=("group", "consumer"),
    ),
    "installations": Recipe(
        extra={"groupRef": _NAME}, required=("groupRef",), embedded=("connection",)
    ),
    "operations": Recipe(complete=_operation, extra={"plan": _PLAN}),
    "operationLogs": Recipe(),
    "backfills": Recipe(
        extra={"objectName": _NAME, "operationId": _NAME},
        required=("objectName", "operationId"),
        embedded=("recordsProcessed",),
    ),
    "customFields": Recipe(
        extra={
            "id": _NAME,
            "groupRef": _NAME,
            "provider": _NAME,
            "objectName": _NAME,
            "fieldName": _NAME,
            "definition": _OBJECT,
            "metadata": _OBJECT,
        },
        required=("groupRef", "provider", "objectName", "fieldName", "definition", "metadata"),
    ),
    "readSchedules": Recipe(),
    "schemaWatches": Recipe(),
    "heldResults": Recipe(),
    "writtenRecords": Recipe(
        extra={
            "id": _NAME,
            "provider": _NAME,
            "groupRef": _NAME,
            "objectName": _NAME,
            "recordId": _NAME,
            "made": {"type": "boolean"},
            "deleted": {"type": "boolean"},
            "record": _OBJECT,
            "associations": {"type": "array", "items": _OBJECT},
        },
        required=(
            "provider",
            "groupRef",
            "objectName",
            "recordId",
            "made",
            "deleted",
            "record",
            "associations",
        ),
    ),
    "proxyStubs": Recipe(
        complete=lambda _, fields: {"method": "GET", "status": 200, **fields},
        extra={
            "id": _NAME,
            "provider": _NAME,
            "method": {"enum": [*proxy_stubs.METHODS, "*"]},
            "path": {"type": "string", "pattern": "^/"},
            "query": {"type": "object", "additionalProperties": _TEXT},
            "status": {"type": "integer", "minimum": 200, "maximum": 599},
            "headers": {"type": "object", "additionalProperties": _TEXT},
            "body": {},
        },
        required=("provider", "path"),
    ),
    # Under way when they are there at all: a fixture has none, and an export leaves them out.
    "oauthSessions": Recipe(),
    "uploads": Recipe(),
    "downloads": Recipe(),
}
