"""Customer tokens: JWTs that a builder's own backend signs with a registered key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mockserver.app import Mock
from mockserver.cli.token import command
from mockserver.contract.contract import load_api
from tests.client import Client
from tests.conftest import START, make_mock
from tests.http.tokens import (
    ABSENT,
    INACTIVE_KID,
    NOW,
    OTHER_KID,
    customer,
)

PROJECT = "/projects/my-project"
CLOCK = "2026-02-01T12:00:00.000000Z"
UNKNOWN_KID = "the token's kid is no registered JWT key"
BAD_SIGNATURE = "the token's signature does not match its JWT key"
NOT_RS256 = "the token's algorithm is not RS256"
EXPIRED = f"the token has expired by the sandbox clock, which says {CLOCK}"
NOT_YET = f"the token is not valid yet by the sandbox clock, which says {CLOCK}"
TOO_LONG = "the token lives longer than 600 s"
NO_JWT = "not a known token, nor a JWT"


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


# ---------------------------------------------------------------- what is taken


def test_a_customer_reads_the_project_and_its_provider_apps(mock: Mock):
    visitor = Client(mock, None, customer(mock))

    assert visitor.get(PROJECT).json["name"] == "my-project"
    assert visitor.get(f"{PROJECT}/provider-apps").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", ""),
        ("GET", "/topics"),
        ("POST", "/topics"),
        ("GET", "/api-keys"),
        ("GET", "/jwt-keys"),
        ("GET", "/destinations/defaultWebhook?includeSecrets=true"),
        ("POST", "/provider-apps"),
    ],
)
def test_everything_that_is_not_for_frontends_is_403(mock: Mock, method: str, path: str):
    refused = Client(mock, None, customer(mock)).call(method, PROJECT + path)

    assert refused.status == 403
    assert refused.json["detail"].startswith("a customer token may not call ")


def test_another_project_is_403_and_builders_are_somebody_else(mock: Mock):
    visitor = Client(mock, None, customer(mock))

    assert visitor.get("/projects/mailmonkey-prod").status == 403
    assert visitor.get("/projects/globex-project").status == 403
    assert visitor.get("/projects").status == 403
    assert visitor.get("/orgs/9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79").status == 403


@pytest.mark.parametrize(
    "name", [n for n, o in load_api().operations.items() if o.schemes == {"Bearer"}]
)
def test_operations_of_builders_are_not_a_customers(
    mock: Mock, is_unchanged: Callable[[], bool], name: str
):
    operation = mock.contract.operations[name]

    refused = Client(mock, None, customer(mock)).call(operation.method, operation.path)

    assert refused.status == 403
    assert is_unchanged()


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": ABSENT},
        {"sub": 7},
        {"sub": ""},
        {"aud": "anything", "iss": "anybody", "jti": 7, "email": "a@b.c"},
        {"iat": NOW + 60, "exp": NOW + 660},
        {"nbf": NOW + 60},
        {"iat": NOW - 599, "exp": NOW + 1},
        {"iat": NOW - 0.5, "exp": NOW + 0.5},
        {"groupRef": "x" * 5000},
        {"groupRef": "\U0001f98a / ?"},
    ],
)
def test_what_the_guide_does_not_forbid_is_taken(mock: Mock, claims: dict[str, Any]):
    assert Client(mock, None, customer(mock, **claims)).get(PROJECT).status == 200


def test_the_command_mints_a_token_that_is_taken(mock: Mock):
    arguments = ["customer", "--group", "g", "--consumer", "c", "--at", START]
    minted = CliRunner().invoke(command, arguments).output.strip()

    assert Client(mock, None, minted).get(PROJECT).status == 200


def test_a_key_works_from_its_registration_to_its_deletion(
    client: Client, mock: Mock, own_key: rsa.RSAPrivateKey, detail: Callable[[str], str]
):
    path = f"{PROJECT}/jwt-keys"
    body = {"label": "mine", "algorithm": "RS256", "publicKeyPem": public_pem(own_key)}
    kid = client.post(path, body).json["kid"]
    token = customer(mock, kid=kid, key=own_key)
    visitor = Client(mock, None, token)
    assert visitor.get(PROJECT).status == 200

    client.patch(f"{path}/{kid}", {"updateMask": ["active"], "jwtKey": {"active": False}})
    assert detail(token) == "the token's JWT key is inactive"

    client.patch(f"{path}/{kid}", {"updateMask": ["active"], "jwtKey": {"active": True}})
    assert visitor.get(PROJECT).status == 200

    client.delete(f"{path}/{kid}")
    assert detail(token) == UNKNOWN_KID


def test_a_token_for_a_key_that_nobody_can_read_is_never_taken(
    client: Client, mock: Mock, detail: Callable[[str], str]
):
    pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----"
    body = {"label": "cut", "algorithm": "RS256", "publicKeyPem": pem}
    kid = client.post(f"{PROJECT}/jwt-keys", body).json["kid"]

    assert detail(customer(mock, kid=kid)) == BAD_SIGNATURE


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kid": "00000000-0000-4000-8000-000000000000"}, UNKNOWN_KID),
        ({"kid": ""}, UNKNOWN_KID),
        ({"kid": "x" * 2000}, UNKNOWN_KID),
        ({"kid": INACTIVE_KID}, "the token's JWT key is inactive"),
        ({"kid": OTHER_KID}, BAD_SIGNATURE),
        ({"algorithm": "RS384"}, NOT_RS256),
        ({"algorithm": "PS256"}, NOT_RS256),
        ({"exp": ABSENT}, "the token has no exp"),
        ({"iat": ABSENT}, "the token has no iat"),
        ({"exp": "1769947800"}, "the token has no exp"),
        ({"iat": None}, "the token has no iat"),
        ({"iat": True}, "the token has no iat"),
        ({"exp": 10**400}, "the token has no exp"),
        ({"exp": float("inf")}, "the token has no exp"),
        ({"iat": float("nan")}, "the token has no iat"),
        ({"iat": -(10**15)}, "the token has no iat"),
        ({"nbf": "soon"}, "the token has no nbf"),
        ({"groupRef": ABSENT}, "the token has no groupRef"),
        ({"groupRef": ""}, "the token has no groupRef"),
        ({"groupRef": 7}, "the token has no groupRef"),
        ({"groupRef": ["group-1"]}, "the token has no groupRef"),
        ({"consumerRef": ABSENT}, "the token has no consumerRef"),
        ({"consumerRef": None}, "the token has no consumerRef"),
        ({"exp": NOW + 601}, TOO_LONG),
        ({"iat": NOW - 10**9, "exp": NOW + 1}, TOO_LONG),
        ({"iat": NOW - 600, "exp": NOW}, EXPIRED),
        ({"iat": NOW - 700, "exp": NOW - 100}, EXPIRED),
        ({"iat": NOW + 10, "exp": NOW - 10}, EXPIRED),
        ({"iat": NOW + 61, "exp": NOW + 100}, NOT_YET),
        ({"nbf": NOW + 61}, NOT_YET),
    ],
)
def test_each_rule_that_a_token_breaks_is_named(
    mock: Mock, detail: Callable[[str], str], given: dict[str, Any], expected: str
):
    assert detail(customer(mock, **given)) == expected


def test_a_token_expires_when_the_clock_is_turned(
    mock: Mock, advance: Callable[[float], None], detail: Callable[[str], str]
):
    visitor = Client(mock, None, customer(mock))
    advance(599.999999)
    assert visitor.get(PROJECT).status == 200

    advance(0.000001)

    assert detail(visitor.bearer or "") == EXPIRED.replace("12:00:00", "12:10:00")


def test_by_the_real_clock_the_time_is_not_told():
    mock = make_mock(clock="real")

    refused = Client(mock, None, customer(mock)).get(PROJECT)

    assert refused.json["detail"] in {"the token has expired", "the token is not valid yet"}
