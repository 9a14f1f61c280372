"""Bundling keeps every schema's meaning, whatever its name is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.contract.bundle import Bundle, build_bundle
from mockserver.contract.documents import read_yaml


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Write a document and two siblings. Two have a Pet; one sibling uses the other."""
    write(
        tmp_path / "api/api.yaml",
        {
            "Pet": {"type": "string"},
            "Home": {
                "properties": {
                    "own": {"$ref": "#/components/schemas/Pet"},
                    "lion": {"$ref": "../zoo/zoo.yaml#/components/schemas/Pet"},
                    "cow": {"$ref": "../farm/farm.yaml#/components/schemas/Cow"},
                }
            },
        },
    )
    write(
        tmp_path / "zoo/zoo.yaml",
        {
            "Pet": {
                "type": "object",
                "properties": {
                    "young": {"$ref": "#/components/schemas/Pet"},
                    "neighbour": {"$ref": "../farm/farm.yaml#/components/schemas/Cow"},
                },
            },
            "Unused": {"type": "null"},
        },
    )
    write(tmp_path / "farm/farm.yaml", {"Cow": {"type": "integer"}})
    return tmp_path


def write(path: Path, schemas: dict[str, Any], **more: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    content = {"components": {"schemas": schemas}, "paths": {}, **more}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def bundled(spec: Path) -> Bundle:
    return build_bundle(spec, "api/api.yaml")


def test_a_sibling_whose_name_is_taken_is_renamed_and_what_refers_to_it_follows(spec: Path):
    schemas = bundled(spec).document["components"]["schemas"]

    assert schemas["Pet"] == {"type": "string"}
    assert schemas["Home"]["properties"] == {
        "own": {"$ref": "#/components/schemas/Pet"},
        "lion": {"$ref": "#/components/schemas/ZooPet"},
        "cow": {"$ref": "#/components/schemas/Cow"},
    }
    assert schemas["ZooPet"]["properties"] == {
        "young": {"$ref": "#/components/schemas/ZooPet"},
        "neighbour": {"$ref": "#/components/schemas/Cow"},
    }


def test_only_what_is_used_comes_along_and_every_origin_is_known(spec: Path):
    bundle = bundled(spec)
    assert list(bundle.document["components"]["schemas"]) == ["Pet", "Home", "ZooPet", "Cow"]
    assert bundle.names == {
        ("zoo/zoo.yaml", "Pet"): "ZooPet",
        ("farm/farm.yaml", "Cow"): "Cow",
    }


def test_a_reference_to_something_else_than_a_component_is_refused(spec: Path):
    write(spec / "api/api.yaml", {"A": {"$ref": "../zoo/zoo.yaml#/paths/x"}})
    with pytest.raises(ValueError, match="does not name a component schema"):
        bundled(spec)


def test_a_name_that_stays_taken_is_refused(spec: Path):
    write(
        spec / "api/api.yaml",
        {"Pet": {}, "ZooPet": {}, "A": {"$ref": "../zoo/zoo.yaml#/components/schemas/Pet"}},
    )
    with pytest.raises(ValueError, match="no free name for component Pet"):
        bundled(spec)


def test_documents_are_read_as_json_values(tmp_path: Path):
    path = tmp_path / "one.yaml"
    path.write_text("200: {time: 2026-01-05T09:00:00Z, list: [1, {2: x}]}\n", encoding="utf-8")
    assert read_yaml(path) == {"200": {"time": "2026-01-05T09:00:00Z", "list": [1, {"2": "x"}]}}
