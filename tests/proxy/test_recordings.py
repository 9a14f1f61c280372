"""What a recording keeps: every exchange without its secrets, and the world that was seen."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from mockserver.proxy.bench import Bench
from mockserver.proxy.fixture import fixture_of
from mockserver.proxy.log import Log
from mockserver.proxy.recording import Files, Recording
from mockserver.proxy.world import World
from tests.proxy.standing import TOPIC, TOPICS, Canned, proxying, standing

SECRET = "s3cr3t-of-a-customer"
PROJECT_ID = TOPIC["projectId"]
TIME = "2026-02-01T12:00:00Z"
P = "/v1/projects/my-project"


@pytest.fixture
def recording(tmp_path: Path, world: World) -> Iterator[Recording]:
    render = partial(_render, source="http://upstream.example", time=TIME)
    opened = Recording(Files.named(tmp_path / "seen"), world, render)
    yield opened
    opened.close()


def _render(world: World, *, source: str, time: str) -> str:
    return fixture_of(world).text(source=source, time=time)


@pytest.mark.parametrize(
    ("given", "archive", "fixture"),
    [
        ("a/seen", "a/seen.har", "a/seen.yaml"),
        ("seen.har", "seen.har", "seen.yaml"),
        ("seen.YML", "seen.har", "seen.YML"),
        ("v1.2", "v1.2.har", "v1.2.yaml"),
    ],
)
def test_one_name_stands_for_both_files(given: str, archive: str, fixture: str):
    assert Files.named(Path(given)) == Files(Path(archive), Path(fixture))


def test_an_archive_holds_the_exchanges_without_their_secrets(bench: Bench, recording: Recording):
    app = {"id": "a1", "projectId": PROJECT_ID, "provider": "hubspot", "clientId": "public",
           "createTime": TIME, "echo": SECRET}  # fmt: skip
    sent = {"provider": "hubspot", "clientId": "public", "clientSecret": SECRET}

    with standing(Canned.json(app, 201, set_cookie=f"s={SECRET}")) as url:
        with proxying(bench, url, recording) as proxy:
            proxy.post(f"{P}/provider-apps", sent, headers={"X-Api-Key": "key-" + SECRET})
            proxy.get("/ui")
        recording.save()

    text = recording.files.archive.read_text()
    assert SECRET not in text + recording.files.fixture.read_text()
    log = json.loads(text)["log"]
    assert log["version"] == "1.2"
    (entry,) = log["entries"]  # the page is none of the contract's
    assert entry["startedDateTime"] == "2026-02-02T02:40:00Z"
    assert entry["request"]["url"] == f"{url}{P}/provider-apps"
    assert json.loads(entry["request"]["postData"]["text"])["clientId"] == "public"
    assert {"name": "set-cookie", "value": "[REDACTED]"} in entry["response"]["headers"]
    assert entry["response"]["status"] == 201
    assert entry["_operationId"] == "createProviderApp"


def test_a_recording_is_whole_before_anything_came_and_after_each_saving(
    bench: Bench, recording: Recording
):
    assert json.loads(recording.files.archive.read_text())["log"]["entries"] == []
    counts = []

    with standing(Canned.json([TOPIC])) as url, proxying(bench, url, recording) as proxy:
        for _ in range(3):
            proxy.get(TOPICS)
            recording.save()
            log = json.loads(recording.files.archive.read_text())["log"]
            counts.append(len(log["entries"]))

    assert counts == [1, 2, 3]
    for path in (recording.files.archive, recording.files.fixture):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = yaml.safe_load(recording.files.fixture.read_text())
    assert [topic["name"] for topic in content["topics"]] == ["lead-alerts"]


def test_a_body_that_is_no_text_is_kept_as_base64(bench: Bench, recording: Recording):
    with standing(Canned(200, b"\xff\x00")) as url, proxying(bench, url, recording) as proxy:
        proxy.get(TOPICS)
    recording.save()

    (entry,) = json.loads(recording.files.archive.read_text())["log"]["entries"]
    content = entry["response"]["content"]
    assert (content["text"], content["encoding"], content["size"]) == ("/wA=", "base64", 2)


def test_the_log_has_a_line_for_what_is_broken_only(bench: Bench, tmp_path: Path):
    path = tmp_path / "log.jsonl"
    path.write_text("there before\n")
    log = Log(path)
    upstream = Canned.json([TOPIC])

    with standing(upstream) as url, proxying(bench, url, log) as proxy:
        proxy.get(TOPICS)
        upstream.body = json.dumps([{"name": f"{SECRET}", "key": SECRET}] * 500).encode()
        proxy.get(f"{TOPICS}?token={SECRET}")
    log.close()

    before, line = path.read_text().splitlines()
    written = json.loads(line)
    assert before == "there before"
    assert SECRET not in line
    assert len(written["violations"]) == 200
    assert written["violationsLeftOut"] == 1300
    assert written["query"] == "token=%5BREDACTED%5D"
