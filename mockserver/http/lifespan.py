"""The start and the end of a server: jobs fall due from the one to the other."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.events.ending import Ending
from mockserver.events.scheduler import Scheduler
from mockserver.state.worlds import Worlds


class Companion(Protocol):
    """Something that runs beside a server, from its start to its end."""

    async def start(self) -> None:
        """Begin."""

    async def close(self) -> None:
        """End; return when that is done."""


class Lifespan:
    """Answers the lifespan protocol of ASGI itself, and passes everything else on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        worlds: Worlds,
        scheduler: Scheduler,
        ending: Ending,
        companions: Sequence[Companion] = (),
    ) -> None:
        """Wrap `app`; the jobs and deliveries are those of all `worlds`."""
        self.app = app
        self.worlds = worlds
        self.scheduler = scheduler
        self.ending = ending
        self.companions = companions

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request, or the whole life of a server."""
        if scope["type"] != "lifespan":
            return self.app(scope, receive, send)
        return self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for sandbox in self.worlds:
                    self.scheduler.catch_up(sandbox)
                for companion in self.companions:
                    await companion.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.ending.finish(self.worlds)
                for companion in self.companions:
                    await companion.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
