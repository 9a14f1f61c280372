"""`mockserver audit`: what it says of archives, whoever wrote them."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mockserver.contract.documents import spec_directory
from mockserver.proxy.audit import audit
from mockserver.proxy.bench import Bench
from mockserver.proxy.har_reading import read_archive
from tests.cli.command import Command
from tests.proxy.archives import API, archive, entry
from tests.proxy.standing import TOPIC, TOPICS
from tests.server import serving

BROKEN = {name: value for name, value in TOPIC.items() if name != "name"}
CONNECTION = f"{API}/v1/projects/p/connections/c"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    return Command(capsys)


def facts(bench: Bench, path: Path, *servers: str) -> dict[str, Any]:
    """Return what comes of an archive, as `--json` says it."""
    return audit(read_archive(path), bench, servers).as_json()


def places(found: dict[str, Any]) -> list[str]:
    return [f"{v['location'][0]} {v['location'][1]} {v['pointer']}" for v in found["violations"]]


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


UNREAD = [
    pytest.param(entry(content={"size": 900, "mimeType": "application/json"}), id="no text"),
    pytest.param(
        entry(content={"size": 0, "mimeType": "application/json"}, bodySize=900), id="evicted"
    ),
    pytest.param(
        entry(
            content={
                "size": 9,
                "mimeType": "application/json",
                "text": "[{",
                "comment": "Body truncated: 2 of 9 bytes recorded",
            }
        ),
        id="schemathesis, cut short",
    ),
    pytest.param(entry(content={"encoding": "base64", "text": "%%%"}), id="broken base64"),
    pytest.param(
        entry("POST", status=201, answer=TOPIC, request={"bodySize": 20}), id="no postData"
    ),
    pytest.param(
        entry(
            "POST",
            status=201,
            answer=TOPIC,
            postData={"text": "\x1f\ufffd"},
            headers=[("X-Api-Key", "k"), ("Content-Encoding", "gzip")],
        ),
        id="packed request",
    ),
]


@pytest.mark.parametrize("one", UNREAD)
def test_a_body_that_is_not_there_breaks_nothing(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    found = facts(bench, archive(tmp_path, one))

    assert (found["judged"], found["violations"], found["bodiesUnread"]) == (1, [], 1)


def test_status_and_media_type_are_judged_without_a_body(bench: Bench, tmp_path: Path):
    page = {"size": 900, "mimeType": "text/html"}

    found = facts(bench, archive(tmp_path, entry(content=page, answered=[])))

    assert places(found) == ["response header /content-type"]


@pytest.mark.parametrize(("status", "why"), [(0, "never answered"), (-1, "never answered")])
def test_what_was_never_answered_is_skipped(bench: Bench, tmp_path: Path, status: int, why: str):
    found = facts(bench, archive(tmp_path, entry(status=status), entry()))

    assert (found["judged"], found["skipped"]) == (1, {why: 1})


def test_what_a_cache_answered_is_skipped(bench: Bench, tmp_path: Path):
    cached = entry(headers=[], entry={"_fromCache": "disk"})
    revalidated = entry(
        status=304, content={"size": 0}, headers=[("If-None-Match", "x"), ("X-Api-Key", "k")]
    )

    found = facts(bench, archive(tmp_path, cached, revalidated, entry()))

    assert (found["judged"], found["errors"]) == (1, 0)
    assert found["skipped"] == {"answered from the browser's cache": 1}


PACKED = base64.b64encode(json.dumps([BROKEN]).encode()).decode()
TWICE = base64.b64encode(gzip.compress(json.dumps([BROKEN]).encode())).decode()


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            entry(content={"encoding": "base64", "text": PACKED, "mimeType": "application/json"}),
            id="base64",
        ),
        pytest.param(
            entry(
                content={"encoding": "base64", "text": TWICE, "mimeType": "application/json"},
                answered=[("content-encoding", "gzip")],
            ),
            id="base64 of what went over the wire",
        ),
        pytest.param(
            entry(
                answer=[BROKEN],
                headers=[(":authority", "x"), (":path", "/"), ("x-api-key", "k")],
                answered=[(":status", "200"), ("Content-Encoding", "br")],
            ),
            id="HTTP/2, decoded, media type only in content",
        ),
        pytest.param(
            entry(answer=[BROKEN], answered=[("set-cookie", "a=1\nb=2"), ("x", "y")]),
            id="several values in one, by lines",
        ),
    ],
)
def test_bodies_are_read_in_every_form(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    assert places(facts(bench, archive(tmp_path, one))) == ["response body /*/name"]


def test_a_form_without_text_is_read_from_its_parameters(bench: Bench, tmp_path: Path):
    form = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "name", "value": "x"}],
    }
    one = entry("POST", status=201, answer=TOPIC, postData=form, headers=[("X-Api-Key", "k")])

    assert places(facts(bench, archive(tmp_path, one))) == ["request header /content-type"]


REDACTED_ENTRIES = [
    entry(
        url=f"{CONNECTION}?includeCreds=[Filtered]&includeRefreshToken=%5BFiltered%5D",
        status=404,
        answer={"title": "No", "status": 404},
        answered=[("content-type", "application/problem+json")],
    ),
    entry(headers=[("Authorization", "[Filtered]")]),
    entry(headers=[("authorization", "Bearer ***")]),
    entry(headers=[("X-Api-Key", "[REDACTED]")]),
    entry("POST", status=201, answer={**TOPIC, "createTime": "[REDACTED]"}, sent={"name": "x"}),
    entry(url="https://[Filtered]@api.withampersand.com" + TOPICS),
    entry(content={"mimeType": "application/json", "text": "[Filtered]"}),
]


@pytest.mark.parametrize("one", REDACTED_ENTRIES)
def test_what_was_taken_out_breaks_nothing(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    found = facts(bench, archive(tmp_path, one))

    assert (found["judged"], found["violations"]) == (1, [])


def test_credentials_that_a_browser_left_out_are_not_missed(bench: Bench, tmp_path: Path):
    bare = entry(url=f"{API}/v1/my-info", status=401, answer={}, headers=[])
    granted = entry(headers=[])

    exported = facts(bench, archive(tmp_path, granted, creator="WebInspector"))
    whole = facts(bench, archive(tmp_path, granted, bare, creator="other"))

    assert (exported["violations"], exported["credentialsHidden"]) == ([], True)
    assert "request header " in places(whole)


def test_keys_are_not_shown(command: Command, tmp_path: Path):
    url = f"{API}/v1/projects/p/api-keys/sk-live-0123456789?token=sk-live-0123456789"

    ended = command("audit", str(archive(tmp_path, entry(url=url, answer={}))))

    assert ended.code == 1
    assert "sk-live" not in ended.out


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {},
        {"request": 7},
        {"request": {}, "response": {}},
        {"request": {"method": 7, "url": 7}},
        {
            "request": {"method": "GET", "url": f"{API}{TOPICS}", "headers": 7},
            "response": {"status": 200, "headers": [7, {}], "content": {"text": 7}},
        },
    ],
)
def test_a_broken_entry_does_no_harm_to_the_others(bench: Bench, tmp_path: Path, broken: Any):
    found = facts(bench, archive(tmp_path, broken, entry()))

    assert found["entries"] == 2
    assert found["judged"] >= 1


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
