"""Moments as text. Whoever runs the proxy reads the clock; this only writes what it is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(moment: int) -> str:
    """Write microseconds since 1970-01-01 UTC as RFC 3339 in UTC."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")
