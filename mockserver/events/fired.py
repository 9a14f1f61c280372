"""What happened while a clock was turned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockserver.simulation.clock import stamp
from mockserver.state.agenda import Job
from mockserver.state.outbox import Message

#: Jobs that one turn of a clock does at most; it stops there, and says so.
MOST_JOBS = 100_000
_MOST_LISTED = 1000


@dataclass(slots=True)
class Fired:
    """The jobs done and the messages handed out between two moments, in order."""

    start: int
    end: int  # where the clock stands at last; microseconds since 1970-01-01 UTC
    complete: bool = True  # False: stopped before the moment that was asked for
    jobs_run: int = 0
    messages_sent: int = 0
    jobs: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def ran(self, job: Job, error: str = "") -> None:
        """Note a job that was done, or what kept it from being done."""
        self.jobs_run += 1
        if len(self.jobs) < _MOST_LISTED:
            line = {"id": job.id, "kind": job.kind, "due": stamp(job.due)}
            self.jobs.append({**line, "error": error} if error else line)

    def sent(self, message: Message, now: int) -> None:
        """Note a message that was handed out."""
        self.messages_sent += 1
        if len(self.messages) < _MOST_LISTED:
            line = {
                "id": message.id,
                "eventType": message.event_type,
                "destinationId": message.destination_id,
                "attempt": message.attempt,
                "at": stamp(now),
            }
            self.messages.append(line)

    def report(self) -> dict[str, Any]:
        """Return the report as the control plane shows it; the lists hold the first thousand."""
        return {
            "from": stamp(self.start),
            "to": stamp(self.end),
            "complete": self.complete,
            "jobsRun": self.jobs_run,
            "messagesSent": self.messages_sent,
            "jobs": self.jobs,
            "messages": self.messages,
        }
