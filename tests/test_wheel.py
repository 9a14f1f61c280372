"""The wheel holds everything: it is built, installed elsewhere, and serves from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from contextlib import chdir
from pathlib import Path

import pytest

from mockserver import __version__
from tests.server import serving

ROOT = Path(__file__).resolve().parent.parent
# The build writes bundles beside the sources: it gets a copy of its own.
SOURCES = ("mockserver", "spec", "fixtures", "hatch_build.py", "pyproject.toml", "README.md")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside the checkout; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    sources = folder / "sources"
    sources.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, sources / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, sources / name)
    # A stale bundle must not be shipped: the build makes it anew.
    (sources / "spec" / "api.bundle.json").unlink()
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
        *("--outdir", folder / "dist", sources),
        cwd=folder,
    )
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment; return that environment's Python."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install"),
        *("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel),
        cwd=home,
    )
    # The dependencies come from this environment. Lines of .pth files that lie there are not
    # followed, so that the checkout, which is installed by such a file, stays out of the way.
    site = Path(
        run(python, "-c", "import sysconfig as s; print(s.get_path('purelib'))", cwd=home).strip()
    )
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return python


def test_the_wheel_ships_contract_and_fixtures_and_no_tests(wheel: Path):
    assert wheel.name == f"ampersand_mockserver-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        bundle = archive.read("mockserver/_data/spec/api.bundle.json")

    assert bundle == (ROOT / "spec" / "api.bundle.json").read_bytes()
    for folder in ("spec", "fixtures"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"mockserver/_data/{path.relative_to(ROOT).as_posix()}" in names
    for path in (ROOT / "mockserver").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT).as_posix() in names
    top = {name.split("/")[0] for name in names}
    assert top == {"mockserver", f"ampersand_mockserver-{__version__}.dist-info"}


def test_the_wheel_asks_for_the_dependencies_of_the_project(wheel: Path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"ampersand_mockserver-{__version__}.dist-info/METADATA").decode()
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    core = [line for line in needed if "extra ==" not in line]
    assert len(core) == len(project["dependencies"])


def test_it_runs_from_where_it_was_installed(installed: Path, tmp_path: Path):
    where = run(installed, "-c", "import mockserver; print(mockserver.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent.parent)

    command = installed.parent / "mockserver"
    assert run(command, "--version", cwd=tmp_path) == f"mockserver, version {__version__}\n"
    assert "createTopic" in run(command, "routes", "topic", cwd=tmp_path)
    assert "orgs 2" in run(command, "fixtures", cwd=tmp_path)


def test_it_serves_from_where_it_was_installed(installed: Path, tmp_path: Path):
    with chdir(tmp_path), serving(python=str(installed)) as server:
        request = f"import urllib.request as u; print(u.urlopen('{server.url}%s').status)"
        for path in (
            *("/v1/providers", "/", "/ui/swagger-ui.css", "/__admin/health"),
            *("/__admin/ui", "/__admin/ui/app.js", "/__admin/docs"),
        ):
            assert run(installed, "-c", request % path, cwd=tmp_path) == "200\n"


def test_it_helps_tests_from_where_it_was_installed(installed: Path, tmp_path: Path):
    test = "def test_one(mock):\n    assert mock.call('createTopic', body={'name': 'x'})\n"
    (tmp_path / "test_one.py").write_text(test, encoding="utf-8")
    script = "import mockserver\nwith mockserver.running() as mock: print(mock.call('listTopics'))"

    assert run(installed, "-c", script, cwd=tmp_path).startswith("[")
    assert "1 passed" in run(installed, "-m", "pytest", "-q", "test_one.py", cwd=tmp_path)
