"""Calls of a provider: they need credentials that it accepts, and go wrong as drilled."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.resources import connection_refreshes, connections, drills
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_REJECTED = "the provider answered 401 Unauthorized: the credentials are not accepted"
_THROTTLED = "the provider answered 429 Too Many Requests"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call of a provider failed."""

    error: str
    rejected: bool = False  # the credentials are bad
    throttled: bool = False  # it may work later


def place(connection: Record, name: str = "") -> dict[str, str]:
    """Return what drills may be limited to, for calls about an object through a connection."""
    return {
        "projectId": connection["projectId"],
        "provider": connection["provider"],
        "groupRef": connection["groupRef"],
        "objectName": name,
    }


def call(work: Work, connection: Record, name: str = "") -> tuple[Record, Trouble | None]:
    """Call a provider about an object; return the connection afterwards, and what went wrong.

    Source: Connection (`status`: a fresh one works from its first success on), the vendor's
    connection guide (tokens that have expired are refreshed by the platform).
    """
    if connection["status"] == connections.BAD_CREDENTIALS:
        return connection, Trouble(_REJECTED, rejected=True)
    where = place(connection, name)
    if drills.fires(work, drills.BAD_CREDENTIALS, **where):
        return connection_refreshes.rejected(work, connection, _REJECTED), Trouble(
            _REJECTED, rejected=True
        )
    connection = connection_refreshes.renewed(work, connection)
    if connection["status"] == connections.BAD_CREDENTIALS:
        return connection, Trouble(_REJECTED, rejected=True)
    if drills.fires(work, drills.PROVIDER_THROTTLED, **where):
        return connection, Trouble(_THROTTLED, throttled=True)
    return connections.worked(work, connection), None


def reach(work: Work, connection: Record, *, detail: str, name: str = "") -> Record:
    """Return a connection after a call of its provider, for an answer that needs it now.

    Assumed: a provider that rejects the credentials makes the call fail with 400.

    Args:
        work: the unit of work.
        connection: what is called through.
        detail: what to say when the provider rejects the credentials.
        name: the object that the call is about, if it is about one.

    Raises:
        Refused: INVALID, or THROTTLED; what the call left behind is kept.
    """
    reached, trouble = call(work, connection, name)
    if trouble is None:
        return reached
    if trouble.throttled:
        remedy = "try again later; the drill provider_throttled is armed"
        raise Refused(Kind.THROTTLED, trouble.error, remedy=remedy, keeps_work=True)
    remedy = "the provider rejects this connection's credentials: connect again"
    raise Refused(Kind.INVALID, detail, remedy=remedy, keeps_work=True)
