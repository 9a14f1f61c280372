"""Customer tokens that somebody made up, changed or signed with something else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from mockserver.app import Mock
from tests.http.tokens import KID, NOW, customer, handmade, stored_key

BAD_SIGNATURE = "the token's signature does not match its JWT key"
NOT_RS256 = "the token's algorithm is not RS256"
NO_JWT = "not a known token, nor a JWT"


def test_a_signature_by_another_key_is_refused(
    mock: Mock, own_key: rsa.RSAPrivateKey, detail: Callable[[str], str]
):
    assert detail(customer(mock, key=own_key)) == BAD_SIGNATURE


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_that_was_changed_is_refused(mock: Mock, detail: Callable[[str], str], part: int):
    mine = customer(mock).split(".")
    other = customer(mock, groupRef="group-2", header={"x": 1}).split(".")
    mine[part] = other[part]

    assert detail(".".join(mine)) == BAD_SIGNATURE


def test_a_public_key_is_no_shared_secret(mock: Mock, detail: Callable[[str], str]):
    """The well-known confusion: HS256 with the public key, which everybody may know."""
    pem = stored_key(mock)["publicKeyPem"]
    claims = {"groupRef": "g", "consumerRef": "c", "iat": NOW, "exp": NOW + 60}
    for header in ({"alg": "HS256", "kid": KID}, {"alg": "RS256", "kid": KID}):
        signed = handmade(header, claims).rpartition(".")[0]
        signature = hmac.new(pem.encode(), signed.encode(), hashlib.sha256).digest()
        token = handmade(header, claims, signature)

        assert detail(token) == (NOT_RS256 if header["alg"] == "HS256" else BAD_SIGNATURE)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"alg": "none", "kid": KID}, NOT_RS256),
        ({"alg": "None", "kid": KID}, NOT_RS256),
        ({"alg": "RS256", "kid": KID}, BAD_SIGNATURE),
        ({"alg": None, "kid": KID}, NOT_RS256),
        ({"kid": KID}, NOT_RS256),
        ({"alg": "RS256", "kid": 7}, NO_JWT),
        ({"alg": "RS256", "kid": [KID]}, NO_JWT),
        ({"alg": "RS256", "kid": None}, NO_JWT),
        ({"alg": "RS256", "kid": KID, "crit": ["x"]}, NO_JWT),
        ({"alg": "RS256"}, "this mock did not mint this token"),
        (
            {"alg": "RS256", "jwk": {"kty": "RSA"}, "jku": "https://x.example"},
            "this mock did not mint this token",
        ),
        ([], NO_JWT),
        (b"{", NO_JWT),
    ],
)
def test_a_token_without_a_signature_is_refused(
    detail: Callable[[str], str], header: Any, expected: str
):
    claims = {"groupRef": "g", "consumerRef": "c", "iat": NOW, "exp": NOW + 60}

    assert detail(handmade(header, claims)) == expected


@pytest.mark.parametrize("claims", [[], 7, b"", b"\xff", b"{", b'{"exp":' + b"9" * 9_000 + b"}"])
def test_claims_that_are_no_object_are_refused(detail: Callable[[str], str], claims: Any):
    assert detail(handmade({"alg": "RS256", "kid": KID}, claims)) in {NO_JWT, BAD_SIGNATURE}


def test_padding_and_line_breaks_do_not_make_another_token(
    mock: Mock, detail: Callable[[str], str]
):
    token = customer(mock)
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": KID}).encode()).decode()

    assert detail(f"{header}.{token.split('.', 1)[1]}") in {NO_JWT, BAD_SIGNATURE}
    assert detail(token + "x.y") == NO_JWT
