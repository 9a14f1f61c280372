"""Jobs of asynchronous writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.events.registry import Task, job
from mockserver.resources import async_writes, writes


@job(async_writes.ATTEMPT)
def write_attempt(task: Task, payload: Mapping[str, Any]) -> None:
    """Carry out a write that was accepted earlier, or try again later."""
    async_writes.attempt(task.work, task.catalog, payload["operationId"], writes.perform)
