"""OAuth tokens of the authorization code grants: issued, imported, expired, refreshed."""

from __future__ import annotations

from typing import Any

from mockserver.rules.errors import wrong_value
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.state.tables import Record

#: Assumed: an access token lives for an hour, as most providers have it.
ACCESS_LIFETIME = 3600 * SECOND
_BLOCK = "oauth2AuthorizationCode"


def issued(work: Work, scopes: list[str]) -> dict[str, Any]:
    """Return the tokens of a fresh consent. Source: Oauth2AuthorizationCodeTokensOnly."""
    return {
        "accessToken": _access_token(work),
        "refreshToken": {"token": work.new_key("refreshTokens"), "issuedAt": work.now},
        "scopes": scopes,
    }


def _access_token(work: Work) -> dict[str, Any]:
    return {
        "token": work.new_key("accessTokens"),
        "issuedAt": work.now,
        "expiresAt": stamp(work.moment + ACCESS_LIFETIME),
    }


def imported(work: Work, given: Record, app: Record) -> dict[str, Any]:
    """Return tokens that were obtained elsewhere, as they are kept.

    Source: generateConnection (import of tokens; the refresh token alone is enough). Assumed:
    scopes that are not given are the provider app's.
    """
    tokens: dict[str, Any] = {"scopes": given.get("scopes", app.get("scopes", []))}
    for name in ("accessToken", "refreshToken"):
        if name in given:
            tokens[name] = _imported_token(work, given[name], f"{_BLOCK}.{name}")
    if "accessToken" not in tokens:
        tokens["accessToken"] = _access_token(work)
    elif "expiresAt" not in tokens["accessToken"]:
        start = max(work.moment, moment(tokens["accessToken"]["issuedAt"]))
        tokens["accessToken"]["expiresAt"] = _later(start)
    return tokens


def _imported_token(work: Work, given: Record, name: str) -> dict[str, Any]:
    token = {"token": given["token"], "issuedAt": work.now}
    for field in ("issuedAt", "expiresAt"):
        if field in given:
            token[field] = _time(given[field], f"{name}.{field}")
    return token


def _time(text: str, name: str) -> str:
    """Return a time in UTC. RFC 3339 knows leap seconds and offsets that no clock here can show."""
    try:
        return stamp(moment(text))
    except (ValueError, OverflowError):
        raise wrong_value(
            name, "not a time that can be kept", text, remedy="use UTC, e.g. 2026-01-05T09:00:00Z"
        ) from None


def _later(start: int) -> str:
    try:
        return stamp(start + ACCESS_LIFETIME)
    except OverflowError:
        return stamp(start)  # the last hour of the year 9999


def has_expired(work: Work, token: Record | None) -> bool:
    """Tell whether a token has an end that the sandbox clock has reached."""
    return token is not None and "expiresAt" in token and work.moment >= moment(token["expiresAt"])


def refreshed(work: Work, tokens: Record) -> dict[str, Any]:
    """Return tokens with a new access token. Assumed: the refresh token stays the same."""
    return {**tokens, "accessToken": _access_token(work)}
