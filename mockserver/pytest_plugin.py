"""The pytest plugin: the fixture `mock`, a sandbox for each test, and what failing tests did to it.

pytest loads this module at every start of everybody who has the package: it imports nothing else
of the mock before the first test asks for the fixture.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from mockserver.testing import Twin
    from mockserver.testing.stage import Stage

_SHARED_URL = "mockserver_url"
_SHARED_TOKEN = "mockserver_token"  # noqa: S105 # the name of a key, not its value
_MARK = "mockserver"
_STAGE: Final[pytest.StashKey[Stage]] = pytest.StashKey()
_TWIN: Final[pytest.StashKey[Twin]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("mockserver", "Ampersand mock server")
    group.addoption(
        "--mock-shared",
        action="store_true",
        help="one mock for all workers of pytest-xdist, in place of one for each; each test has a"
        " sandbox of its own either way. MOCKSERVER_URL makes them use one that runs already",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARK}(fixture=None, seed=None): what the fixture `mock` of a test starts from",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the shared mock is; the first starts it."""
    if node.config.getoption("--mock-shared") and not os.environ.get("MOCKSERVER_URL"):
        server = _stage(node.config).server
        node.workerinput[_SHARED_URL] = server.origin
        node.workerinput[_SHARED_TOKEN] = server.admin_token


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was started."""
    stage = config.stash.get(_STAGE, None)
    if stage is not None:
        stage.close()


@pytest.fixture
def mock(request: pytest.FixtureRequest) -> Iterator[Twin]:
    """Give the test a world of the Ampersand mock: `mock.url`, `mock.call(…)`, `mock.client`.

    `@pytest.mark.mockserver(fixture="empty", seed=7)` says what it starts from.
    """
    marker = request.node.get_closest_marker(_MARK)
    if marker is not None and marker.args:
        raise pytest.UsageError(f"@pytest.mark.{_MARK} takes fixture=… and seed=…, by name")
    given = dict(marker.kwargs) if marker is not None else {}
    fixture, seed = given.pop("fixture", None), given.pop("seed", None)
    if given:
        raise pytest.UsageError(f"@pytest.mark.{_MARK} knows fixture and seed, not {list(given)}")
    with _stage(request.config).sandbox(fixture, seed) as twin:
        request.node.stash[_TWIN] = twin
        yield twin
        del request.node.stash[_TWIN]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a failing test did to the mock."""
    report = yield
    twin = item.stash.get(_TWIN, None)
    if twin is not None and report.failed and call.when == "call":
        from mockserver.testing.reporting import describe

        report.sections.append(("mock: what the test did", describe(twin)))
    return report


def _stage(config: pytest.Config) -> Stage:
    """Return where this process's tests find their mock; the first who asks sets it up."""
    stage = config.stash.get(_STAGE, None)
    if stage is None:
        from mockserver.testing.stage import Stage

        told = getattr(config, "workerinput", {})
        url = told.get(_SHARED_URL) or os.environ.get("MOCKSERVER_URL", "")
        token = told.get(_SHARED_TOKEN) or os.environ.get("MOCKSERVER_ADMIN_TOKEN", "")
        stage = config.stash[_STAGE] = Stage(url, token)
    return stage
