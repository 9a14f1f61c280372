"""The bundles say what their sources say, and are documents that strict readers take."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from openapi_spec_validator import validate

from mockserver.contract.bundle import BUNDLES, build_bundle, render
from mockserver.contract.contract import load_api
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.schemas import Schemas
from mockserver.resources.providers import load_catalog

SPEC = spec_directory()
SCHEMAS = "/components/schemas/"
BUNDLE = pytest.mark.parametrize("name", BUNDLES)


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((SPEC / name).read_bytes())["document"]
    return found


@BUNDLE
def test_a_bundle_is_current(name: str):
    rebuilt = render(build_bundle(SPEC, BUNDLES[name]))

    assert (SPEC / name).read_text(encoding="utf-8") == rebuilt, "run: make bundle"


@BUNDLE
def test_a_bundle_is_a_legal_document(name: str):
    validate(document(name))


@BUNDLE
def test_titles_are_unique_and_nobody_elses_name(name: str):
    components = document(name)["components"]["schemas"]
    titles = [(plain(s["title"]), own) for own, s in components.items() if "title" in s]
    names = {plain(own): own for own in components}

    assert len(names) == len(components)
    assert len({title for title, _ in titles}) == len(titles)
    assert [(title, own) for title, own in titles if names.get(title, own) != own] == []


@BUNDLE
def test_keys_are_texts_and_references_stand_alone(name: str):
    bundle = document(name)

    for node in nodes(bundle):
        assert "$ref" not in node or list(node) == ["$ref"]
        assert str(node.get("$ref", "#")).startswith("#")
    for item in bundle["paths"].values():
        for operation in item.values():
            assert all(re.fullmatch(r"[1-5]\d\d|default", s) for s in operation["responses"])


@BUNDLE
def test_every_schema_compiles(name: str):
    bundle = document(name)
    schemas = Schemas(bundle)

    for component in bundle["components"]["schemas"]:
        schemas.validator(f"{SCHEMAS}{component}")


def test_every_schema_that_an_operation_uses_compiles():
    contract = load_api()
    pointers = 0

    for operation in contract.operations.values():
        for parameter in operation.parameters:
            contract.request_schemas.validator(parameter.schema_pointer)
        for body in operation.bodies:
            contract.request_schemas.validator(str(body.schema_pointer))
            pointers += 1
        for answer in operation.answers.values():
            for content in answer.contents:
                contract.response_schemas.validator(str(content.schema_pointer))
                pointers += 1

    assert pointers > 200


def test_components_of_one_name_and_two_meanings_are_kept_apart():
    built = build_bundle(SPEC, "api/api.yaml")
    components = built.document["components"]["schemas"]
    own = set(read_yaml(SPEC / "api" / "api.yaml")["components"]["schemas"])
    collisions = {(where, name) for (where, name) in built.names if name in own}

    assert collisions == {
        ("manifest/manifest.yaml", "Integration"),
        ("catalog/catalog.yaml", "ProviderMetadata"),
        ("catalog/catalog.yaml", "ProviderAppMetadata"),
    }
    for where, name in collisions:
        renamed = built.names[where, name]
        assert renamed != name
        assert components[renamed] != components[name]


@pytest.mark.parametrize(("value", "taken"), [([], True), ({}, False), ({"a": "b"}, False)])
def test_a_providers_parameters_are_the_catalogs_list_and_not_the_apps_map(value: Any, taken: bool):
    contract = load_api()
    content = contract.operations["getProvider"].success.content
    assert content is not None
    catalog = load_catalog(SPEC / "catalog" / "providers.tsv")
    info = {**catalog.providers["salesforce"], "providerAppMetadata": {"providerParams": value}}

    violations = contract.response_schemas.violations(str(content.schema_pointer), info)

    assert [v.path[-1] for v in violations] == ([] if taken else ["providerParams"])


def test_a_second_build_is_the_same_build():
    first, second = (render(build_bundle(SPEC, "api/api.yaml")) for _ in range(2))

    assert first == second
    assert json.loads(first)["document"]["openapi"] == "3.0.1"


def plain(title: str) -> str:
    """Return a title as code generators compare them."""
    return re.sub(r"[^a-z0-9]", "", title.lower())


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value
    for child in children if isinstance(value, dict | list) else ():
        yield from nodes(child)
