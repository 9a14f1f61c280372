"""What every test stands on: one mock in process, put back to its fixture before each test."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Generator, Iterator
from typing import Any

import orjson
import pytest

from mockserver.app import Mock, create
from mockserver.events.dispatcher import Dispatcher
from mockserver.seeding.export import export
from mockserver.settings import read_settings
from mockserver.simulation.clock import SECOND
from mockserver.state.root import Root
from tests import judging
from tests.client import BUILDER, Client

pytest_plugins = ("pytester",)  # the tests of the pytest plugin run sessions of their own
#: Where the clock of the shared mock stands at the start of every test.
START = "2026-02-01T12:00:00.000000Z"


def pytest_configure(config: pytest.Config) -> None:
    """Record every exchange of the session for the independent judge."""
    judging.start(config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make captured logs sendable: workers report in UTF-8, and some tests log what is none."""
    report = yield
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections
    ]
    return report


def make_mock(*, dispatcher: Dispatcher | None = None, **given: Any) -> Mock:
    """Build a mock of its own; settings as in `mockserver serve`, the clock standing at START."""
    return create(read_settings({"clock": START, **given}), dispatcher=dispatcher)


@pytest.fixture(scope="session")
def shared_mock() -> Mock:
    return make_mock()


@pytest.fixture(scope="session")
def baseline_digest(shared_mock: Mock) -> str:
    return digest(shared_mock.sandbox.baseline)


@pytest.fixture(autouse=True)
def _world(request: pytest.FixtureRequest) -> Iterator[None]:
    """Reset the shared mock, and prove that nobody changed a committed record in place."""
    if "shared_mock" not in request.fixturenames:
        yield
        return
    mock: Mock = request.getfixturevalue("shared_mock")
    expected: str = request.getfixturevalue("baseline_digest")
    mock.worlds.reset(mock.sandbox)
    yield
    assert digest(mock.sandbox.baseline) == expected, "a committed record was changed in place"


@pytest.fixture
def mock(shared_mock: Mock) -> Mock:
    return shared_mock


@pytest.fixture
def client(mock: Mock) -> Client:
    """Call as the server of my-project: X-Api-Key mock-full-key."""
    return Client(mock)


@pytest.fixture
def builder(mock: Mock) -> Client:
    """Call as Jane, who owns Acme Inc."""
    return Client(mock, key=None, bearer=BUILDER)


@pytest.fixture
def anonymous(mock: Mock) -> Client:
    return Client(mock, key=None)


@pytest.fixture
def advance(mock: Mock) -> Callable[[float], None]:
    """Turn the clock of the shared mock forward by some seconds."""

    def turn(seconds: float) -> None:
        scheduler, sandbox = mock.scheduler, mock.sandbox
        to = scheduler.now(sandbox) + int(seconds * SECOND)
        asyncio.run(scheduler.advance(sandbox, to))

    return turn


def digest(root: Root) -> str:
    """Return a hash of everything in a root."""
    return hashlib.sha256(orjson.dumps(export(root))).hexdigest()
