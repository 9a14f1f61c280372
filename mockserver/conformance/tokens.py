"""Tokens of customers, signed with keys of our own."""

from __future__ import annotations

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

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


def private_key(lab: Lab, name: str = "first") -> RSAPrivateKey:
    """Return the private half of such a key."""
    return key_pair(lab, name).private


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


def customer(key: Thing, said: dict[str, Any]) -> Caller:
    """Return a customer who shows a token with these claims, well signed for a JWT key."""
    private = private_key(key.shelf.lab)
    token = jwt.encode(said, private, algorithm="RS256", headers={"kid": key.id})
    return by_bearer("customer-token", token)
