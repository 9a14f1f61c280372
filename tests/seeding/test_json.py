"""Fixtures in JSON: the same world as in YAML, and refusals that say what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.contract.documents import read_yaml
from mockserver.seeding.export import export
from mockserver.seeding.source import FixtureError, fixtures_directory
from tests.conftest import make_mock


def refusal(path: Path, text: str) -> FixtureError:
    path.write_text(text)
    with pytest.raises(FixtureError) as caught:
        make_mock(fixture=str(path))
    return caught.value


def test_a_fixture_in_json_is_the_world_that_it_is_in_yaml(tmp_path: Path):
    path = tmp_path / "world.json"
    path.write_text(json.dumps(read_yaml(fixtures_directory() / "acme.yaml")))

    in_json, in_yaml = make_mock(fixture=str(path)), make_mock(fixture="acme")

    assert export(in_json.sandbox.root) == export(in_yaml.sandbox.root)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"orgs": [\n]', "not JSON: Expecting ',' delimiter"),
        ("[]", "a fixture is an object of sections"),
        ('{"orgs": [], "orgs": []}', "'orgs' stands twice in one object"),
        ('{"orgs": [{"label": NaN}]}', "NaN is no number that JSON has"),
        ('{"orgs": [{"label": 1e999}]}', "1e999 is no number that JSON has"),
        ('{"orgs": [{"label": 9223372036854775808}]}', "an integer beyond 64 bits"),
        ('{"orgs": ' + "[" * 100_000, "nested too deeply"),
        ('{"orgs": [{"label": "Acme"}], "org": []}', "unknown section 'org'; did you mean orgs?"),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, text: str, reason: str):
    error = refusal(tmp_path / "world.json", text)

    assert reason in error.reason
    assert str(tmp_path / "world.json") in str(error)


def test_broken_json_is_told_with_its_line(tmp_path: Path):
    assert refusal(tmp_path / "world.json", '{"orgs":\n[}').line == 2
