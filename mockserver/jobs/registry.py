"""Every job module, and so every kind of job that can fall due."""

from __future__ import annotations

from mockserver.events import overdue, retries
from mockserver.events.registry import JobFunction, collect
from mockserver.jobs import reads, writes

MODULES = (overdue, retries, reads, writes)


def every_job() -> dict[str, JobFunction]:
    """Return the functions that do jobs by kind."""
    return collect(MODULES)
