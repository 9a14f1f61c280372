"""OpenAPI 3.0 schemas mean in JSON Schema 2020-12 what they meant before."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.schemas import Schemas, translate

numbers = st.integers(-5, 5)


def schemas(**components: Any) -> Schemas:
    return Schemas({"components": {"schemas": components}})


def takes(schema: dict[str, Any], value: Any) -> bool:
    return not schemas(One=schema).violations("/components/schemas/One", value)


@given(numbers, numbers, st.booleans(), st.booleans())
def test_bounds_are_exclusive_when_their_flag_says_so(
    bound: int, value: int, upper: bool, exclusive: bool
):
    names = ("maximum", "exclusiveMaximum") if upper else ("minimum", "exclusiveMinimum")
    schema = {"type": "integer", names[0]: bound, names[1]: exclusive}

    inside = value < bound if upper else value > bound
    assert takes(schema, value) == (inside or (value == bound and not exclusive))


def test_a_flag_without_a_bound_says_nothing():
    assert translate({"type": "integer", "exclusiveMaximum": True}) == {"type": "integer"}


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "array", "object"])
def test_null_is_taken_where_a_schema_is_nullable_and_nowhere_else(kind: str):
    schema: dict[str, Any] = {"type": kind}
    assert not takes(schema, None)
    assert not takes({**schema, "nullable": False}, None)
    assert takes({**schema, "nullable": True}, None)


def test_a_nullable_enumeration_takes_null_and_its_members():
    schema = {"type": "string", "nullable": True, "enum": ["a", "b"]}
    assert [takes(schema, value) for value in (None, "a", "c", 5)] == [True, True, False, False]


def test_keywords_of_the_translation_may_be_names_of_properties():
    schema = {
        "type": "object",
        "required": ["example"],
        "properties": {
            "example": {"type": "integer"},
            "nullable": {"type": "boolean", "nullable": True},
            "$ref": {"type": "string"},
            "properties": {"type": "integer"},
        },
    }
    assert takes(schema, {"example": 1, "nullable": None, "$ref": "x", "properties": 1})
    for name, wrong in (("example", "x"), ("nullable", 1), ("$ref", 1), ("properties", {})):
        assert not takes(schema, {"example": 1, name: wrong})


def test_what_stands_beside_a_reference_is_ignored_as_openapi_says():
    found = schemas(
        One={"$ref": "#/components/schemas/Two", "maxLength": 1}, Two={"type": "string"}
    )
    assert found.violations("/components/schemas/One", "long") == []


def test_examples_are_no_rules():
    assert takes({"type": "string", "example": {"$ref": "nowhere"}}, "x")


def test_formats_are_checked():
    schema = {"type": "string", "format": "date-time"}
    assert takes(schema, "2026-01-05T09:00:00.000000Z")
    assert not takes(schema, "yesterday")


def test_a_document_is_not_changed_by_being_read():
    document = {"components": {"schemas": {"One": {"type": "string", "nullable": True}}}}
    before = copy.deepcopy(document)
    Schemas(document).violations("/components/schemas/One", None)
    assert document == before


def test_a_schema_is_compiled_once():
    found = schemas(One={"type": "string"})
    pointer = "/components/schemas/One"
    assert found.validator(pointer) is found.validator(pointer)


def test_a_pointer_with_escapes_and_braces_finds_its_schema():
    document = {"paths": {"/a/{b}": {"x~y": {"type": "integer"}}}}
    found = Schemas(document)
    assert found.violations("/paths/~1a~1{b}/x~0y", 1) == []
    assert found.violations("/paths/~1a~1{b}/x~0y", "x") != []


def test_a_violation_says_where_and_what():
    found = schemas(
        One={
            "type": "object",
            "required": ["a", "b"],
            "properties": {"c": {"type": "array", "items": {"type": "string", "maxLength": 2}}},
        }
    )
    violations = found.violations("/components/schemas/One", {"a": 1, "c": ["x", "long"]})

    assert [(v.keyword, v.path, v.missing) for v in violations if v.missing] == [
        ("required", (), "b")
    ]
    (long,) = (v for v in violations if v.keyword == "maxLength")
    assert (long.path, long.value, long.facts["limit"]) == (("c", 1), "long", 2)


def test_alternatives_name_the_properties_of_which_one_is_needed():
    found = schemas(One={"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})
    (violation,) = found.violations("/components/schemas/One", {"c": 1})
    assert violation.alternatives == ("a", "b")

    other = schemas(One={"anyOf": [{"type": "string"}, {"required": ["b"]}]})
    (violation,) = other.violations("/components/schemas/One", {})
    assert violation.alternatives == ()
