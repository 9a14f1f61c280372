"""Every call that a handler refuses must leave the world as it was: the clients here look."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import BUILDER, Client, Response
from tests.conftest import digest


class CarefulClient(Client):
    """Fails the test when a refused call changed a record or used up an id."""

    def call(self, *arguments: Any, **options: Any) -> Response:
        before = self._world()
        answer = super().call(*arguments, **options)
        assert answer.status < 400 or self._world() == before, "a refused call changed something"
        return answer

    def as_(self, *, key: str | None = None, bearer: str | None = None) -> CarefulClient:
        return CarefulClient(self.mock, key, bearer, self.prefix)

    def _world(self) -> tuple[str, Any]:
        root = self.mock.sandbox.root
        return digest(root), root.counters


@pytest.fixture
def client(mock: Mock) -> Client:
    """Call as the server of my-project: X-Api-Key mock-full-key."""
    return CarefulClient(mock)


@pytest.fixture
def builder(mock: Mock) -> Client:
    """Call as Jane, who owns Acme Inc."""
    return CarefulClient(mock, key=None, bearer=BUILDER)


@pytest.fixture
def anonymous(mock: Mock) -> Client:
    return CarefulClient(mock, key=None)
