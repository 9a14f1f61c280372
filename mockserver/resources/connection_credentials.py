"""Credentials of a connection: which block of the request a provider takes, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.tables import Record

AUTHORIZATION_CODE = "oauth2AuthorizationCode"
_GRANTS: Mapping[str, str] = {
    "authorizationCode": AUTHORIZATION_CODE,
    "authorizationCodePKCE": AUTHORIZATION_CODE,
    "clientCredentials": "oauth2ClientCredentials",
    "password": "oauth2PasswordCredentials",
}
#: The block of every authType but oauth2, whose grants have one each; `none` takes none.
_TYPES: Mapping[str, str] = {
    "apiKey": "apiKey",
    "basic": "basicAuth",
    "custom": "customAuth",
    "jwt": "customAuth",
}
_SCHEMES: Mapping[str, str] = {"apiKey": "apiKey", "basic": "basic"}
#: What a block must hold, none of it empty, and what it may hold.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "basicAuth": ("username",),
    "oauth2ClientCredentials": ("clientId", "clientSecret"),
    "oauth2PasswordCredentials": ("username", "password", "clientId", "clientSecret"),
}
_KEPT: Mapping[str, tuple[str, ...]] = {
    "basicAuth": ("username", "password"),
    "oauth2ClientCredentials": ("clientId", "clientSecret", "scopes"),
    "oauth2PasswordCredentials": ("username", "password", "clientId", "clientSecret", "scopes"),
    AUTHORIZATION_CODE: ("accessToken", "refreshToken", "scopes"),
}
#: Every block of a request. Source: ConnectionRequest.
BLOCKS = (
    "apiKey",
    "basicAuth",
    "oauth2ClientCredentials",
    "oauth2PasswordCredentials",
    AUTHORIZATION_CODE,
    "customAuth",
)


def scheme(provider: Record) -> str:
    """Return the authScheme of a provider's connections.

    Source: Connection.authScheme. Assumed: `custom` and `jwt`, which it does not know, are `none`.
    """
    if provider["authType"] == "oauth2":
        return f"oauth2/{provider['oauth2Opts']['grantType']}"
    return _SCHEMES.get(provider["authType"], "none")


def block_of(provider: Record) -> str | None:
    """Return the name of the block that a provider takes; None when it needs no credentials."""
    if provider["authType"] == "oauth2":
        return _GRANTS[provider["oauth2Opts"]["grantType"]]
    return _TYPES.get(provider["authType"])


def block_of_scheme(scheme: str) -> str | None:
    """Return the name of the block that connections of an authScheme hold, if it is known."""
    kind, _, grant = scheme.partition("/")
    return _GRANTS[grant] if kind == "oauth2" else _TYPES.get(kind)


def takes_consent(provider: Record) -> bool:
    """Tell whether accounts of a provider are connected on a consent page of its own."""
    return block_of(provider) == AUTHORIZATION_CODE


def read(provider: Record, body: Record) -> dict[str, Any]:
    """Return the credentials of a request by the name of their block.

    Source: generateConnection. Assumed: exactly the provider's own block.

    Raises:
        Refused: INVALID when it is missing, UNPROCESSABLE for another provider's block or for an
            empty value.
    """
    wanted = block_of(provider)
    name = provider["name"]
    remedy = f"{name} takes {wanted}" if wanted else f"{name} takes no credentials"
    others = [
        Issue("body", block, f"{name} does not take {block}", remedy=remedy)
        for block in BLOCKS
        if block in body and block != wanted
    ]
    if wanted is not None and wanted not in body:
        missing = Issue("body", wanted, f"{name} needs {wanted}", remedy=f"give {wanted} a value")
        raise Refused(
            Kind.INVALID, missing.detail, remedy=missing.remedy, issues=[missing, *others]
        )
    if others:
        raise Refused(Kind.UNPROCESSABLE, others[0].detail, remedy=remedy, issues=others)
    return {} if wanted is None else read_block(provider, wanted, body[wanted])


def read_block(provider: Record, block: str, given: Any, *, prefix: str = "") -> dict[str, Any]:
    """Return one block by its name, with what the contract names and nothing else.

    Assumed: values may not be empty, except the password of basic authentication, which is where
    providers that take a key as the user name leave it out.

    Raises:
        Refused: UNPROCESSABLE for an empty value; INVALID for a missing one.
    """
    if block == "apiKey":
        _refuse_empty([prefix + block] if not given else [])
        return {block: given}
    if block == "customAuth":
        _check_custom(provider, given, prefix)
        return {block: given}
    if block == AUTHORIZATION_CODE:
        _check_tokens(given, prefix)
    needed = _NEEDED.get(block, ())
    _refuse_empty([f"{prefix}{block}.{name}" for name in needed if not given[name]])
    return {block: {name: given[name] for name in _KEPT[block] if name in given}}


def _check_tokens(given: Record, prefix: str) -> None:
    if "accessToken" not in given and "refreshToken" not in given:
        detail = "neither an access token nor a refresh token"
        remedy = "give accessToken or refreshToken, or both"
        issue = Issue("body", f"{prefix}{AUTHORIZATION_CODE}.accessToken", detail, remedy=remedy)
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
    _refuse_empty(
        [
            f"{prefix}{AUTHORIZATION_CODE}.{name}.token"
            for name in ("accessToken", "refreshToken")
            if name in given and not given[name]["token"]
        ]
    )


def _check_custom(provider: Record, given: Record, prefix: str) -> None:
    """Ask for the inputs that the catalog names. Source: CustomAuthOpts."""
    inputs = [item["name"] for item in provider.get("customOpts", {}).get("inputs", [])]
    missing = [name for name in inputs if name not in given]
    if missing:
        issues = [
            Issue("body", f"{prefix}customAuth.{name}", f"{provider['name']} needs {name}")
            for name in missing
        ]
        remedy = f"give {', '.join(missing)}"
        raise Refused(Kind.INVALID, issues[0].detail, remedy=remedy, issues=issues)
    _refuse_empty([f"{prefix}customAuth.{name}" for name in inputs if not given[name]])


def _refuse_empty(names: list[str]) -> None:
    if names:
        issues = [Issue("body", name, f"{name} is empty", remedy="give a value") for name in names]
        raise Refused(Kind.UNPROCESSABLE, issues[0].detail, remedy="give a value", issues=issues)


def shown(credentials: Record, refresh_token: bool) -> dict[str, Any]:
    """Return the credentials that the contract can show: an API key, or tokens.

    Source: Connection; getConnection (`includeRefreshToken`).
    """
    found: dict[str, Any] = {}
    if "apiKey" in credentials:
        found["apiKey"] = credentials["apiKey"]
    if AUTHORIZATION_CODE in credentials:
        names = ("accessToken", "refreshToken") if refresh_token else ("accessToken",)
        tokens = credentials[AUTHORIZATION_CODE]
        found[AUTHORIZATION_CODE] = {
            name: tokens[name] for name in (*names, "scopes") if name in tokens
        }
    return found
