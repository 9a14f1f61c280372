"""What the tests of the pipeline share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from mockserver.app import Mock
from tests.client import Client


@pytest.fixture
def is_unchanged(mock: Mock) -> Callable[[], bool]:
    """Tell whether the world is what it was when the test began, except for its request numbers."""
    before = mock.sandbox.root

    def compare() -> bool:
        now = mock.sandbox.root
        return now.tables is before.tables and now.counters is before.counters

    return compare


@pytest.fixture
def detail(mock: Mock) -> Callable[[str], str]:
    """Return why a token is refused with 401."""

    def why(token: str) -> str:
        refused = Client(mock, None, token).get("/projects/my-project")
        assert refused.status == 401
        assert refused.json["remedy"]
        assert refused.headers["www-authenticate"] == 'Bearer realm="ampersand"'
        return str(refused.json["detail"])

    return why


@pytest.fixture(scope="session")
def own_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
