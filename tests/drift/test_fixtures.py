"""Every shipped fixture loads, shows what the contract allows, and survives being exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.resources.tables import RESOURCES
from mockserver.rules import views
from mockserver.seeding.export import export
from mockserver.seeding.recipes import RECIPES
from mockserver.seeding.source import available
from tests.conftest import make_mock

EACH = pytest.mark.parametrize("name", available())


@EACH
def test_a_fixture_loads_and_its_records_fit_their_schemas(name: str):
    mock = make_mock(fixture=name)
    schemas = mock.contract.response_schemas

    for resource in RESOURCES.values():
        for record in mock.sandbox.root.tables[resource.name]:
            if resource.component:
                pointer = f"/components/schemas/{resource.component}"
                embedded = RECIPES[resource.name].embedded
                found = schemas.violations(pointer, views.show(resource, record))
                assert [v for v in found if v.path or v.missing not in embedded] == []


@EACH
def test_a_fixture_survives_export_and_load(name: str, tmp_path: Path):
    before = export(make_mock(fixture=name).sandbox.root)
    path = tmp_path / "exported.yaml"
    path.write_text(yaml.safe_dump(before, sort_keys=False), encoding="utf-8")

    after = export(make_mock(fixture=str(path)).sandbox.root)

    assert after == before


@EACH
def test_a_fixture_loads_the_same_twice(name: str):
    first, second = (export(make_mock(fixture=name).sandbox.root) for _ in range(2))

    assert first == second


def test_the_fixture_to_start_from_has_every_kind_of_record():
    content: dict[str, Any] = export(make_mock().sandbox.root)
    made_by_calls_only = {"billingSessions", "customFields", "oauthSessions", "uploads"}
    made_by_calls_only |= {"writtenRecords"}
    follows_from_the_rest = {"readSchedules", "schemaWatches", "heldResults", "downloads"}
    follows_from_the_rest |= {"destinationHealth", "missedMessages"}

    assert set(RESOURCES) - set(content) == made_by_calls_only | follows_from_the_rest


def test_every_resource_has_a_recipe():
    assert set(RECIPES) == set(RESOURCES)
