"""How pages reach the world: they read it where they are, and change it in the event loop.

Pages run in threads of their own. State has one writer, the event loop, so a page hands its
change over and waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mockserver.contract.contract import Contract
from mockserver.events.scheduler import Scheduler
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.state.sandbox import Sandbox

T = TypeVar("T")


@dataclass(slots=True)
class World:
    """What pages show and change."""

    contract: Contract
    control: Contract  # of the control plane
    settings: Settings
    sandbox: Sandbox
    scheduler: Scheduler
    catalog: Catalog
    api_path: str
    loop: asyncio.AbstractEventLoop | None = None  # set by the door at each request

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
        return asyncio.run_coroutine_threadsafe(self._change(act), self.loop).result()

    async def _change(self, act: Callable[[Work], T]) -> T:
        work = self.scheduler.work(self.sandbox)
        result = act(work)
        self.scheduler.commit(self.sandbox, work)
        return result
