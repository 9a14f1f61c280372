"""What every file of the house keeps to."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import HOUSE, ROOT, named

LONGEST = 300
#: Names that say nothing about what is inside.
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
_SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)\b[^#\n]*(?P<reason>#.*)?")


@pytest.mark.parametrize("path", HOUSE, ids=named)
def test_a_file_can_be_read_in_one_go(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", HOUSE, ids=named)
def test_a_name_says_what_is_inside(path: Path):
    parts = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}

    assert {word for part in parts for word in part.split("_")} & VAGUE == set()


@pytest.mark.parametrize("path", HOUSE, ids=named)
def test_a_silenced_line_says_why(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    silenced = [(n, m) for n, line in enumerate(lines, 1) if (m := _SILENCED.search(line))]

    assert [n for n, m in silenced if len((m["reason"] or "").strip("# ")) < 5] == []


def test_rooms_import_in_their_order():
    command = Path(sys.executable).parent / "lint-imports"

    done = subprocess.run(
        [str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
