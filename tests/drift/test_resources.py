"""What resources declare is what the contract says: masks, and which fields are shown."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.contract.contract import load_api
from mockserver.contract.operations import Operation
from mockserver.resources.tables import RESOURCES
from mockserver.rules import views
from mockserver.rules.resource import Resource
from mockserver.state.root import Root

API = load_api()
SCHEMAS = API.document["components"]["schemas"]
#: The operation that changes each resource by a mask.
CHANGES = {
    "orgs": "updateOrg",
    "projects": "updateProject",
    "apiKeys": "updateApiKey",
    "jwtKeys": "updateJWTKey",
    "providerApps": "updateProviderApp",
    "destinations": "updateDestination",
    "connections": "updateConnection",
}
#: Fields that the contract's schema forgets although clients send them and must see them back.
SHOWN_ANYWAY = {"destinations": {"metadata.endpointUrl"}}
MASKED = pytest.mark.parametrize(
    "resource", [r for r in RESOURCES.values() if r.masks], ids=lambda r: r.name
)
SHOWN = pytest.mark.parametrize(
    "resource", [r for r in RESOURCES.values() if r.component], ids=lambda r: r.name
)


def body_schema(operation: Operation) -> dict[str, Any]:
    node: Any = API.document
    for part in str(operation.bodies[0].schema_pointer).split("/")[1:]:
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return behind(node)


def behind(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def stated_masks(schema: dict[str, Any]) -> set[str]:
    """Return the masks that the contract allows: by an enum, else by a list in its prose."""
    masks = schema["properties"]["updateMask"]
    if "enum" in masks["items"]:
        return set(masks["items"]["enum"])
    return set(re.findall(r"^- `?([\w.]+)`?", masks["description"], re.MULTILINE))


def test_every_resource_with_masks_has_its_operation():
    assert {r.name for r in RESOURCES.values() if r.masks} == set(CHANGES)


@MASKED
def test_masks_are_the_ones_that_the_contract_states(resource: Resource):
    schema = body_schema(API.operations[CHANGES[resource.name]])
    assert resource.masks is not None

    assert set(resource.masks.allowed) == stated_masks(schema)
    assert resource.masks.body in schema["properties"]
    assert set(resource.masks.nullable) <= set(resource.masks.allowed)
    assert not set(resource.masks.tolerated) & set(resource.masks.allowed)


@SHOWN
def test_a_resource_shows_fields_of_its_schema_only(resource: Resource, mock: Mock):
    root: Root = mock.sandbox.root
    records = list(root.tables[resource.name])
    schema = SCHEMAS[resource.component]
    extra = SHOWN_ANYWAY.get(resource.name, set())

    shown = {name for r in records for name in names(views.show(resource, r), schema)}

    assert records, "the fixture has none: nothing was looked at"
    assert {name for name in shown if name not in extra and not declared(schema, name)} == set()


@SHOWN
def test_what_is_hidden_is_not_shown(resource: Resource, mock: Mock):
    for record in mock.sandbox.root.tables[resource.name]:
        assert not resource.hidden & set(views.show(resource, record))


@pytest.mark.parametrize(("table", "name"), [(t, n) for t, ns in SHOWN_ANYWAY.items() for n in ns])
def test_what_is_shown_anyway_is_really_absent_from_the_schema(table: str, name: str):
    assert not declared(SCHEMAS[RESOURCES[table].component or ""], name)
    masks = RESOURCES[table].masks
    assert masks is not None
    assert name in masks.allowed


def names(value: Any, schema: dict[str, Any], prefix: str = "") -> set[str]:
    """Return the dotted names of the fields of a value, as deep as its schema goes."""
    properties = behind(schema).get("properties")
    if not isinstance(value, dict) or properties is None:
        return set()
    found = {prefix + name for name in value}
    for name, inner in value.items():
        if name in properties:
            found |= names(inner, properties[name], f"{prefix}{name}.")
    return found


def declared(schema: dict[str, Any], name: str) -> bool:
    for part in name.split("."):
        properties = behind(schema).get("properties", {})
        if part not in properties:
            return False
        schema = properties[part]
    return True
