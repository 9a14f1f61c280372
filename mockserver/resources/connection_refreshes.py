"""Refreshes of access tokens: asked for, or because one has expired, at once or later."""

from __future__ import annotations

from mockserver.resources import notifications, oauth_tokens, progressions
from mockserver.resources.connection_credentials import AUTHORIZATION_CODE
from mockserver.resources.connections import BAD_CREDENTIALS, CONNECTIONS, CREATED
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Does the refresh of a connection that is under way.
REFRESH_JOB = "connection.refresh"
_EXPIRED = "the provider refused the refresh token: it has expired"


def refreshed(work: Work, connection: Record, how: str) -> Record:
    """Return a connection after its access token was refreshed: by `force`, or `ifExpired`.

    Source: getConnection (`refresh`), Connection.status. Assumed: a refresh token that has
    expired fails at the provider, which leaves the connection with `bad_credentials`.

    Raises:
        Refused: INVALID without a refresh token, or with one that has expired.
    """
    tokens = connection["credentials"].get(AUTHORIZATION_CODE, {})
    if how == "ifExpired" and not oauth_tokens.has_expired(work, tokens.get("accessToken")):
        return connection
    if "refreshToken" not in tokens:
        raise _not_refreshed("this connection has no refresh token", "connect the account again")
    if oauth_tokens.has_expired(work, tokens["refreshToken"]):
        rejected(work, connection, _EXPIRED)
        remedy = "send the customer through oauth-update"
        raise _not_refreshed(_EXPIRED, remedy, keeps_work=True)
    pace = progressions.begin(work, progressions.REFRESH, 1)
    if progressions.due(pace, 1) == work.moment:
        return refresh_now(work, connection)
    _refresh_later(work, connection, pace)
    return connection


def _refresh_later(work: Work, connection: Record, pace: Record) -> None:
    key = _refreshing(connection)
    if work.tx.control(key) is None:
        work.tx.set_control(key, pace)
        due = progressions.due(pace, 1)
        if due is not None:
            work.schedule(REFRESH_JOB, due, {"connectionId": connection["id"]})


def _refreshing(connection: Record) -> str:
    return f"refreshing {connection['id']}"


def seen(work: Work, connection: Record) -> None:
    """Count that somebody looked at a connection, if that is what a refresh waits for."""
    pace = work.tx.control(_refreshing(connection))
    if pace is not None and "times" in pace:
        pace, steps = progressions.read(pace)
        work.tx.set_control(_refreshing(connection), pace)
        if steps:
            work.schedule(REFRESH_JOB, work.moment, {"connectionId": connection["id"]})


def refresh_now(work: Work, connection: Record) -> Record:
    """Give a connection a new access token, end a refresh under way, and tell of it."""
    work.tx.set_control(_refreshing(connection), None)
    tokens = oauth_tokens.refreshed(work, connection["credentials"][AUTHORIZATION_CODE])
    changed = {**connection, "credentials": {AUTHORIZATION_CODE: tokens}, "status": CREATED}
    made = records.update(work, CONNECTIONS, connection, changed)
    notifications.connection_refreshed(work, made)
    return made


def renewed(work: Work, connection: Record) -> Record:
    """Return a connection whose access token can be used: an expired one is refreshed.

    Source: the vendor's connection guide (tokens are refreshed by the platform). Assumed: that
    happens when the connection is used; one that cannot be refreshed has bad credentials.
    """
    tokens = connection["credentials"].get(AUTHORIZATION_CODE, {})
    if not oauth_tokens.has_expired(work, tokens.get("accessToken")):
        return connection
    if "refreshToken" not in tokens:
        return rejected(work, connection, "the access token has expired, and there is no other")
    if oauth_tokens.has_expired(work, tokens["refreshToken"]):
        return rejected(work, connection, _EXPIRED)
    return refresh_now(work, connection)


def rejected(work: Work, connection: Record, error: str) -> Record:
    """Return a connection that its provider rejects from now on, and tell of it."""
    changed = {**connection, "status": BAD_CREDENTIALS}
    made = records.update(work, CONNECTIONS, connection, changed)
    notifications.connection_error(work, made, error)
    return made


def _not_refreshed(detail: str, remedy: str, *, keeps_work: bool = False) -> Refused:
    issue = Issue("query", "refresh", detail, remedy=remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue], keeps_work=keeps_work)
