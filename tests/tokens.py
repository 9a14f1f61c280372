"""Tokens, as `mockserver token` mints them and as others would forge them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jwt

from mockserver.app import Mock
from mockserver.resources.credentials import ISSUER
from mockserver.settings import Settings
from tests.calls import SIGNING_KEY

#: The clock of the tests, in seconds: 2026-02-01T12:00:00Z.
NOW = 1769947200
_SECRET: str = Settings().token_secret


def builder_token(
    email: str, *, secret: str = _SECRET, without: Iterable[str] = (), **claims: Any
) -> str:
    """Return a token of a builder; `claims` replace what it would say."""
    usual = {"iss": ISSUER, "sub": "idp-1", "email": email, "iat": NOW, "exp": NOW + 60}
    said = {name: value for name, value in {**usual, **claims}.items() if name not in without}
    return jwt.encode(said, secret, algorithm="HS256")


def customer_token(
    mock: Mock, *, kid: str = SIGNING_KEY, without: Iterable[str] = (), **claims: Any
) -> str:
    """Return a token of a customer of my-project, signed with the key of the fixture."""
    pem = mock.sandbox.baseline.tables["jwtKeys"][SIGNING_KEY]["privateKeyPem"]
    usual = {
        "sub": "u",
        "groupRef": "group-1",
        "consumerRef": "user-1",
        "iat": NOW,
        "exp": NOW + 600,
    }
    said = {name: value for name, value in {**usual, **claims}.items() if name not in without}
    return jwt.encode(said, pem, algorithm="RS256", headers={"kid": kid})
