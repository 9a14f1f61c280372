"""The start and the end of a server: jobs fall due from the one to the other."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.state.sandbox import Sandbox


class Lifespan:
    """Answers the lifespan protocol of ASGI itself, and passes everything else on."""

    def __init__(self, app: ASGIApp, *, sandbox: Sandbox, scheduler: Scheduler) -> None:
        """Wrap `app`; the jobs are those of `sandbox`."""
        self.app = app
        self.sandbox = sandbox
        self.scheduler = scheduler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or the whole life of a server."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.scheduler.catch_up(self.sandbox)
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.scheduler.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
