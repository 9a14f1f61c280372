"""`mockserver token` mints what a running mock accepts."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockserver.app import Mock
from mockserver.simulation.clock import SECOND, moment
from tests.cli.command import Command
from tests.client import Client
from tests.conftest import START

AT = ("--at", START)
CUSTOMER = ("token", "customer", "--group", "group-1", "--consumer", "user-1")


def private_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: str = "") -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption(),
    )


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def minted(command: Command, *arguments: str) -> str:
    ended = command(*arguments)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("\n") == 1
    return ended.out.strip()


def test_a_builder_token_opens_what_that_builder_reaches(command: Command, mock: Mock):
    token = minted(command, "token", "builder", "--email", "jane@mailmonkey.com", *AT)
    me = Client(mock, key=None, bearer=token).get("/my-info")
    assert (me.status, me.json["builder"]["primaryEmail"]) == (200, "jane@mailmonkey.com")


def test_a_builder_who_is_not_in_the_fixture_is_made_on_first_sight(command: Command, mock: Mock):
    token = minted(command, "token", "builder", "--email", "new@nowhere.example", *AT)
    me = Client(mock, key=None, bearer=token).get("/my-info")
    assert (me.status, me.json["projectRoles"]) == (200, {})


def test_a_builder_token_of_another_secret_is_refused(command: Command, mock: Mock):
    token = minted(
        command,
        "token",
        "builder",
        "--email",
        "jane@mailmonkey.com",
        "--token-secret",
        "x" * 32,
        *AT,
    )
    assert Client(mock, key=None, bearer=token).get("/my-info").status == 401


def test_a_token_ends_when_its_time_is_over(command: Command, mock: Mock, advance):
    token = minted(command, "token", "builder", "--email", "a@b.co", "--ttl", "60", *AT)
    client = Client(mock, key=None, bearer=token)
    advance(59)
    assert client.get("/my-info").status == 200
    advance(1)
    assert client.get("/my-info").status == 401


def test_a_token_is_issued_now_unless_said_otherwise(command: Command):
    token = minted(command, "token", "builder", "--email", "a@b.co")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 86_400
    assert claims["iat"] > moment(START) // SECOND


def test_a_customer_token_is_signed_with_the_key_of_the_fixture(command: Command, mock: Mock):
    token = minted(command, *CUSTOMER, *AT)
    customer = Client(mock, key=None, bearer=token)
    assert customer.get("/projects/my-project").status == 200
    assert customer.get("/projects/mailmonkey-prod").status == 403

    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["groupRef"], claims["consumerRef"]) == ("group-1", "user-1")
    assert claims["exp"] - claims["iat"] == 600


def test_a_customer_token_is_signed_with_ones_own_key(
    command: Command, client: Client, mock: Mock, tmp_path: Path, rsa_key: rsa.RSAPrivateKey
):
    public = rsa_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    made = client.post(
        "/projects/my-project/jwt-keys",
        {"label": "mine", "algorithm": "RS256", "publicKeyPem": public.decode()},
    )
    path = tmp_path / "key.pem"
    path.write_bytes(private_pem(rsa_key))

    token = minted(command, *CUSTOMER, "--kid", made.json["kid"], "--private-key", str(path), *AT)

    assert Client(mock, key=None, bearer=token).get("/projects/my-project").status == 200


def test_a_longer_life_than_the_api_takes_can_be_minted_to_see_it_refused(
    command: Command, mock: Mock
):
    token = minted(command, *CUSTOMER, "--ttl", "601", *AT)
    assert Client(mock, key=None, bearer=token).get("/projects/my-project").status == 401


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("token builder", "Missing option '--email'"),
        ("token builder --email jane", "Invalid value for '--email': 'jane' is no e-mail address"),
        ("token builder --email a@b --ttl 0", "Invalid value for '--ttl': 0 is not in the range"),
        ("token builder --email a@b --ttl -5", "Invalid value for '--ttl': -5 is not in the range"),
        ("token builder --email a@b --ttl soon", "Invalid value for '--ttl': 'soon' is not a"),
        ("token builder --email a@b --at soon", "Invalid value for '--at': 'soon' is no RFC 3339"),
        ("token builder --email a@b --token-secret x", "token_secret is not 32 bytes or more"),
        ("token customer --consumer c", "Missing option '--group'"),
        ("token customer --group g", "Missing option '--consumer'"),
        ("token customer --group g --consumer c --kid k", "--kid and --private-key go together"),
        (
            "token customer --group g --consumer c --project nope",
            "fixture acme has no active JWT key with a private half in project nope; give --kid",
        ),
        (
            "token customer --group g --consumer c --fixture empty",
            "fixture empty has no active JWT key",
        ),
        (
            "token customer --group g --consumer c --fixture nope",
            "nope: no such fixture",
        ),
        (
            "token customer --group g --consumer c --kid k --private-key nope.pem",
            "Invalid value for '--private-key': File 'nope.pem' does not exist",
        ),
    ],
)
def test_a_token_that_cannot_be_minted_is_refused(command: Command, arguments: str, line: str):
    assert command.refuses(*arguments.split()).startswith(line)


def test_an_empty_group_is_refused(command: Command):
    refused = command.refuses("token", "customer", "--group", "", "--consumer", "c")
    assert refused.startswith("Invalid value for '--group': it is empty")


@pytest.mark.parametrize("kind", ["text", "bytes", "public", "elliptic", "password", "unreadable"])
def test_a_file_without_an_rsa_private_key_is_refused(
    command: Command, tmp_path: Path, rsa_key: rsa.RSAPrivateKey, kind: str
):
    content = {
        "text": b"hello",
        "bytes": b"\xff\xfe\x00",
        "public": rsa_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
        "elliptic": private_pem(ec.generate_private_key(ec.SECP256R1())),
        "password": private_pem(rsa_key, "secret"),
        "unreadable": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }[kind]
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    assert command.refuses(*CUSTOMER, "--kid", "k", "--private-key", str(path)) == (
        f"{path} holds no RSA private key in PEM without a password"
    )
