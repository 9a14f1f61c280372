"""A session fails when the independent judge does, whatever its tests say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.contract.verdicts import Disagreement, Report
from tests.judging import KNOWN_DIFFERENCES, explain, find_failures, is_whole

ROOT = Path(__file__).resolve().parent.parent
CALL = """
from tests.client import Client

def test_a_call(client: Client):
    assert client.get("/projects").status == 200
"""
#: Says that a list of projects is a text.
WRONG = """
import json, os, pathlib

def test_a_wrong_answer():
    folder = pathlib.Path(os.environ["MOCKSERVER_RECORD"])
    exchange = {
        "method": "GET", "path": "/v1/projects", "query": "", "requestBody": "", "status": 200,
        "requestHeaders": [["x-api-key", "k"]], "responseBody": "Ind0Zic=",
        "responseHeaders": [["content-type", "application/json"]],
    }
    (folder / "wrong.jsonl").write_text(json.dumps(exchange) + "\\n")
    (folder / "wrong.count").write_text(".")
"""
LOST = """
import os, pathlib

def test_a_lost_answer():
    (pathlib.Path(os.environ["MOCKSERVER_RECORD"]) / "lost.count").write_text("...")
"""
REMOVED = """
import os, shutil

def test_that_removes_the_recordings():
    shutil.rmtree(os.environ["MOCKSERVER_RECORD"])
"""


def session(tmp_path: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run a test session of its own over some test files."""
    files = [tmp_path / f"test_{number}.py" for number in range(len(tests))]
    for path, text in zip(files, tests, strict=True):
        path.write_text(text, encoding="utf-8")
    without = ["-p", "no:mockserver", "-p", "no:cacheprovider"]
    options = ["-q", "-p", "tests.conftest", *without, "--rootdir", str(ROOT)]
    command = [sys.executable, "-m", "pytest", *options, "-c", str(ROOT / "pyproject.toml")]
    return subprocess.run(
        [*command, *map(str, files)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_session_with_right_answers_passes_and_says_what_was_judged(tmp_path: Path):
    done = session(tmp_path, CALL)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 exchanges, 1 different answers" in done.stdout
    assert "ledger" not in done.stdout  # a part of the suite owes nothing
    assert list(tmp_path.glob("mockserver-*")) == []


def test_a_session_with_workers_fails_for_answers_that_are_wrong_or_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-n 2")

    done = session(tmp_path, CALL, WRONG, LOST)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    assert "listProjects: DataValidationError" in done.stdout
    assert "exchanges lost: lost: 3 of 3" in done.stdout
    assert list(tmp_path.glob("mockserver-record-*"))  # kept, to be looked at


def test_a_session_fails_when_its_recordings_are_gone(tmp_path: Path):
    done = session(tmp_path, REMOVED)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "somebody removed the recordings" in done.stdout


def test_a_known_difference_is_no_failure_and_another_is_told_once():
    known = Disagreement("getMyInfo", f"granted: {KNOWN_DIFFERENCES[0].reason}", "GET")
    other = Disagreement("getMyInfo", "wrong", "GET")

    used, unexplained = explain([known, other, other])

    assert used == {KNOWN_DIFFERENCES[0]}
    assert unexplained == [other]


def test_only_the_whole_suite_owes_the_ledger():
    assert find_failures(Report(), whole=False) == []
    assert any(line.startswith("ledger:") for line in find_failures(Report(), whole=True))


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [
        ([], True),
        (["tests"], True),
        (["-n", "2"], True),
        (["tests/handlers"], False),
        (["-k", "topic"], False),
        (["-m", "slow"], False),
        (["--lf"], False),
        (["--ignore", "tests/drift"], False),
        (["--deselect", "tests/test_ledger.py"], False),
    ],
)
def test_a_session_is_whole_only_when_nothing_narrows_it(
    arguments: list[str], whole: bool, request: pytest.FixtureRequest
):
    from _pytest.config import _prepareconfig  # pytest has no public way to parse arguments only

    config = _prepareconfig(["-c", str(ROOT / "pyproject.toml"), *arguments])

    assert is_whole(config) == whole
