"""docs/journal.md and docs/coverage.md, run as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.coverage.report import MEASURES
from mockserver.simulation.matchers import MATCHERS, OPTIONS
from mockserver.simulation.patterns import KEYS
from tests.server import serving

DOCS = Path(__file__).parents[2] / "docs"
_RUN = re.compile(r"<!-- a test runs this block -->\n```sh\n(.*?)```", re.DOTALL)


def run(page: str, folder: Path) -> str:
    """Run every block of a page in one shell; return what it prints."""
    if not all(map(shutil.which, ("bash", "curl"))):
        pytest.skip("the page needs bash and curl")
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = _RUN.findall(text)
    assert len(blocks) == text.count("```sh\n")  # every one of them is run
    command = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{command}:{os.environ['PATH']}"}
    with serving() as server:
        script = "\n".join(blocks).replace("http://127.0.0.1:4010", server.url)
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
        )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_page_of_the_journal_runs_from_top_to_bottom(tmp_path: Path):
    printed = run("journal.md", tmp_path)

    assert '"operationId":"getProject"' in printed
    assert '{"count":1}' in printed
    assert "mock-full-key" not in printed
    assert '"pointer":"/name","expected":"a string","got":5' in printed
    assert "call GET /v1/projects/my-project" in printed
    assert "event: request" in printed
    assert "mockserver_requests_total{" in printed


def test_the_page_of_coverage_runs_from_top_to_bottom(tmp_path: Path):
    printed = run("coverage.md", tmp_path)

    assert "1 of 87" in printed
    for name in ("coverage.html", "coverage.xml", "both.html"):
        assert (tmp_path / name).stat().st_size > 1000


def test_the_page_names_every_part_matcher_and_measure():
    journal = (DOCS / "journal.md").read_text(encoding="utf-8")
    coverage = (DOCS / "coverage.md").read_text(encoding="utf-8")

    options = {option for one in OPTIONS.values() for option in one}
    for name in {*KEYS, "status", *MATCHERS, *options}:
        assert f"`{name}`" in journal, name
    for measure in MEASURES:
        assert f"| `{measure}` |" in coverage
