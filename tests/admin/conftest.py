"""Two mocks: one whose sandboxes tests make, fill and drop; the shared one, with nothing noted."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock


@pytest.fixture(scope="module")
def plane() -> Mock:
    return make_mock()


@pytest.fixture
def worlds(plane: Mock) -> Mock:
    """Return a mock with the default sandbox alone, as it was at the start."""
    default = plane.sandbox
    for sandbox in plane.worlds:
        if sandbox is not default:
            plane.worlds.drop(sandbox.name)
    default.snapshots.clear()
    default.seed = 0
    plane.worlds.start_anew(default, plane.worlds.start, "acme")
    return plane


@pytest.fixture
def admin(worlds: Mock) -> Client:
    """Call the control plane, in the default sandbox."""
    return Client(worlds, key=None, prefix="/__admin")


@pytest.fixture
def api(worlds: Mock) -> Client:
    """Call the API as the server of my-project, in the default sandbox."""
    return Client(worlds)


def within(client: Client, sandbox: str) -> Client:
    """Return a client that calls in another sandbox."""
    headers = {"x-mock-sandbox": sandbox}
    return Client(client.mock, client.key, client.bearer, client.prefix, headers)


@pytest.fixture
def fresh(mock: Mock) -> Mock:
    """Put the world back with everything that is kept for it."""
    mock.worlds.reset(mock.sandbox)
    return mock


@pytest.fixture
def control(fresh: Mock) -> Client:
    return Client(fresh, key=None, prefix="/__admin")
