"""The period that a triggered read asks for."""

from __future__ import annotations

from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.simulation.clock import moment
from mockserver.state.tables import Record


def read_range(body: Record) -> tuple[int | None, int | None]:
    """Return the two ends of a read in microseconds, each None when it was not given.

    Source: ReadRequest of the read API (RFC 3339).

    Raises:
        Refused: INVALID for what is no time, and for a period that ends before it begins.
    """
    since, until = _moment(body, "sinceTimestamp"), _moment(body, "untilTimestamp")
    if since is not None and until is not None and since > until:
        detail = "sinceTimestamp is after untilTimestamp"
        raise _wrong("sinceTimestamp", detail, body["sinceTimestamp"], "let since come first")
    return since, until


def _moment(body: Record, name: str) -> int | None:
    text = body.get(name)
    if text is None:
        return None
    try:
        return max(moment(text), 0)  # before 1970, there is nothing to read
    except (ValueError, OverflowError):
        remedy = "use an RFC 3339 time like 2026-01-31T09:00:00Z"
        raise _wrong(name, "is no RFC 3339 time", text, remedy) from None


def _wrong(name: str, detail: str, value: str, remedy: str) -> Refused:
    issue = Issue("body", name, detail, value, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
