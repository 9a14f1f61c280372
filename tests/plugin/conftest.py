"""What the tests of the pytest plugin stand on: sessions in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import mockserver
from mockserver.testing.stage import Stage


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Return what all tests of a process share."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def mock(stage: Stage) -> Iterator[mockserver.Twin]:
    """Return a sandbox, as the plugin's fixture does; that name is this repository's own mock."""
    with stage.sandbox() as twin:
        yield twin
