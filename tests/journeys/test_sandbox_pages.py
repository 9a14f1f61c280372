"""docs/sandboxes.md, docs/state.md and docs/time.md, run as they are written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mockserver.settings import Settings
from mockserver.state.worlds import MOST, RESERVED
from tests.server import serving

DOCS = Path(__file__).parents[2] / "docs"
_RUN = re.compile(r"<!-- a test runs this block -->\n```sh\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["sandboxes.md", "state.md", "time.md"])
def test_the_page_runs_from_top_to_bottom(name: str, tmp_path: Path):
    if not all(map(shutil.which, ("bash", "curl"))):
        pytest.skip("the page needs bash and curl")
    text = (DOCS / name).read_text(encoding="utf-8")
    blocks = _RUN.findall(text)

    with serving() as server:
        script = "\n".join(blocks).replace("http://127.0.0.1:4010", server.url)
        command = ["bash", "-euo", "pipefail", "-c", script]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=90)

    assert run.returncode == 0, run.stderr
    assert len(blocks) == text.count("```sh\n")  # every one of them is run
    if name == "state.md":
        with serving("--fixture", str(tmp_path / "seeded.yaml")) as again:
            assert "seeded" in again.banner


def test_the_pages_name_the_bounds_as_they_are():
    text = (DOCS / "sandboxes.md").read_text(encoding="utf-8")

    assert f"There may be {MOST}." in text
    assert "for four hours" in text
    assert Settings().sandbox_idle == 4 * 3600
    assert all(f"`{name}`" in text for name in RESERVED)
