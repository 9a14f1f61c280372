"""Sees to it that a recorded fixture loads: what the mock would refuse is left out, and said."""

from __future__ import annotations

from pathlib import Path

from mockserver.app import create
from mockserver.proxy.fixture import Fixture
from mockserver.proxy.recording import replace
from mockserver.seeding.source import FixtureError, read
from mockserver.settings import Settings

_MOST_DROPPED = 25  # each costs one start of the mock


def settle(path: Path, fixture: Fixture, *, source: str, time: str) -> str | None:
    """Write a fixture that the mock can start from; return why that did not work, or None.

    Args:
        path: the file, which is replaced.
        fixture: what was seen; records that the mock refuses are dropped from it.
        source: where it came from, for people.
        time: when its records were made that do not say so.
    """
    for _ in range(_MOST_DROPPED):
        replace(path, iter([fixture.text(source=source, time=time).encode()]))
        refusal = _refusal(path)
        if refusal is None:
            return None
        place = _record_at(path, refusal.line)
        if place is None:
            return str(refusal)
        fixture.drop(*place, refusal.reason)
    return f"{path}: more than {_MOST_DROPPED} records break the mock's rules; see its first lines"


def _refusal(path: Path) -> FixtureError | None:
    try:
        create(Settings(fixture=str(path)))
    except FixtureError as refusal:
        return refusal
    return None


def _record_at(path: Path, line: int | None) -> tuple[str, int] | None:
    """Return the section and number of the record that a line is part of."""
    if line is None:
        return None
    starts = {
        start: where
        for where, start in read(path).lines.items()
        if len(where) == 2 and isinstance(where[1], int) and start <= line
    }
    if not starts:
        return None
    section, number = starts[max(starts)]
    return str(section), int(number)
