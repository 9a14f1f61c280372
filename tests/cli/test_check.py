"""`mockserver check`: what it says, writes, refuses, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.server import Server, serving

GIVEN = ["--api-key", "mock-full-key", "--bearer", "mock-builder-token", "--project", "my-project"]
KEY = {"X-Api-Key": "mock-full-key"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def run(
    *arguments: str | Path, state: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mockserver", "check", *map(str, arguments)]
    return subprocess.run(
        [*command, "--state-dir", str(state)],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def test_help_explains_profiles_and_exit_codes():
    told = subprocess.run(
        [sys.executable, "-m", "mockserver", "check", "--help"], capture_output=True, text=True
    )
    text = " ".join(told.stdout.split())
    for word in ("own-data", "observe", "Exit code: 0", "MOCKSERVER_CHECK_API_KEY", "--cleanup"):
        assert word in text


def test_a_part_of_the_rules_says_too_little(server: Server, tmp_path: Path):
    done = run(server.url, *GIVEN, "--only", "createTopic/[a-d]*", state=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "only a part was looked at" in " ".join(done.stdout.split())


def test_every_report_is_written_and_holds_no_secret(server: Server, tmp_path: Path):
    files = {name: tmp_path / f"report.{name}" for name in ("junit", "json", "html", "har")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    done = run(
        f"{server.url}/v1", *GIVEN, "--only", "createApiKey/[a-d]*", *options, state=tmp_path
    )
    report = json.loads(files["json"].read_text(encoding="utf-8"))
    assert report["target"] == f"{server.url}/v1"
    assert report["exit_code"] == done.returncode == 2
    for path in files.values():
        text = path.read_text(encoding="utf-8")
        assert text
        assert not [s for s in ("mock-full-key", "mock-builder-token") if s in text], path


def test_credentials_may_stand_in_the_environment(server: Server, tmp_path: Path):
    environment = {"MOCKSERVER_CHECK_API_KEY": "mock-full-key"}
    done = run(server.url, "--only", "listTopics/none", state=tmp_path, environment=environment)
    assert "project my-project" in done.stdout  # the only one that this key reaches
    assert "no bearer token was given" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://x", *GIVEN], "'ftp://x' is no http:// or https:// URL"),
        (["URL"], "needs a credential: --api-key KEY, or --bearer TOKEN"),
        (["URL", "--api-key", "wrong", "--project", "my-project"], "the target answers 401"),
        (["URL", *GIVEN[:4], "--project", "none"], "the target answers 404 for project 'none'"),
        (["URL", *GIVEN, "--layer", "magic"], "no layer 'magic': there are rules"),
        (["URL", *GIVEN, "--baseline", "none.yaml"], "baseline none.yaml: No such file"),
        (["URL", *GIVEN, "--baseline-update"], "--baseline-update needs --baseline FILE"),
        (["URL", *GIVEN, "--cleanup", "abcdef"], "no run abcdef: there is no"),
        (["http://127.0.0.1:1", *GIVEN], "no answer"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_2(
    server: Server, tmp_path: Path, arguments: Sequence[str], said: str
):
    done = run(*[server.url if one == "URL" else one for one in arguments], state=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


#: Hides a package from the interpreter that starts with it.
HIDING = """
import sys
from importlib.machinery import PathFinder


class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "httpx" else super().find_spec(name, path, target)


sys.meta_path[:] = [Without if one is PathFinder else one for one in sys.meta_path]
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "http://127.0.0.1:1"],
        ["audit", __file__],
        ["proxy", "--upstream", "http://127.0.0.1:1"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_without_the_extra_it_says_what_to_install(tmp_path: Path, arguments: list[str]):
    (tmp_path / "sitecustomize.py").write_text(HIDING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mockserver", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "needs the extra check: pip install 'ampersand-mockserver[check]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def marked(server: Server) -> list[str]:
    """Return what is left of any run, in both projects."""
    found = []
    for project, key in (
        ("my-project", "mock-full-key"),
        ("mailmonkey-staging", "mock-staging-key"),
    ):
        for noun in ("topics", "destinations", "integrations", "connections", "installations"):
            for noun_or_keys in (noun, "api-keys", "jwt-keys", "provider-apps"):
                url = f"{server.url}/v1/projects/{project}/{noun_or_keys}"
                listed = httpx.get(url, headers={"X-Api-Key": key}, timeout=30)
                found += [str(one) for one in listed.json() if "ct-" in json.dumps(one)]
    return found


def begin(server: Server, state: Path) -> subprocess.Popen[str]:
    """Start a run and return when it has made a good number of records."""
    command = [sys.executable, "-m", "mockserver", "check", server.url, *GIVEN]
    process = subprocess.Popen(
        [*command, "--state-dir", str(state)], stdout=subprocess.PIPE, text=True
    )
    while process.poll() is None:
        files = list(state.glob("*.jsonl"))
        if files and files[0].read_text(encoding="utf-8").count('"outcome": "made"') > 60:
            return process
    raise AssertionError(process.communicate())


@pytest.mark.timeout(300)
def test_a_run_that_is_killed_is_cleaned_up_later(tmp_path: Path):
    with serving() as server:
        process = begin(server, tmp_path)
        process.kill()
        process.communicate()
        (ledger,) = tmp_path.glob("*.jsonl")
        assert marked(server)

        done = run(server.url, *GIVEN, "--cleanup", ledger.stem, state=tmp_path)

        assert done.returncode == 0, done.stdout + done.stderr
        assert "records deleted" in done.stdout
        assert marked(server) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_cleans_up_and_tells_what_it_found(tmp_path: Path, ending: int):
    with serving() as server:
        process = begin(server, tmp_path)
        process.send_signal(ending)
        told, _ = process.communicate()
        assert process.returncode == 2
        assert "it was interrupted" in told
        assert marked(server) == []
