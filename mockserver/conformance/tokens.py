"""RSA keys, and the tokens of customers that are signed with them."""

from __future__ import annotations

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockserver.conformance.lab import Lab

_BITS = 2048
_EXPONENT = 65537


def private_key(lab: Lab, name: str = "first") -> RSAPrivateKey:
    """Return an RSA key of this run; `name` tells several apart."""
    return lab.shared(f"RSA key {name}", lambda _: generate_private_key(_EXPONENT, _BITS))


def public_pem(lab: Lab, name: str = "first") -> str:
    """Return the public half of such a key as PEM (SubjectPublicKeyInfo)."""
    public = private_key(lab, name).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(lab: Lab, kid: str, claims: dict[str, Any], *, name: str = "first") -> str:
    """Return a token with these claims, signed by RS256."""
    return jwt.encode(claims, private_key(lab, name), algorithm="RS256", headers={"kid": kid})
