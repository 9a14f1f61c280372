"""The start and the end of a server: jobs fall due from the one to the other."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.state.worlds import Worlds


class Lifespan:
    """Answers the lifespan protocol of ASGI itself, and passes everything else on."""

    def __init__(self, app: ASGIApp, *, worlds: Worlds, scheduler: Scheduler) -> None:
        """Wrap `app`; the jobs are those of all `worlds`."""
        self.app = app
        self.worlds = worlds
        self.scheduler = scheduler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or the whole life of a server."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for sandbox in self.worlds:
                    self.scheduler.catch_up(sandbox)
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.scheduler.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
