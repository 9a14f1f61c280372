"""`pytest tests/conformance --target URL`, as users run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import serving

ROOT = Path(__file__).parents[2]
CREDENTIALS = ["--api-key", "mock-full-key", "--bearer", "mock-builder-token"]


def front(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "tests/conformance", "-q", "-p", "no:cacheprovider"]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.timeout(240)
def test_there_is_one_item_per_operation_rule_and_layer():
    with serving() as server:
        chosen = "createTopic or listTopics or sequences"
        given = ["--target", server.url, *CREDENTIALS, "--project", "my-project", "--budget", "4"]
        run = front(*given, "-k", chosen)
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_only_what_is_about_the_target_is_run():
    run = front("--target", "http://127.0.0.1:1", "--collect-only")
    items = [line for line in run.stdout.splitlines() if "::" in line]
    assert {line.partition("::")[0] for line in items} == {"tests/conformance/test_target.py"}
    assert "tests/conformance/test_target.py::test_operation[createTopic]" in items
    assert any("test_rule[createTopic/" in line for line in items)


def test_a_target_that_does_not_answer_is_an_error():
    run = front("--target", "http://127.0.0.1:1", *CREDENTIALS, "-k", "createTopic and operation")
    assert run.returncode == 1
    assert "no answer" in run.stdout
