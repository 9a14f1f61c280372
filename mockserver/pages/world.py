"""How pages reach the world: they read it where they are, and change it in the event loop.

Pages run in threads of their own. State has one writer, the event loop, so a page hands its
change over and waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mockserver.contract.contract import Contract
from mockserver.resources.providers import Catalog
from mockserver.rules.resource import Resource
from mockserver.rules.shapes import Shapes
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation import clock
from mockserver.simulation.identity import Identity
from mockserver.state.sandbox import Sandbox
from mockserver.state.transactions import RootTransaction

T = TypeVar("T")


@dataclass(slots=True)
class World:
    """What pages show and change."""

    contract: Contract
    settings: Settings
    sandbox: Sandbox
    wall: clock.WallClock
    resources: Mapping[str, Resource]
    catalog: Catalog
    shapes: Shapes
    api_path: str
    loop: asyncio.AbstractEventLoop | None = None  # set by the door at each request

    def read(self) -> Work:
        """Return a unit of work for reading; what it writes is dropped."""
        return self._work(RootTransaction(self.sandbox.root))

    def change(self, act: Callable[[Work], T]) -> T:
        """Run `act` in the event loop and keep what it wrote, unless it raises.

        Raises:
            whatever `act` raises; nothing is kept then.
        """
        if self.loop is None:
            raise RuntimeError("pages change the world only while a request is served")
        return asyncio.run_coroutine_threadsafe(self._change(act), self.loop).result()

    async def _change(self, act: Callable[[Work], T]) -> T:
        transaction = RootTransaction(self.sandbox.root)
        result = act(self._work(transaction))
        self.sandbox.root = transaction.committed()
        return result

    def _work(self, transaction: RootTransaction) -> Work:
        root = self.sandbox.root
        return Work(
            transaction,
            clock.now(root.clock, self.wall),
            Identity(self.sandbox.seed),
            self.settings,
            self.resources,
            root.clock.mode == "real",
            self.shapes,
        )
