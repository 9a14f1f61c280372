"""Operations read from a document, with what each takes and may answer."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.operations import Operation, read_operations
from mockserver.pointers import escape

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
JSON = {"application/json": {"schema": {"type": "object"}}}
DOCUMENT: dict[str, Any] = {
    "security": [{"Key": []}, {"Bearer": []}],
    "components": {"schemas": {"Problem": {"type": "object"}, "Name": {"type": "string"}}},
    "paths": {
        "/pets/{name}": {
            "put": {
                "operationId": "putPet",
                "tags": ["Pet", "Other"],
                "summary": "Put a pet",
                "parameters": [
                    {
                        "name": "name",
                        "in": "path",
                        "required": True,
                        "schema": {"$ref": "#/components/schemas/Name"},
                    },
                    {"name": "loud", "in": "query", "schema": {"type": "boolean"}},
                ],
                "requestBody": {"required": True, "content": JSON},
                "responses": {
                    "200": {"content": JSON},
                    404: {"content": PROBLEM},
                    "default": {"content": {"text/plain": {}}},
                },
            },
            "get": {
                "operationId": "getPet",
                "security": [],
                "responses": {"204": {"description": "nothing"}, "404": {"content": PROBLEM}},
            },
            "head": {"operationId": "headPet", "responses": {"200": {}}},
        },
    },
}


@pytest.fixture
def put() -> Operation:
    return read_operations(DOCUMENT)["putPet"]


@pytest.fixture
def get() -> Operation:
    return read_operations(DOCUMENT)["getPet"]


def test_every_operation_is_found_by_its_id():
    found = read_operations(DOCUMENT)
    assert {(o.operation_id, o.method, o.path) for o in found.values()} == {
        ("getPet", "GET", "/pets/{name}"),
        ("putPet", "PUT", "/pets/{name}"),
        ("headPet", "HEAD", "/pets/{name}"),
    }


def test_parameters_know_where_their_schema_stands_and_what_is_behind_a_reference(put: Operation):
    name, loud = put.parameters
    assert (name.place, name.required, name.schema) == ("path", True, {"type": "string"})
    assert (loud.place, loud.required, loud.schema) == ("query", False, {"type": "boolean"})
    assert loud.schema_pointer == "/paths/~1pets~1{name}/put/parameters/1/schema"


def test_bodies_and_answers_know_their_schema_and_component(put: Operation):
    (body,) = put.bodies
    assert put.body_required
    assert body.schema_pointer == (
        "/paths/~1pets~1{name}/put/requestBody/content/application~1json/schema"
    )
    problem = put.answers["404"].content
    assert problem is not None
    assert (problem.media_type, problem.component) == ("application/problem+json", "Problem")
    plain = put.answers["default"].content
    assert plain is not None
    assert (plain.media_type, plain.schema_pointer) == ("text/plain", None)


def test_security_is_the_documents_unless_an_operation_has_its_own(put: Operation, get: Operation):
    assert put.schemes == {"Key", "Bearer"}
    assert not put.is_public
    assert get.is_public


def test_the_success_is_the_one_answer_that_is_2xx(put: Operation, get: Operation):
    assert put.success.status == "200"
    assert (get.success.status, get.success.content) == ("204", None)


def test_a_status_is_declared_by_name_or_through_default(put: Operation, get: Operation):
    assert [put.declares(status) for status in (200, 404, 418)] == [True, True, True]
    assert [get.declares(status) for status in (204, 404, 418)] == [True, True, False]
    answer = put.answer_for(418)
    assert answer is not None
    assert answer.status == "default"
    assert get.answer_for(418) is None


def test_a_status_that_nothing_declares_is_written_like_the_other_errors(get: Operation):
    problem = get.problem_content(418)
    assert problem is not None
    assert problem.media_type == "application/problem+json"
    assert read_operations(DOCUMENT)["headPet"].problem_content(418) is None


def test_the_first_tag_counts(put: Operation, get: Operation):
    assert (put.tag, get.tag) == ("Pet", "")


@pytest.mark.parametrize(
    ("part", "escaped"), [("a/b", "a~1b"), ("a~b", "a~0b"), ("~1", "~01"), ("plain", "plain")]
)
def test_parts_of_pointers_are_escaped(part: str, escaped: str):
    assert escape(part) == escaped
