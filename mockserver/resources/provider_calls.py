"""What it takes to ask a provider something: a connection whose credentials it accepts."""

from __future__ import annotations

from mockserver.resources import connections
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def reach(work: Work, connection: Record, *, detail: str) -> Record:
    """Return a connection after a call of its provider: a fresh one works from then on.

    Source: Connection (`status`). Assumed: a provider that rejects the credentials makes the call
    fail with 400.

    Args:
        work: the unit of work.
        connection: what is called through.
        detail: what to say when the provider rejects the credentials.

    Raises:
        Refused: INVALID.
    """
    if connection["status"] == connections.BAD_CREDENTIALS:
        raise Refused(
            Kind.INVALID,
            detail,
            remedy="the provider rejects this connection's credentials: connect again",
        )
    return connections.worked(work, connection)
