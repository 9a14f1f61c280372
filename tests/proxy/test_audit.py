"""`mockserver audit`: what it says of archives, whoever wrote them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mockserver.contract.documents import spec_directory
from mockserver.proxy.bench import Bench
from tests.cli.command import Command
from tests.proxy.archives import API, archive, entry, facts
from tests.proxy.standing import TOPIC, TOPICS
from tests.server import serving

BROKEN = {name: value for name, value in TOPIC.items() if name != "name"}
CONNECTION = f"{API}/v1/projects/p/connections/c"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    return Command(capsys)


def test_right_traffic_passes(command: Command, tmp_path: Path):
    path = archive(tmp_path, entry(), entry("POST", answer=TOPIC, status=201, sent={"name": "x"}))

    ended = command("audit", str(path))

    assert (ended.code, ended.err) == (0, "")
    assert "2 exchanges of 2 operations judged  0 errors  0 warnings" in ended.out
    assert f"{API}/v1" in ended.out


def test_a_violation_is_shown_with_operation_place_and_entry(command: Command, tmp_path: Path):
    path = archive(tmp_path, entry(), entry(answer=[TOPIC, BROKEN, BROKEN]))

    ended = command("audit", str(path))

    assert ended.code == 1
    assert "ERROR    listTopics  response body /*/name  x2" in ended.out
    assert "name is required (required)" in ended.out
    assert f"#2 GET {TOPICS} -> 200" in ended.out


def test_json_and_junit_say_the_same(command: Command, tmp_path: Path):
    path = archive(tmp_path, entry(answer=[BROKEN]), entry("POST", status=400, answer={}, sent=7))
    report = tmp_path / "audit.xml"

    ended = command("audit", str(path), "--json", "--junit", str(report))

    found = json.loads(ended.out)
    assert ended.code == 1
    assert (found["entries"], found["judged"], found["errors"]) == (2, 2, 2)
    assert found["violations"][0]["example"].startswith("#")
    suite = ElementTree.fromstring(report.read_text())[0]  # noqa: S314 # written just above
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert [case.get("name") for case in suite] == ["listTopics", "createTopic"]
    assert "response body /*/name" in str(suite[0][0].text)


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_a_warning_fails_only_when_asked_to(
    command: Command, tmp_path: Path, fail_on: str, code: int
):
    refused = entry(
        "POST",
        status=400,
        answer={"title": "No", "status": 400},
        sent={},
        answered=[("content-type", "application/problem+json")],
    )

    ended = command("audit", str(archive(tmp_path, refused)), "--fail-on", fail_on)

    assert ended.code == code


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ("[]", "no log.entries"),
        ('{"log": {}}', "no log.entries"),
        ('{"log": {"entries": {}}}', "no log.entries"),
        ("[" * 100_000, "nested too deeply"),
        ("\xff\xfe", "no JSON"),
    ],
)
def test_what_is_no_archive_is_one_line(command: Command, tmp_path: Path, content: str, said: str):
    path = tmp_path / "no.har"
    path.write_text(content, encoding="latin-1")

    assert said in command.refuses("audit", str(path))


def test_a_file_that_is_not_there_is_one_line(command: Command, tmp_path: Path):
    assert "No such file" in command.refuses("audit", str(tmp_path / "missing.har"))
    assert "Is a directory" in command.refuses("audit", str(tmp_path))


def test_nothing_judged_is_no_success(command: Command, tmp_path: Path):
    ended = command("audit", str(archive(tmp_path, entry(url="https://cdn.example/app.js"))))

    assert ended.code == 2
    assert "Nothing was judged" in ended.out


def test_other_hosts_are_counted_and_left_alone(bench: Bench, tmp_path: Path):
    path = archive(
        tmp_path,
        entry(),
        entry(url="https://cdn.example/app.js"),
        entry(url="https://cdn.example/app.css"),
        entry(url="https://read.withampersand.com/v1/projects"),
        entry(url=f"{API}/read/v1/projects"),
        entry(url="https://analytics.example/v1/collect"),
        entry(url="data:text/plain,x"),
        entry("OPTIONS", status=204, answer=None),
    )

    found = facts(bench, path)

    assert (found["judged"], found["errors"], found["outside"]) == (1, 0, 1)
    assert found["servers"] == {API: 2}
    assert found["otherHosts"]["cdn.example"] == 2
    assert sum(found["otherHosts"].values()) == 5
    assert found["skipped"] == {"an address that cannot be read": 1}


def test_several_servers_are_found_below_their_paths(bench: Bench, tmp_path: Path):
    path = archive(
        tmp_path,
        entry(),
        entry(url=f"http://LOCALHOST:4010/__sandbox/a{TOPICS}"),
        entry(url=f"{API}:443/v1/nothing", status=404),
    )

    found = facts(bench, path)

    assert found["servers"] == {API: 2, "http://localhost:4010/__sandbox/a": 1}
    assert found["noOperation"] == 1


def test_only_the_server_that_was_named_is_judged(command: Command, tmp_path: Path):
    path = archive(tmp_path, entry(), entry(url=f"http://localhost:4010{TOPICS}", answer=[BROKEN]))

    assert command("audit", str(path), "--server", f"{API}/v1").code == 0
    assert command("audit", str(path), "--server", "http://LOCALHOST:4010").code == 1
    assert "not an address" in command.refuses("audit", str(path), "--server", "x")


def test_keys_are_not_shown(command: Command, tmp_path: Path):
    url = f"{API}/v1/projects/p/api-keys/sk-live-0123456789?token=sk-live-0123456789"

    ended = command("audit", str(archive(tmp_path, entry(url=url, answer={}))))

    assert ended.code == 1
    assert "sk-live" not in ended.out


@pytest.mark.timeout(180)
def test_an_archive_of_schemathesis_has_no_errors(bench: Bench, tmp_path: Path):
    """The mock's traffic, as another tool recorded it, secrets filtered."""
    schema, path = spec_directory() / "api" / "api.yaml", tmp_path / "st.har"
    chosen = ["listTopics", "createTopic", "getDestination", "getConnection"]
    with serving() as server:
        run = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", str(schema)]
            + ["--url", f"{server.url}/v1", "--phases", "examples,coverage"]
            + ["-H", "X-Api-Key: mock-full-key", "--report-har-path", str(path)]
            + [part for name in chosen for part in ("--include-operation-id", name)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert path.exists(), run.stdout + run.stderr
    assert "[Filtered]" in path.read_text()

    found = facts(bench, path)

    assert found["judged"] > 50
    assert found["errors"] == 0
    assert {row["operationId"] for row in found["operations"]} >= set(chosen)
