"""Numbers every request, and notes what was asked and answered.

The number is part of the state, the id is on every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter_ns

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.http.exchange import EXCHANGE, Answer, Exchange
from mockserver.http.problems import PROBLEM_JSON, problem
from mockserver.http.sandboxes import PREFIX, REFUSAL, SANDBOX
from mockserver.http.statuses import PREFERRED
from mockserver.journal.exchange import LARGEST_KEPT
from mockserver.rules.errors import Refused
from mockserver.simulation.identity import Identity
from mockserver.state.sandbox import Sandbox

Noted = Callable[[Exchange], None]


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
        self.opened = opened
        self.closed: Sequence[Noted] = tuple(closed)
        self.aside: Sequence[Noted] = (aside,) if aside else ()
        self.left_out = left_out.encode() if left_out else None
        self._below = (left_out or "").encode() + b"/"
        self._prefixes: dict[int, str] = {}  # of request ids, by the seed of the sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter_ns()
        if self.opened is not None:
            self.opened()
        exchange = scope[EXCHANGE] = self.open(scope[SANDBOX])
        request_id = exchange.request_id.encode()
        exchange.method, exchange.path = scope["method"], scope["raw_path"]
        noted = self.closed if self.left_out is None else self._who_notes(exchange)
        open_ended = True  # nobody has closed it yet

        async def identified(message: Message) -> None:
            nonlocal open_ended
            if message["type"] == "http.response.start":
                message["headers"] = headers = [*message["headers"], (b"x-request-id", request_id)]
                exchange.status, exchange.answer_headers = message["status"], headers
            elif open_ended:
                if noted is not self.aside:
                    _add(exchange, message.get("body", b""))
                if not message.get("more_body", False):
                    open_ended = False
                    _close(exchange, scope, began, noted)
            await send(message)

        try:
            refusal: Refused | None = scope.get(REFUSAL)
            if refusal is None:
                await self.app(scope, receive, identified)
            else:
                for message in _refuse(exchange, refusal).messages():
                    await identified(message)
        finally:
            if open_ended:  # the connection ended without an answer, or in the middle of it
                _close(exchange, scope, began, noted)

    def _who_notes(self, exchange: Exchange) -> Sequence[Noted]:
        path = exchange.path
        is_left_out = self.left_out and (path == self.left_out or path.startswith(self._below))
        return self.aside if is_left_out else self.closed

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


def _close(exchange: Exchange, scope: Scope, began: int, noted: Sequence[Noted]) -> None:
    exchange.query, exchange.headers = scope["query_string"], scope["headers"]
    exchange.prefix, exchange.scheme = scope[PREFIX], scope["scheme"]
    exchange.elapsed = perf_counter_ns() - began
    for note in noted:
        note(exchange)


def _add(exchange: Exchange, part: bytes) -> None:
    """Note a part of the answer; of a long one the beginning is enough."""
    size = exchange.answer_size
    exchange.answer_size = size + len(part)
    if not size:
        exchange.answer = part
    elif size <= LARGEST_KEPT:
        exchange.answer += part


def _refuse(exchange: Exchange, refusal: Refused) -> Answer:
    """Return the answer to a request that no sandbox could be found for."""
    exchange.refused(refusal)
    status = PREFERRED[refusal.kind][0]
    body = problem(exchange, refusal, status, with_issues=False)
    return Answer(status, PROBLEM_JSON, orjson.dumps(body))
