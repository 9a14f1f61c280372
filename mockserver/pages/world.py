"""How pages reach the world: they read it where they are, and change it in the event loop.

Pages run in threads of their own. State has one writer, the event loop, so a page hands its
change over and waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import flask

from mockserver.contract.contract import Contract
from mockserver.events.scheduler import Scheduler
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.state.sandbox import Sandbox

T = TypeVar("T")


Scope = Mapping[str, Any]  # of the request, as ASGI describes it


@dataclass(slots=True)
class World:
    """What pages show and change: of the sandbox of the request at hand."""

    contract: Contract
    control: Contract  # of the control plane
    settings: Settings
    sandbox_of: Callable[[Scope], Sandbox]
    prefix_of: Callable[[Scope], str]
    scheduler: Scheduler
    catalog: Catalog
    api_path: str
    loop: asyncio.AbstractEventLoop | None = None  # set by the door at each request

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the request at hand is about."""
        return self.sandbox_of(_scope())

    @property
    def prefix(self) -> str:
        """What a path begins with that leads back to this sandbox: "/__sandbox/NAME", or ""."""
        return self.prefix_of(_scope())

    def read(self) -> Work:
        """Return a unit of work for reading; what it writes is dropped."""
        return self.scheduler.work(self.sandbox)

    def change(self, act: Callable[[Work], T]) -> T:
        """Run `act` in the event loop and keep what it wrote, unless it raises.

        Raises:
            whatever `act` raises; nothing is kept then.
        """
        if self.loop is None:
            raise RuntimeError("pages change the world only while a request is served")
        return asyncio.run_coroutine_threadsafe(self._change(self.sandbox, act), self.loop).result()

    async def _change(self, sandbox: Sandbox, act: Callable[[Work], T]) -> T:
        work = self.scheduler.work(sandbox)
        result = act(work)
        self.scheduler.commit(sandbox, work)
        return result


def _scope() -> Scope:
    found: Scope = flask.request.environ["asgi.scope"]  # Source: the documentation of a2wsgi
    return found
