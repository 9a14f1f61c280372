"""What the tests of object metadata ask about, and put into it."""

from __future__ import annotations

from typing import Any

from mockserver.app import Mock
from tests.worlds import (
    GROUP,
    add_connection,
    add_installation,
    add_integration,
    read_object,
    reading,
)

PROJECT = "/projects/my-project"
PROVIDERS = f"{PROJECT}/providers"
FIELD = {"fieldName": "Deal_Score", "displayName": "Deal Score", "valueType": "float"}


def upsert_body(object_name: str = "Account", group: str = GROUP, **changes: Any) -> dict[str, Any]:
    """Return the body of a metadata upsert of one field."""
    return {"groupRef": group, "fields": {object_name: [{**FIELD, **changes}]}}


def install(mock: Mock, provider: str = "salesforce", **connection: Any) -> str:
    """Install an integration that reads accounts as companies; return its address."""
    mapped = read_object("account", mapToName="companies")
    integration = add_integration(mock, reading(mapped, read_object("contact"), provider=provider))
    add_installation(mock, integration, add_connection(mock, provider, **connection))
    return f"{PROJECT}/integrations/{integration['id']}"
