"""Tokens for tests: signed, missigned and broken."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import jwt

from mockserver.app import Mock
from tests.conftest import START

NOW = int(datetime.fromisoformat(START).timestamp())
KID = "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"  # of my-project, active
INACTIVE_KID = "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f02"  # of my-project
OTHER_KID = "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f03"  # of mailmonkey-prod, active
ABSENT = object()  # as a claim: leave it out


def private_key(mock: Mock) -> str:
    """Return the private half of the key KID."""
    return str(stored_key(mock)["privateKeyPem"])


def stored_key(mock: Mock) -> dict[str, Any]:
    found = mock.sandbox.baseline.tables["jwtKeys"].get(KID)
    assert found is not None
    return dict(found)


def customer(
    mock: Mock,
    *,
    kid: Any = KID,
    key: Any = None,
    algorithm: str = "RS256",
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """Return a customer token, valid unless something else is asked for."""
    given = {
        "sub": "somebody",
        "groupRef": "group-1",
        "consumerRef": "consumer-1",
        "iat": NOW,
        "exp": NOW + 600,
        **claims,
    }
    given = {name: value for name, value in given.items() if value is not ABSENT}
    headers = {"kid": kid, **(header or {})}
    return jwt.encode(given, key or private_key(mock), algorithm=algorithm, headers=headers)


def handmade(header: Any, claims: Any, signature: bytes = b"") -> str:
    """Return what looks like a JWT, whatever is in it."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)
    ]
    return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in (*parts, signature))
