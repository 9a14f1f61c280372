"""Recipes of what customers make: deployed integrations, connections, installations, operations.

Fixtures mostly say `deploy`, `connect` and `install` instead; these sections hold the result, as
an export writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.rules.work import Work
from mockserver.seeding.recipe import Fields, Recipe

_TEXT: Mapping[str, Any] = {"type": "string"}
_NAME: Mapping[str, Any] = {"type": "string", "minLength": 1}
_OBJECT: Mapping[str, Any] = {"type": "object"}
_WHOLE: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_TIME: Mapping[str, Any] = {"type": "string", "format": "date-time"}
_PLAN: Mapping[str, Any] = {
    "type": "object",
    "required": ["objectName", "start", "total", "estimated"],
    "properties": {
        "objectName": _NAME,
        "start": _WHOLE,
        "total": _WHOLE,
        "stopped": _WHOLE,
        "estimated": {"type": "boolean"},
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
    # Under way when they are there at all: a fixture has none, and an export leaves them out.
    "oauthSessions": Recipe(),
    "uploads": Recipe(),
}
