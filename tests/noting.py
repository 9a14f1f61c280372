"""Jobs that write down when they were done, and a sink that calls back, in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.app import Mock
from mockserver.events.dispatcher import Changes, Kept
from mockserver.events.registry import Task, job
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.outbox import Message
from mockserver.state.sandbox import Sandbox
from tests.conftest import make_mock
from tests.listening import Ear, destination, ear, lead, topic
from tests.worlds import change

Payload = Mapping[str, Any]


@job("test.note")
def note(task: Task, payload: Payload) -> None:
    """Write down when a job was done, and schedule what the payload asks for."""
    number = task.work.tx.count("notes")
    line = {"id": str(number), "name": payload["name"], "at": task.work.moment}
    task.work.tx.set_control(f"note {number:06d}", line)
    for later in payload.get("then", ()):
        task.work.schedule("test.note", task.work.moment + later["in"], later)


@job("test.fail")
def fail(task: Task, payload: Payload) -> None:
    task.work.tx.set_control("note failed", {"name": "never", "at": 0})
    raise RuntimeError(payload["why"])


@job("test.tell")
def tell(task: Task, payload: Payload) -> None:
    task.work.emit("connection.created", payload["projectId"], {"at": task.work.now})


JOBS = {"test.note": note, "test.fail": fail, "test.tell": tell}


def set_up(mock: Mock) -> None:
    mock.scheduler.jobs = {**mock.scheduler.jobs, **JOBS}
    with change(mock) as work:  # nothing of the fixture falls due here
        for waiting in list(mock.sandbox.root.agenda):
            work.unschedule(waiting.id)


def notes(mock: Mock) -> list[tuple[str, int]]:
    """Return the names of the jobs done and their moments, in order."""
    controls = mock.sandbox.root.controls
    return [(controls[k]["name"], controls[k]["at"]) for k in sorted(controls) if "note" in k]


def schedule(mock: Mock, seconds: float, name: str, **payload: Any) -> int:
    with change(mock) as work:
        due = work.moment + int(seconds * SECOND)
        work.schedule("test.note", due, {"name": name, **payload})
        return due


def project_id(here: Ear) -> str:
    row = here.mock.sandbox.root.tables["projects"].found("name", ("my-project",))
    return str(row.first())


class Sink(Kept):
    """Calls back while it is delivered to, as an endpoint may do; takes some turns for it."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: Changes | None = None
        self.log: list[str] = []
        self.waiting: list[Message] = []
        self.call: Any = None

    def attach(self, changes: Changes) -> None:
        self.changes = changes

    def accept(self, sandbox: Sandbox, messages: Sequence[Message]) -> None:
        super().accept(sandbox, messages)
        self.waiting += messages

    async def settled(self, sandbox: Sandbox, until: int) -> None:
        assert self.changes is not None
        while self.waiting:
            message = self.waiting.pop(0)
            for _ in range(3):
                await asyncio.sleep(0)
            self.log.append(f"{message.event_type} at {stamp(self.changes.now(sandbox))[14:19]}")
            if self.call is not None:
                self.call(sandbox, message)


def with_sink() -> tuple[Ear, Sink]:
    sink = Sink()
    mock = make_mock(dispatcher=sink)
    set_up(mock)
    found = ear()  # its client's calls are made again on the mock with the sink
    client = type(found.client)(mock)
    webhook = destination(client, "contactWebhook")
    lead(client, topic(client, "all", "connection.created"), webhook)
    return Ear(mock, client, sink, webhook), sink
