"""Numbers every request: the number is part of the state, the id is on every answer."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.http.exchange import EXCHANGE, Exchange
from mockserver.simulation.identity import Identity
from mockserver.state.sandbox import Sandbox


class Journal:
    """Opens an exchange for each request and puts `X-Request-Id` on its answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sandbox: Sandbox,
        scheduler: Scheduler,
        opened: Callable[[], None] | None = None,
    ) -> None:
        """Wrap `app`.

        Args:
            app: the rest of the way.
            sandbox: the world that requests act on.
            scheduler: tells the time, and does what is due before anybody looks.
            opened: called once per request, before anything else.
        """
        self.app = app
        self.sandbox = sandbox
        self.scheduler = scheduler
        self.opened = opened
        self._prefix = Identity(sandbox.seed).uuid("requests", 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.opened is not None:
            self.opened()
        exchange = scope[EXCHANGE] = self.open()
        request_id = exchange.request_id.encode()

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        await self.app(scope, receive, identified)

    def open(self) -> Exchange:
        """Return the exchange of the next request.

        Source: the `requestId` examples of the contract, `<uuid>#<number>`.
        """
        sandbox = self.sandbox
        self.scheduler.catch_up(sandbox)
        sandbox.root = root = sandbox.root.numbered()
        return Exchange(
            sandbox=sandbox,
            number=root.requests,
            request_id=f"{self._prefix}#{root.requests}",
            moment=self.scheduler.now(sandbox),
        )
