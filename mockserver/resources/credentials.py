"""Credentials: API keys, builder tokens and customer tokens, checked against the state.

A token that the mock did not mint, or that no registered key signed, is refused; nothing is
accepted because it merely looks right.
"""

from __future__ import annotations

from typing import Any

from mockserver.resources import builders
from mockserver.resources.principals import API_KEY, BUILDER, CUSTOMER, Principal
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

ISSUER = "ampersand-mockserver"
BUILDER_ALGORITHM = "HS256"
CUSTOMER_ALGORITHM = "RS256"
#: Source: the vendor's guide to JWT authentication: ten minutes at most, in seconds.
LONGEST_CUSTOMER_LIFETIME = 600
#: The longest token that is looked at, in characters.
_LONGEST_TOKEN = 16_384


def of_api_key(work: Work, key: str) -> Principal:
    """Return who an API key stands for.

    Raises:
        Refused: UNAUTHENTICATED for an unknown, deleted or inactive key.
    """
    found = work.tx.get("apiKeys", key)
    if found is None:
        raise unauthenticated("unknown API key", "use a key of GET …/api-keys", "X-Api-Key")
    if not found["active"]:
        raise unauthenticated("inactive API key", "activate the key, or use another", "X-Api-Key")
    return Principal(API_KEY, found["projectId"], "full" in found["scopes"])


def of_bearer(work: Work, token: str) -> Principal:
    """Return who a bearer token stands for: a builder, or a customer of a project.

    Assumed: a token whose `kid` names a registered JWT key is a customer's, any other a builder's.

    Raises:
        Refused: UNAUTHENTICATED; the detail names the rule that the token breaks.
    """
    known = work.tx.get("builderTokens", token)
    if known is not None:
        return Principal(BUILDER, builder=work.tx.get("builders", known["builderId"]))
    header, claims = _unverified(token)
    key = work.tx.get("jwtKeys", str(header.get("kid", "")))
    if key is not None:
        return _customer(work, token, header, claims, key)
    if header.get("alg") == BUILDER_ALGORITHM and "kid" not in header:
        return _builder(work, token)
    if "kid" in header:
        raise _wrong("the token's kid is no registered JWT key", "use the kid of createJWTKey")
    raise _wrong("this mock did not mint this token", "mint one with: mockserver token builder")


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    import jwt  # imported by the first token that is a JWT

    if len(token) > _LONGEST_TOKEN:
        raise _wrong("the token is too long", "send the token alone")
    try:
        whole = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise _wrong("not a known token, nor a JWT", "use a builder token or a JWT") from None
    return whole["header"], whole["payload"]


def _builder(work: Work, token: str) -> Principal:
    import jwt

    try:
        claims = jwt.decode(
            token,
            work.settings.token_secret,
            algorithms=[BUILDER_ALGORITHM],
            issuer=ISSUER,
            options={
                "require": ["exp", "sub", "email"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidTokenError:
        raise _wrong(
            "this mock did not mint this token", "mint one with: mockserver token builder"
        ) from None
    _check_expiry(work, claims)
    email = claims["email"]
    if not isinstance(email, str) or "@" not in email or not email.isprintable():
        raise _wrong("the token's email is no address", "mint one with: mockserver token builder")
    subject = str(claims["sub"])
    if not subject.isprintable():
        raise _wrong("the token's sub is no name", "mint one with: mockserver token builder")
    return Principal(BUILDER, builder=builders.of_email(work, email, subject))


def _customer(
    work: Work, token: str, header: dict[str, Any], claims: dict[str, Any], key: Record
) -> Principal:
    # Source: the vendor's guide to JWT authentication (RS256, kid, groupRef, consumerRef, 600 s).
    if header.get("alg") != CUSTOMER_ALGORITHM:
        raise _wrong("the token's algorithm is not RS256", "sign with RS256")
    if not key["active"]:
        raise _wrong("the token's JWT key is inactive", "activate the key, or use another")
    _check_signature(token, key)
    for name in ("groupRef", "consumerRef"):
        if not isinstance(claims.get(name), str) or not claims[name]:
            raise _wrong(f"the token has no {name}", f"put {name} into the claims")
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if expires - issued > LONGEST_CUSTOMER_LIFETIME:
        raise _wrong(
            f"the token lives longer than {LONGEST_CUSTOMER_LIFETIME} s",
            f"let exp be at most {LONGEST_CUSTOMER_LIFETIME} s after iat",
        )
    _check_expiry(work, claims)
    _check_start(work, claims)
    return Principal(
        CUSTOMER,
        key["projectId"],
        group_ref=claims["groupRef"],
        consumer_ref=claims["consumerRef"],
    )


def _check_signature(token: str, key: Record) -> None:
    import jwt

    try:
        jwt.decode(
            token,
            key["publicKeyPem"],
            algorithms=[CUSTOMER_ALGORITHM],
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
                "verify_iss": False,
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError, TypeError):
        raise _wrong(
            "the token's signature does not match its JWT key",
            "sign with the private half of the registered key",
        ) from None


def _check_expiry(work: Work, claims: dict[str, Any]) -> None:
    if work.moment >= _seconds(claims, "exp") * SECOND:
        raise _wrong(f"the token has expired{_clock(work)}", "make a new token")


def _check_start(work: Work, claims: dict[str, Any]) -> None:
    # Assumed: a minute of leeway for clocks that run ahead.
    start = max(_seconds(claims, "iat"), _seconds(claims, "nbf") if "nbf" in claims else 0)
    if start * SECOND > work.moment + 60 * SECOND:
        raise _wrong(f"the token is not valid yet{_clock(work)}", "check the clock that signed it")


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise _wrong(f"the token has no {name}", f"put {name} into the claims, in seconds")
    return value


def _clock(work: Work) -> str:
    return "" if work.real_time else f" by the sandbox clock, which says {work.now}"


def unauthenticated(detail: str, remedy: str, header: str) -> Refused:
    """Return the refusal of a credential; the value itself is never repeated."""
    issue = Issue("header", header, detail, remedy=remedy)
    return Refused(Kind.UNAUTHENTICATED, detail, remedy=remedy, issues=[issue])


def _wrong(detail: str, remedy: str) -> Refused:
    return unauthenticated(detail, remedy, "Authorization")
