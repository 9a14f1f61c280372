"""Functions that do jobs, marked by the kind of job they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mockserver.resources.providers import Catalog
from mockserver.rules.marks import mark, marked
from mockserver.rules.work import Work


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is done with: a unit of work of its own, at the moment it fell due."""

    work: Work
    catalog: Catalog
    now: int  # microseconds; later than `work.moment` when nobody was there as it fell due


#: Does a job on the transaction of its task, like a handler; takes the payload as scheduled.
JobFunction = Callable[[Task, Mapping[str, Any]], None]


def job(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Mark the decorated function as the one that does jobs of a kind."""
    return mark("job", kind)


def collect(modules: Iterable[ModuleType]) -> dict[str, JobFunction]:
    """Return the marked functions of some modules by kind.

    Raises:
        ValueError: two functions are marked for one kind.
    """
    return marked("job", modules)
