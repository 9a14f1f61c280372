"""`mockserver coverage`: sources, thresholds, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from tests.cli.command import Command
from tests.client import KEY, Client
from tests.conftest import make_mock
from tests.server import Server, serving
from tests.sinks import closed_port

PROJECT = "/projects/my-project"


def saved(path: Path, *paths: str) -> Path:
    """Save the report of a mock that some paths were called of."""
    client = Client(make_mock())
    for one in paths:
        client.get(one)
    path.write_bytes(client.get("/__admin/coverage", root=True).body)
    return path


@pytest.fixture
def shard(tmp_path: Path) -> Path:
    return saved(tmp_path / "one.json", PROJECT, "/projects/none")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        key = {"X-Api-Key": KEY}
        httpx.get(f"{running.url}/v1{PROJECT}", headers=key)
        httpx.get(
            f"{running.url}/v1{PROJECT}/topics", headers={**key, "X-Mock-Sandbox": "elsewhere"}
        )
        yield running


def test_a_report_is_shown(command: Command, shard: Path):
    shown = command("coverage", str(shard))

    assert shown.code == 0
    lines = [line.split() for line in shown.out.splitlines()]
    assert ["operations", "1", "of", "87", "1.1", "%"] in lines
    assert ["getProject", "2", "200x1", "defaultx1", "0/1"] in lines
    assert "Never called: 86" in shown.out
    assert "createTopic" in shown.out


def test_a_running_mock_is_asked(command: Command, server: Server):
    for url in (server.url, f"{server.url}/", f"{server.url}/v1"):
        shown = command("coverage", url, "--json")
        assert json.loads(shown.out)["requests"] == 1
        assert json.loads(shown.out)["sandboxes"] == ["default"]


def test_sandboxes_are_chosen(command: Command, server: Server):
    one = json.loads(command("coverage", server.url, "--sandbox", "elsewhere", "--json").out)
    both = json.loads(command("coverage", server.url, "--all", "--json").out)

    assert (one["sandboxes"], one["requests"]) == (["elsewhere"], 1)
    assert (both["sandboxes"], both["requests"]) == (["default", "elsewhere"], 2)


def test_what_json_prints_can_be_read_again_and_added_up(
    command: Command, shard: Path, tmp_path: Path
):
    other = saved(tmp_path / "two.json", f"{PROJECT}/topics", PROJECT)
    merged = command("coverage", str(shard), str(other), "--json").out
    both = tmp_path / "both.json"
    both.write_text(merged)

    assert json.loads(merged)["requests"] == 4
    assert json.loads(merged)["summary"]["operations"]["covered"] == 2
    assert command("coverage", str(both), "--json").out == merged


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-under", "0"], 0),
        (["--fail-under", "99"], 1),
        (["--fail-under", "1", "--measure", "operations"], 0),
        (["--fail-under", "2", "--measure", "operations"], 1),
        (["--fail-under", "0.1", "--measure", "parameters"], 1),
    ],
)
def test_too_little_is_told_by_the_exit_code(
    command: Command, shard: Path, options: list[str], code: int
):
    shown = command("coverage", str(shard), *options)

    assert shown.code == code
    assert ("wanted" in shown.err) == (code == 1)


def test_junit_has_a_case_for_each_operation_and_one_for_the_threshold(
    command: Command, shard: Path, tmp_path: Path
):
    path = tmp_path / "coverage.xml"
    command("coverage", str(shard), "--junit", str(path), "--fail-under", "50")

    suite = ElementTree.parse(path).getroot().find("testsuite")  # noqa: S314 # we wrote it
    assert suite is not None
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "88", "failures": "1", "skipped": "86", "errors": "0"}
    threshold, *cases = suite.findall("testcase")
    assert threshold.get("name") == "all at 50 % or more"
    assert threshold.find("failure") is not None
    called = next(case for case in cases if case.get("name") == "getProject")
    text = called.findtext("system-out")
    assert text is not None
    assert text.splitlines()[:2] == ["2 requests", "answers exercised: 200, default"]


def test_the_page_is_written(command: Command, shard: Path, tmp_path: Path):
    path = tmp_path / "coverage.html"
    command("coverage", str(shard), "--html", str(path))

    assert "Contract coverage" in path.read_text(encoding="utf-8")


def test_what_is_no_report_is_refused(command: Command, tmp_path: Path, server: Server):
    odd = tmp_path / "odd.json"
    odd.write_text("{")
    assert "not JSON" in command.refuses("coverage", str(odd))
    odd.write_text("{}")
    assert "no report of mockserver coverage" in command.refuses("coverage", str(odd))
    assert "No such file" in command.refuses("coverage", str(tmp_path / "absent.json"))
    assert "--all and --sandbox" in command.refuses("coverage", str(odd), "--all", "--sandbox", "x")
    nobody = f"http://127.0.0.1:{closed_port()}"
    assert nobody in command.refuses("coverage", nobody)
    assert "http://" in command.refuses("coverage", "http://[")
    strange = command.refuses("coverage", server.url, "--sandbox", "No Name")
    assert "answered 400" in strange


def test_reports_of_different_contracts_are_not_added_up(
    command: Command, shard: Path, tmp_path: Path
):
    other = tmp_path / "other.json"
    report = json.loads(shard.read_bytes())
    other.write_text(json.dumps({**report, "operations": report["operations"][:3]}))

    assert "different contracts" in command.refuses("coverage", str(shard), str(other))


@pytest.mark.parametrize("option", ["--junit", "--html"])
def test_a_file_that_cannot_be_written_is_told(
    command: Command, shard: Path, tmp_path: Path, option: str
):
    told = command.refuses("coverage", str(shard), option, str(tmp_path / "no" / "folder.x"))

    assert told.startswith(option)


def test_the_token_is_sent(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[httpx.Request] = []
    content = saved(tmp_path / "one.json", PROJECT).read_bytes()

    def get(url: str, **options: object) -> httpx.Response:
        asked.append(httpx.Request("GET", url, headers=options["headers"]))  # type: ignore[arg-type] # what the command gives
        return httpx.Response(200, content=content)

    monkeypatch.setattr(httpx, "get", get)
    monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "a-token")
    command("coverage", "http://mock.example:4010", "--json")

    (request,) = asked
    assert request.headers["authorization"] == "Bearer a-token"
    assert str(request.url) == "http://mock.example:4010/__admin/coverage"
