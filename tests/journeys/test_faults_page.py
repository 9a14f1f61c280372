"""docs/faults.md, run as it is written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mockserver.faults.rules import SOCKET_FAULTS
from mockserver.simulation.matchers import MATCHERS, OPTIONS
from mockserver.simulation.patterns import KEYS
from tests.server import serving

TEXT = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
_RUN = re.compile(r"<!-- a test runs this block -->\n```sh\n(.*?)```", re.DOTALL)


def test_the_page_runs_from_top_to_bottom(tmp_path: Path):
    if not all(map(shutil.which, ("bash", "curl"))):
        pytest.skip("the page needs bash and curl")
    blocks = _RUN.findall(TEXT)
    assert len(blocks) == TEXT.count("```sh\n")  # every one of them is run

    with serving("--clock", "2026-02-01T12:00:00Z") as server:
        script = "\n".join(blocks).replace("http://127.0.0.1:4010", server.url)
        command = ["bash", "-euo", "pipefail", "-c", script]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=90)
        server.errors.seek(0)
        log = server.errors.read()

    assert run.returncode == 0, run.stderr
    assert log == ""
    said = run.stdout
    assert '"detail":"asked for by Prefer: code=404"' in said
    assert '"actionType":"write"' in said
    assert '"status":409,' in said
    assert '"total":1' in said
    assert re.search(r"x-mock-fault: invalid", said, re.IGNORECASE)
    assert "503\n504\n200\n" in said
    assert '"state":"over"' in said
    assert '"state":"failing"' in said
    assert "curl ends with 52\n" in said
    assert "200\n200\n429\n" in said
    assert "422" not in said  # nothing that the page arms is refused


@pytest.mark.parametrize(
    "name", [*KEYS, *MATCHERS, *(o for each in OPTIONS.values() for o in each)]
)
def test_the_page_names_everything_that_patterns_know(name: str):
    assert f"`{name}`" in TEXT


def test_the_page_explains_every_fault():
    assert re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE) == sorted(
        SOCKET_FAULTS, key=lambda name: TEXT.index(f"| `{name}`")
    )
