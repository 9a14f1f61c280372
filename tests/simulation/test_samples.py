"""Values made from schemas: each is legal, whatever the seed."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.contract import load_api, load_hosts
from mockserver.contract.schemas import Schemas
from mockserver.faults.making import examples, make
from mockserver.faults.replies import Reply
from mockserver.faults.surface import Place, Surface
from mockserver.simulation.matchers import PatternError
from mockserver.simulation.samples import Sampler

PLACES = list(
    Surface({"/v1": load_api(), **{f"/{host}/v1": own for host, own in load_hosts().items()}})
)
#: Examples of the contract that break their own schemas, by operation.
WRONG = {"listInstallations", "getInstallation", "listInstallationsForProject", "updateConnection"}


def statuses(place: Place) -> list[int]:
    """Return the declared statuses that have a body; one stands for `default`."""
    declared = [418 if one == "default" else int(one) for one in place.operation.answers]
    return [status for status in declared if place.content(status) is not None]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.operation.operation_id)
def test_a_legal_body_is_made_for_every_answer(place: Place):
    for status in statuses(place):
        for seed in ("", "x"):
            value = make(place, status, Reply(dynamic=True, seed=seed), seed=0)
            assert place.violation(status, value) is None


def is_wrong(place: Place, status: int, name: str | None) -> bool:
    try:
        make(place, status, Reply(example=name, is_strict=True), seed=0)
    except PatternError as error:
        return "breaks its schema at /" in error.detail
    return False


def test_the_contracts_own_examples_are_right_but_for_these():
    wrong = set()
    for place in PLACES:
        for status in statuses(place):
            for name in [None, *filter(None, examples(place, status))]:
                if is_wrong(place, status, name):
                    wrong.add(place.operation.operation_id)
    assert wrong == WRONG


def sample(schema: dict[str, Any], *, seed: int = 0, dynamic: bool = False) -> Any:
    document = {"components": {"schemas": {"Part": {"type": "string", "enum": ["a", "b"]}}}}
    value = Sampler(document, seed=seed, stream="s", dynamic=dynamic).value(schema)
    held = {
        **document,
        "components": {"schemas": {**document["components"]["schemas"], "It": schema}},
    }
    assert Schemas(held).violations("/components/schemas/It", value) == []
    return value


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 5, "maximum": 6},
        {"type": "number", "minimum": 1, "exclusiveMinimum": True},
        {"type": "string", "minLength": 12},
        {"type": "string", "maxLength": 2},
        {"type": "string", "pattern": "^[a-z0-9-]+$", "minLength": 3},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "format": "uri"},
        {"type": "string", "format": "email"},
        {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "boolean"}},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"allOf": [{"$ref": "#/components/schemas/Part"}]},
        {"oneOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}]},
        {
            "type": "object",
            "required": ["a", "b"],
            "allOf": [
                {"properties": {"a": {"type": "array", "items": {"type": "object"}}}},
                {
                    "properties": {
                        "a": {
                            "items": {"required": ["x"], "properties": {"x": {"type": "integer"}}}
                        },
                        "b": {"type": "string", "example": 7},
                    }
                },
            ],
        },
        {},
    ],
)
def test_a_value_keeps_to_its_schema(schema: dict[str, Any], dynamic: bool):
    for seed in range(5):
        sample(schema, seed=seed, dynamic=dynamic)


def test_examples_and_defaults_are_taken_unless_values_are_made_up():
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "example": "given"},
            "b": {"type": "integer", "default": 7},
        },
    }

    assert sample(schema) == {"a": "given", "b": 7}
    assert sample(schema, dynamic=True)["a"] != "given"


def test_one_property_more_changes_no_other():
    small = {"type": "object", "properties": {"b": {"type": "string"}}}
    large = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}

    assert sample(small, dynamic=True)["b"] == sample(large, dynamic=True)["b"]
