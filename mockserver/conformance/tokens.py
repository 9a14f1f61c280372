"""Tokens of customers, right and wrong, signed with keys of our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt

from mockserver.conformance.callers import Caller, by_bearer
from mockserver.conformance.comparison import instant
from mockserver.conformance.credentials import KeyPair
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached
from mockserver.conformance.things import Thing

LONGEST = 600  # seconds between `iat` and `exp`. Source: the vendor's guide to JWT authentication.


def key_pair(lab: Lab, name: str = "first") -> KeyPair:
    """Return an RSA key of this run; `name` tells several apart."""
    return lab.shared(f"RSA key {name}", lambda _: KeyPair())


def public_pem(lab: Lab, name: str = "first") -> str:
    """Return the public half of such a key as PEM (SubjectPublicKeyInfo)."""
    return key_pair(lab, name).public_pem


def claims(key: Thing, **changed: Any) -> dict[str, Any]:
    """Return what a right token of a customer says, on the target's own clock.

    Args:
        key: the JWT key that it will be signed for, just made: its createTime is now.
        changed: other claims; None leaves one out.

    Raises:
        Unreached: the key tells no createTime.
    """
    lab = key.shelf.lab
    now = instant(key.record().get("createTime"))
    if now is None:
        raise Unreached("the JWT key tells no createTime: what time the target has is unknown")
    seconds = int(now.at.timestamp())
    said = {
        "sub": "somebody",
        "groupRef": lab.name("group"),
        "consumerRef": lab.name("consumer"),
        "iat": seconds,
        "exp": seconds + LONGEST,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def customer(
    key: Thing,
    said: dict[str, Any],
    *,
    signed_by: str = "first",
    kid: str = "",
    algorithm: str = "RS256",
) -> Caller:
    """Return a customer who shows a token.

    Args:
        key: the JWT key that it is signed for.
        said: the claims.
        signed_by: name of the RSA key that it is really signed with.
        kid: the id in its header; empty: the key's.
        algorithm: RS256, or HS256 with the public PEM as the secret, or none.
    """
    pair = key_pair(key.shelf.lab, signed_by)
    headers = {"kid": kid or key.id}
    if algorithm == "HS256":
        token = _forged(said, pair.public_pem, headers)
    else:
        secret = pair.private if algorithm == "RS256" else ""
        token = jwt.encode(said, secret, algorithm=algorithm, headers=headers)
    return by_bearer("customer-token", token)


def _forged(said: dict[str, Any], secret: str, headers: dict[str, str]) -> str:
    """Sign by HS256 with a public key as the secret. PyJWT will not: it knows the trick.

    Source: RFC 7515, section 7.1 (compact serialization); RFC 8725, section 2.1 (the attack).
    """
    head = _part(json.dumps({"alg": "HS256", "typ": "JWT", **headers}).encode())
    signed = f"{head}.{_part(json.dumps(said).encode())}"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_part(digest)}"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
