"""Numbers every request, and notes what was asked and answered.

The number is part of the state, the id is on every answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.http import problems
from mockserver.http.exchange import EXCHANGE, Exchange
from mockserver.http.sandboxes import PREFIX, REFUSAL, SANDBOX
from mockserver.journal.exchange import LARGEST_KEPT
from mockserver.simulation.identity import Identity
from mockserver.simulation.stopwatch import ticks
from mockserver.state.sandbox import Sandbox

Noted = Callable[[Exchange], None]
_NO_PATH = b"*"  # what no path begins with that is left out


class Journal:
    """Opens an exchange for each request, puts `X-Request-Id` on its answer, and closes it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        scheduler: Scheduler,
        opened: Callable[[], None] | None = None,
        closed: Sequence[Noted] = (),
        aside: Noted | None = None,
        left_out: str | None = None,
    ) -> None:
        """Wrap `app`.

        Args:
            app: the rest of the way.
            scheduler: tells the time, and does what is due before anybody looks.
            opened: called once per request, before anything else.
            closed: called with each exchange, before the last byte of its answer is sent.
            aside: called in their place with the exchanges of paths that begin with `left_out`.
            left_out: see there.
        """
        self.app = app
        self.scheduler = scheduler
        self.traffic = scheduler.traffic
        self.opened = opened
        self.closed: Sequence[Noted] = tuple(closed)
        self.aside: Sequence[Noted] = (aside,) if aside else ()
        self.left_out = left_out.encode() if left_out else _NO_PATH
        self._runs: dict[int, str] = {}  # what request ids begin with, by the sandbox's seed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = ticks()
        self.traffic.noted()
        if self.opened is not None:
            self.opened()
        exchange = scope[EXCHANGE] = self.open(scope[SANDBOX])
        exchange.method, exchange.path = scope["method"], scope["raw_path"]
        notes = self.closed
        if exchange.path.startswith(self.left_out):
            notes = self._who_notes(exchange.path)
        watched = self._watched(exchange, scope, send, began, notes)
        try:
            if REFUSAL not in scope:
                await self.app(scope, receive, watched)
            else:
                for message in problems.answer(exchange, scope[REFUSAL]).messages():
                    await watched(message)
        finally:
            if not exchange.elapsed:  # the connection ended without an answer, or in the middle
                self._end(exchange, scope, began, notes)

    def _who_notes(self, path: bytes) -> Sequence[Noted]:
        rest = path[len(self.left_out) :]
        return self.aside if not rest or rest.startswith(b"/") else self.closed

    def open(self, sandbox: Sandbox) -> Exchange:
        """Return the exchange of the next request."""
        moment = self.scheduler.catch_up(sandbox)
        sandbox.root = root = sandbox.root.numbered()
        return Exchange(
            sandbox=sandbox,
            number=root.requests,
            run=self._run(sandbox.seed),
            moment=moment,
        )

    def _run(self, seed: int) -> str:
        found = self._runs.get(seed)
        if found is None:
            found = self._runs[seed] = Identity(seed).uuid("requests", 0)
        return found

    def _watched(
        self, exchange: Exchange, scope: Scope, send: Send, began: int, notes: Sequence[Noted]
    ) -> Send:
        """Return what sends like `send`, and notes the answer before its last byte leaves."""

        def watched(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                exchange.status, exchange.plain_headers = message["status"], headers
                identified = (b"x-request-id", exchange.request_id.encode())
                message["headers"] = [*headers, identified]
            else:
                part, size = message.get("body", b""), exchange.answer_size
                exchange.answer_size = size + len(part)
                if not size:
                    exchange.answer = part
                elif size <= LARGEST_KEPT:  # of a long answer the beginning is enough
                    exchange.answer += part
                if not message.get("more_body", False) and not exchange.elapsed:
                    self._end(exchange, scope, began, notes)
            return send(message)

        return watched

    def _end(self, exchange: Exchange, scope: Scope, began: int, notes: Sequence[Noted]) -> None:
        exchange.query, exchange.headers = scope["query_string"], scope["headers"]
        exchange.prefix, exchange.scheme = scope[PREFIX], scope["scheme"]
        exchange.elapsed = ticks() - began or 1
        self.traffic.noted()
        if exchange.sandbox.is_gone:  # what is kept is kept by name, which another may have by now
            return
        for note in notes:
            note(exchange)
