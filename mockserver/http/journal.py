"""Numbers every request: the number is part of the state, the id is on every answer."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.http.exchange import EXCHANGE, Answer, Exchange
from mockserver.http.problems import PROBLEM_JSON, problem
from mockserver.http.sandboxes import REFUSAL, SANDBOX
from mockserver.http.statuses import PREFERRED
from mockserver.rules.errors import Refused
from mockserver.simulation.identity import Identity
from mockserver.state.sandbox import Sandbox


class Journal:
    """Opens an exchange for each request and puts `X-Request-Id` on its answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        scheduler: Scheduler,
        opened: Callable[[], None] | None = None,
    ) -> None:
        """Wrap `app`.

        Args:
            app: the rest of the way.
            scheduler: tells the time, and does what is due before anybody looks.
            opened: called once per request, before anything else.
        """
        self.app = app
        self.scheduler = scheduler
        self.opened = opened
        self._prefixes: dict[int, str] = {}  # of request ids, by the seed of the sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.opened is not None:
            self.opened()
        exchange = scope[EXCHANGE] = self.open(scope[SANDBOX])
        request_id = exchange.request_id.encode()

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        refusal: Refused | None = scope.get(REFUSAL)
        if refusal is None:
            await self.app(scope, receive, identified)
        else:
            for message in _refuse(exchange, refusal).messages():
                await identified(message)

    def open(self, sandbox: Sandbox) -> Exchange:
        """Return the exchange of the next request.

        Source: the `requestId` examples of the contract, `<uuid>#<number>`.
        """
        self.scheduler.catch_up(sandbox)
        sandbox.root = root = sandbox.root.numbered()
        return Exchange(
            sandbox=sandbox,
            number=root.requests,
            request_id=f"{self._prefix(sandbox.seed)}#{root.requests}",
            moment=self.scheduler.now(sandbox),
        )

    def _prefix(self, seed: int) -> str:
        found = self._prefixes.get(seed)
        if found is None:
            found = self._prefixes[seed] = Identity(seed).uuid("requests", 0)
        return found


def _refuse(exchange: Exchange, refusal: Refused) -> Answer:
    """Return the answer to a request that no sandbox could be found for."""
    status = PREFERRED[refusal.kind][0]
    body = problem(exchange, refusal, status, with_issues=False)
    return Answer(status, PROBLEM_JSON, orjson.dumps(body))
