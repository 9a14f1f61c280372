"""Customers' tokens with one thing wrong each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from mockserver.conformance.calls import Call
from mockserver.conformance.credentials import Mint
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Strength
from mockserver.conformance.tokens import private_key, public_pem

#: (lab, mint, group, consumer) -> token
Maker = Callable[[Lab, Mint, str, str], str]
_LONGEST = 600  # seconds. Source: the platform's documentation of JWT authentication


@dataclass(frozen=True, slots=True)
class Forgery:
    """One way in which a customer's token can be wrong."""

    name: str
    detail: str
    make: Maker
    strength: Strength | None = None  # None: as well founded as the rule


def _with(**changes: Callable[[int], Any] | None) -> Maker:
    """Return a maker of a well signed token; each change is a function of the target's time."""

    def make(_: Lab, mint: Mint, group: str, consumer: str) -> str:
        now = mint.now()
        said = {name: None if of is None else of(now) for name, of in changes.items()}
        return mint.token(group, consumer, **said)

    return make


def _unknown_kid(lab: Lab, mint: Mint, group: str, consumer: str) -> str:
    return _signed(mint, mint.claims(group, consumer), {"kid": lab.absent()})


def _no_kid(_: Lab, mint: Mint, group: str, consumer: str) -> str:
    return _signed(mint, mint.claims(group, consumer), {})


def _signed(mint: Mint, claims: Mapping[str, Any], header: dict[str, Any]) -> str:
    return jwt.encode(dict(claims), mint.key.private, "RS256", headers=header)


def _other_key(lab: Lab, mint: Mint, group: str, consumer: str) -> str:
    claims = mint.claims(group, consumer)
    return jwt.encode(claims, private_key(lab, "forger"), "RS256", headers={"kid": mint.key_id})


def _other_hash(_: Lab, mint: Mint, group: str, consumer: str) -> str:
    claims = mint.claims(group, consumer)
    return jwt.encode(claims, mint.key.private, "RS512", headers={"kid": mint.key_id})


def _by_public_key(_: Lab, mint: Mint, group: str, consumer: str) -> str:
    """Return a token signed by HS256 with the public key as its secret. Source: RFC 8725, 2.1."""
    head = _part({"alg": "HS256", "typ": "JWT", "kid": mint.key_id})
    text = f"{head}.{_part(mint.claims(group, consumer))}"
    digest = hmac.new(mint.key.public_pem.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{_encoded(digest)}"


def _unsigned(_: Lab, mint: Mint, group: str, consumer: str) -> str:
    head = _part({"alg": "none", "typ": "JWT", "kid": mint.key_id})
    return f"{head}.{_part(mint.claims(group, consumer))}."


def _altered(_: Lab, mint: Mint, group: str, consumer: str) -> str:
    """Return a good token whose claims were exchanged after it was signed."""
    head, _claimed, signature = mint.token(f"{group}-first", consumer).split(".")
    return f"{head}.{_part(mint.claims(group, consumer))}.{signature}"


def _revoked(lab: Lab, mint: Mint, group: str, consumer: str) -> str:
    return _by(lab, "inactive", mint, group, consumer)


def _deleted(lab: Lab, mint: Mint, group: str, consumer: str) -> str:
    return _by(lab, "deleted", mint, group, consumer)


def _by(lab: Lab, name: str, mint: Mint, group: str, consumer: str) -> str:
    kid = lab.shared(f"{name} JWT key", lambda lab: _retired(lab, name))
    claims = mint.claims(group, consumer)
    return jwt.encode(claims, private_key(lab, name), "RS256", headers={"kid": kid})


def _retired(lab: Lab, name: str) -> str:
    """Make a JWT key, take it out of use, and return its id."""
    body = {"label": lab.name(name), "algorithm": "RS256", "publicKeyPem": public_pem(lab, name)}
    kid = str(lab.need(Call("createJWTKey", body=body))["kid"])
    if name == "deleted":
        lab.need(Call("deleteJWTKey", {"keyId": kid}))
    else:
        off = {"updateMask": ["active"], "jwtKey": {"active": False}}
        lab.need(Call("updateJWTKey", {"keyId": kid}, body=off))
    return kid


def _part(content: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(content).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


_DOCS = Strength.INFERRED
FORGERIES: tuple[Forgery, ...] = (
    Forgery("altered", "a customer's token with another's signature", _altered),
    Forgery("unsigned", "a customer's token without a signature", _unsigned),
    Forgery("other-key", "a customer's token signed by another key", _other_key),
    Forgery("public-key", "a customer's token signed with the public key", _by_public_key),
    Forgery("inactive-key", "a customer's token of an inactive JWT key", _revoked),
    Forgery("deleted-key", "a customer's token of a deleted JWT key", _deleted),
    Forgery("unknown-key", "a customer's token of an unknown JWT key", _unknown_kid),
    Forgery(
        "expired",
        "an expired customer's token",
        _with(iat=lambda now: now - 400, exp=lambda now: now - 120),
    ),
    Forgery("no-kid", "a customer's token that names no key", _no_kid),
    Forgery("other-hash", "a customer's token signed by RS512", _other_hash, _DOCS),
    Forgery(
        "lasting",
        "a customer's token of more than 600 seconds",
        _with(iat=lambda now: now - 5, exp=lambda now: now - 5 + _LONGEST + 1),
        _DOCS,
    ),
    Forgery("endless", "a customer's token without exp", _with(exp=None), _DOCS),
    Forgery("no-group", "a customer's token without groupRef", _with(groupRef=None), _DOCS),
    Forgery(
        "no-consumer", "a customer's token without consumerRef", _with(consumerRef=None), _DOCS
    ),
)
