"""What the tests of the proxy stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.proxy.bench import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """Seat the judge once: opening the contract takes a second."""
    with Bench() as seated:
        yield seated
