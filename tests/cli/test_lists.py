"""`mockserver fixtures` and `mockserver routes`: lists that can be read, and read on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from mockserver.contract.contract import Contract, load_api
from mockserver.resources.tables import RESOURCES
from mockserver.seeding.export import export
from tests.cli.command import Command
from tests.client import Client
from tests.conftest import make_mock

WIDTHS = pytest.mark.parametrize("columns", [60, 80, 120])


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_api()


@WIDTHS
def test_the_fixture_sets_are_listed_with_what_they_hold(
    command: Command, monkeypatch: pytest.MonkeyPatch, columns: int
):
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = command("fixtures")

    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "acme",
        "empty",
        "frontend",
    ]
    assert all(len(line) <= columns and line == line.rstrip() for line in lines)
    text = " ".join(shown.out.split())
    assert "One builder, one organization, one project with a key" in text
    assert "orgs 2, builders 4, builderTokens 4, " in text
    assert "projectRoles 1," in text


def test_a_count_stays_beside_its_section(command: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "30")
    counts = [line for line in command("fixtures").out.splitlines() if re.search(r"\d,$", line)]
    assert counts
    assert all(part.split()[1].rstrip(",").isdigit() for c in counts for part in c.split(", "))


def test_a_fixture_is_printed_as_yaml_that_loads_back(command: Command, tmp_path: Path):
    shown = command("fixtures", "acme")
    assert (shown.code, shown.err) == (0, "")

    path = tmp_path / "printed.yaml"
    path.write_text(shown.out, encoding="utf-8")

    assert export(make_mock(fixture=str(path)).sandbox.root) == export(make_mock().sandbox.root)
    assert set(yaml.safe_load(shown.out)) <= set(RESOURCES)


def test_a_fixture_of_ones_own_is_printed_with_what_the_seed_makes(
    command: Command, tmp_path: Path
):
    path = tmp_path / "my.yaml"
    path.write_text("orgs:\n  - label: Ünïted 会社\n", encoding="utf-8")
    first, other = (command("fixtures", str(path), "--seed", seed).out for seed in ("1", "2"))

    assert "label: Ünïted 会社" in first
    assert first != other


def test_an_empty_fixture_is_printed_as_one_that_loads_back(command: Command, tmp_path: Path):
    path = tmp_path / "my.yaml"
    path.write_text("", encoding="utf-8")
    path.write_text(command("fixtures", str(path)).out, encoding="utf-8")
    assert command("fixtures", str(path)).out == "# an empty world\n"


@WIDTHS
def test_every_operation_is_listed_once_and_nothing_is_broken_inside_a_word(
    command: Command, monkeypatch: pytest.MonkeyPatch, contract: Contract, columns: int
):
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = command("routes")

    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert all(len(line) <= columns and line == line.rstrip() for line in lines)
    words = [word for line in lines for word in line.split()]
    for operation in contract.operations.values():
        assert words.count(operation.operation_id) == 1
    # A path that needs two lines is broken behind a slash, so that joining them gives it back.
    joined = shown.out.replace("/\n        ", "/")
    paths = [word for word in joined.split() if word.startswith("/v1")]
    assert paths == [f"/v1{operation.path}" for operation in contract.operations.values()]


def test_a_pipe_gets_a_line_per_operation(
    command: Command, monkeypatch: pytest.MonkeyPatch, contract: Contract
):
    monkeypatch.delenv("COLUMNS")
    rows = [line.split() for line in command("routes").out.splitlines()]

    assert rows == [
        [operation.method, f"/v1{operation.path}", operation.operation_id]
        for operation in contract.operations.values()
    ]


def test_a_word_narrows_the_list_by_operation_path_and_method(command: Command):
    assert "deleteTopic" in command("routes", "TOPIC").out
    assert "listProjects" not in command("routes", "topic").out
    assert "listProviders" in command("routes", "/v1/providers").out
    assert {
        line.split()[0] for line in command("routes", "put /").out.splitlines() if line[0] != " "
    } == {"PUT"}


def test_everything_that_the_mock_serves_is_listed_where_it_is_served(
    command: Command, monkeypatch: pytest.MonkeyPatch, contract: Contract
):
    monkeypatch.delenv("COLUMNS")
    rows = [line.split() for line in command("routes", "--all").out.splitlines()]
    client = Client(make_mock(), prefix="")

    assert len(rows) > len(contract.operations)
    assert {path.split("/")[1] for _, path, _ in rows} == {
        "v1",
        "read",
        "write",
        "search",
        "__admin",
    }
    for method, path, _ in rows:
        refused = client.call("TRACE", re.sub(r"\{\w+\}", "x", path))
        assert refused.status == 405, path
        assert method in refused.headers["allow"].split(", "), path


def test_what_the_platform_api_does_not_have_is_found_with_the_flag(command: Command):
    refused = command("routes", "advanceClock")
    assert refused.code == 2
    assert "with --all" in refused.err
    assert command("routes", "advanceClock", "--all").out.split() == [
        "POST",
        "/__admin/clock",
        "advanceClock",
    ]
