"""What will fall due: an immutable list of jobs, ordered by moment and then by sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from immutables import Map

from mockserver.state.ordered import Ordered


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at a moment of the sandbox's clock. JSON types only."""

    id: str  # counts within one agenda: jobs of one moment run in this order
    kind: str  # names the function that does it, e.g. "backfill.step"
    due: int  # microseconds since 1970-01-01 UTC
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The jobs that wait. Every change returns a new agenda that shares the rest."""

    jobs: Map[str, Job] = field(default_factory=Map)
    order: Ordered = field(default_factory=Ordered)
    next_number: int = 0

    def __len__(self) -> int:
        return len(self.jobs)

    def __iter__(self) -> Iterator[Job]:
        jobs = self.jobs
        return (jobs[identifier] for identifier in self.order)

    def first(self) -> Job | None:
        """Return the job that falls due next, or None."""
        identifier = self.order.first()
        return None if identifier is None else self.jobs[identifier]

    def add(self, kind: str, due: int, payload: Mapping[str, Any]) -> tuple[Agenda, Job]:
        """Return an agenda with one job more, and that job."""
        job = Job(f"job_{self.next_number:012d}", kind, due, payload)
        jobs, order = self.jobs.set(job.id, job), self.order.add(due, job.id)
        return Agenda(jobs, order, self.next_number + 1), job

    def remove(self, identifier: str) -> Agenda:
        """Return an agenda without a job; an absent one is no error."""
        job = self.jobs.get(identifier)
        if job is None:
            return self
        jobs, order = self.jobs.delete(identifier), self.order.remove(job.due, identifier)
        return Agenda(jobs, order, self.next_number)
