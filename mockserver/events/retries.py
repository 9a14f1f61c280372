"""Further attempts: a message that comes back at a moment of the sandbox's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockserver.events.registry import Task, job
from mockserver.rules.work import Work
from mockserver.state.outbox import Message

KIND = "delivery.attempt"


def retry(work: Work, message: Message, due: int) -> str:
    """Schedule the next attempt of a message; return the id of the job.

    Args:
        work: the unit of work, from `Changes.change`.
        message: as it was accepted; its next attempt counts one more.
        due: microseconds since 1970-01-01 UTC.
    """
    following = replace(message, attempt=message.attempt + 1)
    return work.schedule(KIND, due, following.as_json())


@job(KIND)
def attempt_delivery(task: Task, payload: Mapping[str, Any]) -> None:
    """Hand a message out once more."""
    task.work.tx.send(Message.of_json(payload))
