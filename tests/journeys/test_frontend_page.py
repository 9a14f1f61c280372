"""docs/frontend.md: what it shows is run, and what it says of React is what is tested."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.contract.documents import read_yaml
from tests.server import Server, serving

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "frontend.md"
TEXT = PAGE.read_text(encoding="utf-8")
_TOUR = re.compile(r"<!-- a test runs this block.*?-->\n```sh\n(.*?)```", re.DOTALL)
_STATUS = re.compile(r"-> (\d{3})")
_PROMISE = re.compile(r"# -> (\d{3})")
TOURS = _TOUR.findall(TEXT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--fixture", "frontend") as running:
        yield running


@pytest.mark.parametrize(("number", "calls"), [(0, 8), (1, 2), (2, 6)])
def test_the_tours_answer_what_they_say(server: Server, number: int, calls: int):
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("the tours need bash and curl")
    tour = TOURS[number]
    promised = [found[1] for line in tour.splitlines() if (found := _PROMISE.search(line))]

    script = tour.replace("http://127.0.0.1:4010", server.url)
    run = subprocess.run(
        [bash, "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=True
    )

    assert len(TOURS) == 3
    assert len(promised) == calls
    assert _STATUS.findall(run.stdout) == promised


def test_the_page_that_is_tested_answers_for_the_variable_as_it_is_shown():
    config = (ROOT / "tests/browser/app/vite.config.js").read_text(encoding="utf-8")
    page = (ROOT / "tests/browser/app/index.html").read_text(encoding="utf-8")
    shown = '"process.env.REACT_APP_AMP_SERVER": "window.AMP_SERVER"'

    assert shown in TEXT
    assert shown in config
    assert "window.AMP_SERVER" in page


def test_the_fixture_is_what_the_page_says():
    fixture = read_yaml(ROOT / "fixtures/frontend.yaml")
    (deployed,) = fixture["deploy"]

    for integration in deployed["manifest"]["integrations"]:
        assert f"`{integration['name']}`" in TEXT
    assert any(
        key["key"] == "mock-frontend-key" and key["scopes"] == ["frontend"]
        for key in fixture["apiKeys"]
    )
