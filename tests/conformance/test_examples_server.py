"""A mock that answers examples and keeps nothing is told from one that does what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mockserver.contract.contract import load_api
from tests.conformance.examples_server import serving_examples

KEY, BEARER = "amp_key_that_nobody_may_read", "bearer-token-that-nobody-may-read"


def test_what_was_created_is_not_found_again(tmp_path: Path):
    reports = {kind: tmp_path / f"report.{kind}" for kind in ("json", "html", "junit", "har")}
    options = ["--api-key", KEY, "--bearer", BEARER, "--only", "*/is-found-again"]
    for kind, path in reports.items():
        options += [f"--{kind}", str(path)]

    with serving_examples(load_api()) as url:
        command = [sys.executable, "-m", "mockserver", "check", url, "--state-dir", str(tmp_path)]
        done = subprocess.run([*command, *options], capture_output=True, text=True)

    assert done.returncode == 1, done.stdout + done.stderr
    found = json.loads(reports["json"].read_text(encoding="utf-8"))["findings"]
    details = {one["operation"]: one["detail"] for one in found if one["rule"] == "is-found-again"}
    assert details["createTopic"].startswith("created topic is not found again: listTopics shows")
    assert len(details) > 3
    told = done.stdout + done.stderr
    assert "created topic is not found again" in " ".join(told.split())
    for text in (told, *(path.read_text(encoding="utf-8") for path in reports.values())):
        assert KEY not in text
        assert BEARER not in text
