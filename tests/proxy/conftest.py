"""What the tests of the proxy stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.contract.contract import Contract, load_api
from mockserver.proxy.bench import Bench
from mockserver.proxy.world import World


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """Seat the judge once: opening the contract takes a second."""
    with Bench() as seated:
        yield seated


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_api()


@pytest.fixture
def world(contract: Contract) -> World:
    """Give a world that nothing was seen of yet."""
    return World(contract)
