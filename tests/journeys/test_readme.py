"""The tours of the README and of the page about the hosts, run as they are written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mockserver.contract.documents import read_yaml
from tests.server import serving

README = Path(__file__).parents[2] / "README.md"
HOSTS = README.parent / "docs" / "hosts.md"
_TOUR = re.compile(r"<!-- a test runs this block.*?-->\n```sh\n(.*?)```", re.DOTALL)
_STATUS = re.compile(r"-> (\d{3})")
_PROMISE = re.compile(r"# -> (\d{3})")


@pytest.mark.parametrize(
    ("page", "number", "calls"), [(README, 0, 8), (README, 1, 8), (HOSTS, 0, 10)]
)
def test_the_tours_answer_what_they_say(page: Path, number: int, calls: int):
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("the tours need bash and curl")
    tour = _TOUR.findall(page.read_text(encoding="utf-8"))[number]
    promised = [found[1] for line in tour.splitlines() if (found := _PROMISE.search(line))]

    with serving() as server:
        script = tour.replace("http://127.0.0.1:4010", server.url)
        run = subprocess.run(
            [bash, "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=True
        )

    assert len(promised) == calls
    assert _STATUS.findall(run.stdout) == promised


def test_what_the_readme_tells_react_developers_is_what_the_tested_page_does():
    section = README.read_text(encoding="utf-8").partition("## Point your React app at it")[2]
    section = section.partition("\n## ")[0]
    page = (README.parent / "tests/browser/app/vite.config.js").read_text(encoding="utf-8")
    fixture = read_yaml(README.parent / "fixtures/frontend.yaml")
    (deployed,) = fixture["deploy"]

    assert '"process.env.REACT_APP_AMP_SERVER": ' in page
    assert '"process.env.REACT_APP_AMP_SERVER": ' in section
    assert f'project: "{deployed["projectId"]}"' in section
    assert any(f'apiKey: "{key["key"]}"' in section for key in fixture["apiKeys"])
    names = {integration["name"] for integration in deployed["manifest"]["integrations"]}
    assert {name for name in names if f"`{name}`" in section} == names
