"""Builder tokens: those of the fixture, and those that `mockserver token builder` mints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from click.testing import CliRunner

from mockserver.app import Mock
from mockserver.cli.token import command
from mockserver.settings import Settings
from tests.client import Client
from tests.conftest import START, make_mock
from tests.http.tokens import ABSENT, NOW, handmade, private_key

SECRET = Settings().token_secret
NOT_MINTED = "this mock did not mint this token"


def mint(*arguments: str) -> str:
    """Run `mockserver token builder`."""
    result = CliRunner().invoke(command, ["builder", "--at", START, *arguments])
    assert result.exit_code == 0, result.output
    return result.output.strip()


def sign(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    given = {
        "iss": "ampersand-mockserver",
        "sub": "jane",
        "email": "jane@mailmonkey.com",
        "iat": NOW,
        "exp": NOW + 60,
        **claims,
    }
    given = {name: value for name, value in given.items() if value is not ABSENT}
    return jwt.encode(given, secret, algorithm=algorithm)


def test_a_minted_token_is_the_builder_with_that_address(anonymous: Client):
    info = anonymous.as_(bearer=mint("--email", "jane@mailmonkey.com")).get("/my-info")

    assert info.status == 200
    assert info.json["builder"]["fullName"] == "Jane Smith"
    assert info.json["orgRole"]["org"]["label"] == "Acme Inc"


def test_an_address_is_the_same_in_any_case(anonymous: Client):
    info = anonymous.as_(bearer=mint("--email", "Jane@MailMonkey.com")).get("/my-info")

    assert info.json["builder"]["fullName"] == "Jane Smith"


def test_an_unknown_person_is_made_on_first_sight_and_stays_the_same(anonymous: Client):
    someone = anonymous.as_(bearer=mint("--email", "new@example.com", "--subject", "user_new"))

    first, second = someone.get("/my-info"), someone.get("/my-info")

    assert first.status == 200
    assert first.json == second.json
    assert first.json["projectRoles"] == {}
    assert "orgRole" not in first.json
    builder = first.json["builder"]
    assert (builder["primaryEmail"], builder["idpRef"]) == ("new@example.com", "user_new")
    assert someone.post("/orgs", {"label": "Mine"}).status == 201
    assert someone.get("/my-info").json["orgRole"]["org"]["label"] == "Mine"


def test_a_token_is_minted_with_the_secret_of_the_mock():
    mock = make_mock(token_secret="another secret of thirty-two bytes")
    minted = mint("--email", "jane@mailmonkey.com", "--token-secret", mock.settings.token_secret)

    assert Client(mock, None, minted).get("/my-info").status == 200
    assert Client(mock, None, sign()).get("/my-info").json["detail"] == NOT_MINTED


def test_a_token_expires_by_the_clock_of_the_sandbox(
    anonymous: Client, advance: Callable[[float], None]
):
    someone = anonymous.as_(bearer=mint("--email", "jane@mailmonkey.com", "--ttl", "60"))
    advance(59)
    assert someone.get("/my-info").status == 200

    advance(1)

    refused = someone.get("/my-info")
    assert (refused.status, refused.json["detail"]) == (
        401,
        "the token has expired by the sandbox clock, which says 2026-02-01T12:01:00.000000Z",
    )


def test_by_the_real_clock_the_time_is_not_told():
    someone = Client(make_mock(clock="real"), None, sign(iat=1, exp=2))

    assert someone.get("/my-info").json["detail"] == "the token has expired"


def tampered() -> str:
    head, _, signature = sign().split(".")
    other = sign(email="olivia@globex.example").split(".")[1]
    return f"{head}.{other}.{signature}"


@pytest.mark.parametrize(
    ("token", "detail"),
    [
        (tampered(), NOT_MINTED),
        (sign(secret="a secret that nobody told the mock of"), NOT_MINTED),
        (sign(secret=SECRET * 2, algorithm="HS512"), NOT_MINTED),
        (sign()[:-3], NOT_MINTED),
        (sign().rpartition(".")[0] + ".", NOT_MINTED),
        (sign(iss="somebody else"), NOT_MINTED),
        (sign(iss=ABSENT), NOT_MINTED),
        (sign(exp=ABSENT), NOT_MINTED),
        (sign(email=ABSENT), NOT_MINTED),
        (sign(sub=ABSENT), NOT_MINTED),
        (sign(aud="elsewhere"), NOT_MINTED),
        (handmade({"alg": "none"}, {"sub": "jane", "email": "jane@mailmonkey.com"}), NOT_MINTED),
        (handmade({"alg": "none", "typ": "JWT"}, {"email": "jane@mailmonkey.com"}), NOT_MINTED),
        (handmade({"alg": "HS256"}, {"email": "jane@mailmonkey.com"}), NOT_MINTED),
        (handmade({"alg": 7}, {}), NOT_MINTED),
        (handmade({}, {}), NOT_MINTED),
        (sign(email="nobody"), "the token's email is no address"),
        (sign(email=7), "the token's email is no address"),
        (sign(email=["a@b"]), "the token's email is no address"),
        (sign(email="a@b\ud83e"), "the token's email is no address"),
        (sign(sub="a\ud83e"), "the token's sub is no name"),
        (sign(exp=float("nan")), "the token has no exp"),
        (sign(exp=10**30), "the token has no exp"),
        (sign(exp="tomorrow"), "the token has no exp"),
        (sign(exp=True), "the token has no exp"),
        ("a.b.c", "not a known token, nor a JWT"),
        ("...", "not a known token, nor a JWT"),
        ("\xff", "not a known token, nor a JWT"),
        ("mock-builder-toke", "not a known token, nor a JWT"),
        (handmade([], {}), "not a known token, nor a JWT"),
        (handmade({"alg": "HS256"}, []), "not a known token, nor a JWT"),
        (handmade({"alg": "HS256"}, b"\xff"), "not a known token, nor a JWT"),
        (handmade({"alg": "HS256"}, b"[" * 9_000), "not a known token, nor a JWT"),
        (handmade({"alg": "HS256"}, {"x": "y" * 20_000}), "the token is too long"),
    ],
)
def test_any_other_token_is_401_and_the_reason_is_told(
    anonymous: Client, is_unchanged: Callable[[], bool], token: str, detail: str
):
    refused = anonymous.as_(bearer=token).get("/my-info")

    assert (refused.status, refused.json["detail"]) == (401, detail)
    assert is_unchanged()


def test_a_token_signed_with_rs256_is_not_a_builders(mock: Mock):
    claims = {"iss": "ampersand-mockserver", "sub": "jane", "email": "jane@mailmonkey.com"}
    token = jwt.encode({**claims, "exp": NOW + 60}, private_key(mock), algorithm="RS256")

    refused = Client(mock, None, token).get("/my-info")

    assert (refused.status, refused.json["detail"]) == (401, NOT_MINTED)


def test_the_tokens_of_the_fixture_never_expire(builder: Client, advance: Callable[[float], None]):
    advance(50 * 365 * 86_400)

    assert builder.get("/my-info").status == 200
