"""What tests of events stand on: a mock that tells everything to one who listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.contract.schemas import Schemas
from tests.installing import Place, place
from tests.listening import Ear, check, ear, notification_schemas


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return notification_schemas()


@pytest.fixture
def here(schemas: Schemas) -> Iterator[Ear]:
    """Give a mock that tells everything; in the end, all it told is held against the contract."""
    found = ear()
    yield found
    for body in found.told():
        check(schemas, body)


@pytest.fixture
def spot(here: Ear) -> Place:
    return place(here.client, here.mock)
