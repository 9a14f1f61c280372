"""What a caller is told when a body breaks its schema."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.schemas import Schemas
from mockserver.http.violations import refuse_body
from mockserver.rules.errors import ABSENT, Kind, Refused

FORMAL, ABOUT_VALUES = Kind.INVALID, Kind.UNPROCESSABLE


def refusal(schema: dict[str, Any], value: Any) -> Refused | None:
    document = {"components": {"schemas": {"X": schema}}}
    return refuse_body(Schemas(document).violations("/components/schemas/X", value))


def refused(schema: dict[str, Any], value: Any) -> Refused:
    found = refusal(schema, value)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("schema", "value", "kind", "detail", "remedy"),
    [
        ({"type": "string"}, 1, FORMAL, "has the wrong type", "use a string"),
        (
            {"type": "array", "nullable": True},
            1,
            FORMAL,
            "has the wrong type",
            "use null or an array",
        ),
        ({"format": "date-time"}, "x", ABOUT_VALUES, "is no date-time", "use a date-time"),
        ({"pattern": "^a$"}, "b", ABOUT_VALUES, "has characters that are not allowed", "match ^a$"),
        ({"minLength": 2}, "a", ABOUT_VALUES, "is too short", "use 2 characters or more"),
        ({"maxLength": 2}, "abc", ABOUT_VALUES, "is too long", "use 2 characters or fewer"),
        ({"minItems": 2}, [1], ABOUT_VALUES, "has too few items", "give 2 or more"),
        ({"maxItems": 2}, [1, 2, 3], ABOUT_VALUES, "has too many items", "give 2 or fewer"),
        ({"minimum": 2}, 1, ABOUT_VALUES, "is too small", "use 2 or more"),
        ({"maximum": 2}, 3, ABOUT_VALUES, "is too large", "use 2 or less"),
        (
            {"minimum": 2, "exclusiveMinimum": True},
            2,
            ABOUT_VALUES,
            "is too small",
            "use more than 2",
        ),
        (
            {"maximum": 2, "exclusiveMaximum": True},
            2,
            ABOUT_VALUES,
            "is too large",
            "use less than 2",
        ),
        ({"uniqueItems": True}, [1, 1], ABOUT_VALUES, "breaks uniqueItems", "see the contract"),
        (
            {"oneOf": [{"type": "string"}, {"minLength": 1}]},
            "x",
            FORMAL,
            "fits several of its forms at once",
            "keep what belongs to one of them",
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            [],
            FORMAL,
            "fits none of its forms",
            "use one form",
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            [],
            FORMAL,
            "fits none of its forms",
            "use one form",
        ),
        ({"not": {"type": "string"}}, "x", FORMAL, "breaks not", "see the contract"),
    ],
)
def test_each_rule_is_explained_without_repeating_the_value(
    schema: dict[str, Any], value: Any, kind: Kind, detail: str, remedy: str
):
    found = refused({"properties": {"field": schema}}, {"field": value})

    (issue,) = found.issues
    assert found.kind == kind
    assert (issue.place, issue.name, issue.detail, issue.remedy) == (
        "body",
        "field",
        detail,
        remedy,
    )
    assert (issue.value, found.detail) == (value, f"field {detail}")


def test_a_value_outside_an_enumeration_is_told_the_allowed_ones():
    found = refused({"properties": {"field": {"enum": ["a", "b"]}}}, {"field": "c"})

    assert (found.kind, found.detail) == (ABOUT_VALUES, "unsupported field")
    assert found.issues[0].remedy == found.remedy == "use 'a', 'b'"


def test_each_missing_property_is_an_issue_of_its_own():
    found = refused({"properties": {"x": {"required": ["a", "b"]}}}, {"x": {}})

    assert found.kind == FORMAL
    assert [issue.name for issue in found.issues] == ["x.a", "x.b"]
    assert [issue.value for issue in found.issues] == [ABSENT, ABSENT]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_properties_of_which_one_is_needed_are_named_together(keyword: str):
    found = refused({keyword: [{"required": ["a"]}, {"required": ["b"]}]}, {})

    assert [(i.name, i.remedy) for i in found.issues] == [("a", "give a or b a value")]


def test_a_name_leads_through_objects_and_arrays():
    schema = {"properties": {"a": {"items": {"properties": {"b.c": {"type": "string"}}}}}}

    found = refused(schema, {"a": [{}, {"b.c": 1}]})

    assert found.issues[0].name == "a[1].b.c"


def test_a_wrong_form_counts_more_than_a_wrong_value():
    schema = {"properties": {"a": {"maxLength": 1}, "b": {"type": "string"}}}

    found = refused(schema, {"a": "long", "b": 1})

    assert found.kind == FORMAL
    assert {issue.name for issue in found.issues} == {"a", "b"}


def test_an_unknown_mask_is_left_to_the_rule_that_knows_the_masks():
    schema = {"properties": {"updateMask": {"items": {"type": "string", "enum": ["a"]}}}}

    assert refusal(schema, {"updateMask": ["b"]}) is None
    assert refused(schema, {"updateMask": [1]}).kind == FORMAL


def test_an_empty_mask_where_one_is_needed_is_malformed():
    schema = {"properties": {"updateMask": {"minItems": 1}}}

    assert refused(schema, {"updateMask": []}).kind == FORMAL


def test_a_body_with_many_mistakes_names_the_first_hundred():
    found = refused({"items": {"type": "string"}}, [1] * 500)

    assert len(found.issues) == 100
