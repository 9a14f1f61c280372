"""The command `mockserver proxy`, as people run it."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.client import KEY as MOCK_KEY
from tests.proxy.commands import eventually, proxy_process
from tests.proxy.standing import KEY, TOPIC, TOPICS, Canned, Running, standing
from tests.server import serving

COLLECTIONS = (
    "topics",
    "destinations",
    "topic-destination-routes",
    "notification-event-topic-routes",
    "integrations",
    "installations",
    "connections",
    "provider-apps",
    "jwt-keys",
)
SECRET = "sk-live-of-a-customer"
BROKEN = {name: value for name, value in TOPIC.items() if name != "createTime"}


def call(url: str) -> Running:
    return Running(url, [], [])


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    return Command(capsys)


def test_it_judges_logs_records_and_sums_up(tmp_path: Path):
    upstream = Canned.json([TOPIC, BROKEN], x_request_id="r#1")

    with (
        standing(upstream) as url,
        proxy_process(
            f"{url}/v1", "--log", "broken.jsonl", "--record", "seen", "--fail-on", "error",
            folder=tmp_path,
        ) as proxy,
    ):  # fmt: skip
        answer = call(proxy.url).get(f"{TOPICS}?x=1", headers={"X-Api-Key": SECRET})
        assert answer.headers["sl-violations"].startswith('[{"location":["response","body",1')

    assert (proxy.code, proxy.err) == (1, "")
    assert f"ERROR    GET {TOPICS}?x=1 -> 200" in proxy.out
    assert "response body /1/createTime: createTime is required (required)" in proxy.out
    assert "1 exchange of 1 operation judged  1 error" in proxy.out
    assert "mockserver serve --fixture seen.yaml" in proxy.out
    (line,) = (tmp_path / "broken.jsonl").read_text().splitlines()
    logged = json.loads(line)
    assert logged["operationId"] == "listTopics"
    assert logged["violations"][0]["pointer"] == "/1/createTime"
    assert logged["requestId"] == "r#1"
    assert logged["response"]["json"] == [TOPIC, BROKEN]
    for path in tmp_path.iterdir():
        assert SECRET not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "broken.jsonl",
        "seen.har",
        "seen.yaml",
    ]


def test_a_recorded_world_is_served_again(tmp_path: Path):
    project = "/v1/projects/my-project"
    with (
        serving("--fixture", "acme") as mock,
        proxy_process(mock.url, "--record", "world.yaml", folder=tmp_path) as proxy,
    ):
        theirs = call(proxy.url)
        key = {"X-Api-Key": MOCK_KEY}
        created = theirs.post(f"{project}/topics", {"name": "recorded"}, headers=key).json()
        gone = theirs.post(f"{project}/topics", {"name": "short-lived"}, headers=key).json()
        theirs.call("DELETE", f"{project}/topics/{gone['id']}", headers=key)
        before = {name: theirs.get(f"{project}/{name}", headers=key).json() for name in COLLECTIONS}
        one = theirs.get(project, headers=key).json()

    assert "left out" not in proxy.out
    assert proxy.code == 0, proxy.out
    assert created in before["topics"]
    with serving("--fixture", str(tmp_path / "world.yaml")) as again:
        ours = call(again.url)
        key = {"X-Api-Key": "recorded-my-project-key"}
        after = {name: ours.get(f"{project}/{name}", headers=key).json() for name in COLLECTIONS}
        assert ours.get(project, headers=key).json() == one
    for name in COLLECTIONS:
        assert _by_id(after[name]) == _by_id(before[name]), name


def _by_id(records: list[dict[str, object]]) -> dict[object, dict[str, object]]:
    return {record["id"]: record for record in records}


def test_a_recording_survives_a_crash(tmp_path: Path, command: Command):
    with (
        standing(Canned.json([TOPIC])) as url,
        proxy_process(url, "--record", "seen.har", folder=tmp_path) as proxy,
    ):
        call(proxy.url).get(TOPICS)
        eventually(tmp_path / "seen.yaml", "lead-alerts")
        proxy.kill()

    har = json.loads((tmp_path / "seen.har").read_text())
    assert [entry["response"]["status"] for entry in har["log"]["entries"]] == [200]
    assert command("audit", str(tmp_path / "seen.har")).code == 0
    shown = command("fixtures", str(tmp_path / "seen.yaml"))
    assert (shown.code, "lead-alerts" in shown.out) == (0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seen.har", "seen.yaml"]


def test_what_the_mock_would_refuse_is_left_out_and_said(tmp_path: Path):
    odd = {**TOPIC, "id": "t2", "name": "name with spaces / and more", "extra": 1}
    destination = {
        "id": "d1",
        "name": "no dashes!",
        "type": "webhook",
        "createTime": TOPIC["createTime"],
        "metadata": {"url": "https://hooks.example/x"},
    }
    destinations = "/v1/projects/my-project/destinations"
    upstream = Canned.json([TOPIC, odd])

    with (
        standing(upstream) as url,
        proxy_process(url, "--record", "seen", folder=tmp_path) as proxy,
    ):
        call(proxy.url).get(TOPICS)
        upstream.body = json.dumps([destination]).encode()
        call(proxy.url).get(destinations)

    assert "left out: destinations no dashes!: name: invalid destination name" in proxy.out
    text = (tmp_path / "seen.yaml").read_text()
    assert "# left out: destinations no dashes!" in text
    assert "no dashes!\n" not in text
    with serving("--fixture", str(tmp_path / "seen.yaml")) as again:
        key = {"X-Api-Key": "recorded-my-project-key"}
        assert call(again.url).get(destinations, headers=key).json() == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Canned.json([TOPIC]), 0), (Canned.json({"title": "No", "status": 404}, 404), 1)],
)
def test_it_fails_on_what_it_was_told_to(tmp_path: Path, answer: Canned, code: int):
    with (
        standing(answer) as url,
        proxy_process(url, "--fail-on", "error", folder=tmp_path) as proxy,
    ):
        call(proxy.url).get(TOPICS)

    assert proxy.code == code


def test_nothing_judged_is_no_success_when_it_was_asked_to_fail(tmp_path: Path):
    with (
        standing(Canned.json([])) as url,
        proxy_process(url, "--fail-on", "error", folder=tmp_path) as proxy,
    ):
        call(proxy.url).get("/ui")

    assert proxy.code == 2
    assert "0 exchanges" in proxy.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--upstream'"),
        (("--upstream", "example.com"), "--upstream 'example.com': not an address"),
        (("--upstream", "http://a@b"), "credentials"),
        (("--upstream", "http://x.example", "--log", "/nowhere/log"), "/nowhere/log: No such file"),
        (
            ("--upstream", "http://x.example", "--record", "/nowhere/r"),
            "/nowhere/r.har: No such file",
        ),
        (("--upstream", "http://x.example", "--allow-destination", "x"), "HOST:PORT"),
        (("--upstream", "http://x.example", "--timeout", "0"), "--timeout"),
    ],
)
def test_a_mistake_is_one_line(command: Command, arguments: tuple[str, ...], said: str):
    assert said in command.refuses("proxy", *arguments)


def test_a_port_that_is_taken_is_one_line(command: Command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = command.refuses("proxy", "--upstream", "http://x.example", "--port", str(port))

    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "--port 0" in said
    assert KEY
