"""The control plane of the shared mock, whose journal and counts begin empty."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import Client


@pytest.fixture
def fresh(mock: Mock) -> Mock:
    """Put the world back with everything that is kept for it."""
    mock.worlds.reset(mock.sandbox)
    return mock


@pytest.fixture
def control(fresh: Mock) -> Client:
    return Client(fresh, key=None, prefix="/__admin")
