"""Tokens that this mock mints: for builders, and for a project's customers."""

from __future__ import annotations

from mockserver.resources.credentials import BUILDER_ALGORITHM, CUSTOMER_ALGORITHM, ISSUER

#: How long a builder token is good for, in seconds.
BUILDER_LIFETIME = 86_400


def builder(secret: str, *, email: str, subject: str, issued: int, lifetime: int) -> str:
    """Return a builder token.

    Args:
        secret: the setting `token_secret` of the mock that shall accept it.
        email: the builder's address, by which they are found.
        subject: the identity provider's name for them; the address without one.
        issued: when, in seconds since 1970.
        lifetime: seconds until it expires.
    """
    import jwt  # few starts mint a token

    claims = {
        "iss": ISSUER,
        "sub": subject or email,
        "email": email,
        "iat": issued,
        "exp": issued + lifetime,
    }
    return jwt.encode(claims, secret, algorithm=BUILDER_ALGORITHM)


def customer(
    pem: str,
    kid: str,
    *,
    group_ref: str,
    consumer_ref: str,
    subject: str,
    issued: int,
    lifetime: int,
) -> str:
    """Return a customer token.

    Source: the vendor's guide to JWT authentication.

    Args:
        pem: the private half of the key, in PEM.
        kid: the id under which the public half is registered.
        group_ref: the group that the token is limited to.
        consumer_ref: the person.
        subject: free text; the person's ref without any.
        issued: when, in seconds since 1970.
        lifetime: seconds until it expires.
    """
    import jwt

    claims = {
        "sub": subject or consumer_ref,
        "groupRef": group_ref,
        "consumerRef": consumer_ref,
        "iat": issued,
        "exp": issued + lifetime,
    }
    return jwt.encode(claims, pem, algorithm=CUSTOMER_ALGORITHM, headers={"kid": kid})
