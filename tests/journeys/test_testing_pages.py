"""docs/integration-tests.md, docs/ci.md and docs/security.md, run as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mockserver.contract.documents import read_yaml
from tests.cli.command import Command
from tests.cli.conftest import command
from tests.server import serving
from tests.sinks import closed_port

__all__ = ["command"]
DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / name for name in ("integration-tests.md", "ci.md", "security.md")]
_FILE = re.compile(r"<!-- a test runs this file as (\w+\.py) -->\n```python\n(.*?)```", re.DOTALL)
_BLOCK = re.compile(r"<!-- a test runs this block.*?-->\n```sh\n(.*?)```", re.DOTALL)
_STATUS = re.compile(r"-> (\d{3})")
_PROMISE = re.compile(r"# -> (\d{3})")
TOKEN = "a-token-of-the-page"


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as people do, with our commands on the path."""
    found = [shutil.which(name) for name in ("bash", "curl", "openssl")]
    if None in found:
        pytest.skip("the pages need bash, curl and openssl")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        [str(found[0]), "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        capture_output=True,
        text=True,
        timeout=110,
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Write the files that the page about integration tests shows."""
    written = []
    for name, content in _FILE.findall(text_of("integration-tests.md")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        written.append(tmp_path / name)
    return written


@pytest.mark.parametrize("options", [[], ["-p", "xdist", "-n", "2", "--mock-shared"]])
def test_the_tests_that_are_shown_pass(files: list[Path], options: list[str]):
    pytest_here = [sys.executable, "-m", "pytest", "-p", "mockserver", "-q", "-W", "error"]
    run = subprocess.run(
        [*pytest_here, *options],
        cwd=files[0].parent,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert run.returncode == 0, run.stdout
    assert "9 passed" in run.stdout
    assert len(files) == text_of("integration-tests.md").count("```python")


def test_what_is_shown_without_pytest_runs_as_a_script(files: list[Path]):
    script = next(path for path in files if path.name == "test_without_pytest.py")
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=110)
    assert run.returncode == 0, run.stderr
    assert "Ran 1 test" in run.stderr


@pytest.mark.parametrize("number", [0, 1])
def test_the_server_of_a_job_starts_serves_and_ends(number: int, tmp_path: Path):
    (tmp_path / "test_one.py").write_text("def test_one(mock): mock.call('getProject')\n")
    script = _BLOCK.findall(text_of("ci.md"))[number]
    port = str(closed_port())
    script = script.replace("4010", port).replace("pytest -q", "pytest -q -p mockserver")
    script = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + script
    run = bash(script, tmp_path, MOCKSERVER_PORT=port, MOCKSERVER_URL="")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed" in run.stdout
    assert "stopped" in run.stdout


@pytest.mark.parametrize(("number", "token"), [(0, ""), (1, TOKEN)])
def test_the_guard_answers_what_the_page_says(number: int, token: str, tmp_path: Path):
    script = _BLOCK.findall(text_of("security.md"))[number]
    promised = [found[1] for line in script.splitlines() if (found := _PROMISE.search(line))]
    environment = {"MOCKSERVER_ADMIN_TOKEN": token}
    with serving(environment=environment) as server:
        script = script.replace("http://127.0.0.1:4010", server.url)
        run = bash(script, tmp_path, MOCKSERVER_ADMIN_TOKEN=token)
    assert run.returncode == 0, run.stderr
    assert promised
    assert _STATUS.findall(run.stdout) == promised


def test_the_snippets_in_yaml_are_yaml():
    (snippet,) = re.findall(r"```yaml\n(.*?)```", text_of("ci.md"), re.DOTALL)
    assert yaml.safe_load(snippet)["services"]["mockserver"]["ports"] == ["4010:4010"]


def test_the_containers_are_started_with_flags_that_exist(command: Command):
    compose = read_yaml(DOCS / "docker-compose.yaml")
    mock = compose["services"]["mockserver"]
    verb, *flags = mock["command"]
    # Every flag is taken as it is; the port is the only thing that is not there: somebody has it.
    refusal = command.refuses(verb, *flags, "--port", "x", "--host", "127.0.0.1")
    assert refusal.startswith("Invalid value for '--port'")
    known = command(verb, "--help").out
    assert [flag for flag in flags if flag.partition("=")[0] not in known] == []
    assert "--allow-destination=app:3000" in flags
    assert list(mock["environment"]) == ["MOCKSERVER_ADMIN_TOKEN"]
    assert all(port.startswith("127.0.0.1:") for port in mock["ports"])


def test_the_image_listens_for_others_and_so_has_a_token():
    dockerfile = (DOCS.parent / "Dockerfile").read_text(encoding="utf-8")
    assert 'CMD ["serve", "--host", "0.0.0.0"]' in dockerfile
    assert "MOCKSERVER_ADMIN_TOKEN" not in dockerfile  # no two images have the same
