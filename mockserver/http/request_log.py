"""One line of JSON on stderr for each request, for collectors of logs. Secrets are left out."""

from __future__ import annotations

import sys

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.contract.redaction import redact_path, redact_query
from mockserver.http.exchange import EXCHANGE, Exchange
from mockserver.http.sandboxes import SANDBOX
from mockserver.simulation.clock import WallClock, stamp
from mockserver.simulation.stopwatch import ticks


class RequestLog:
    """Writes a line when an answer has ended, or could not be given."""

    def __init__(self, app: ASGIApp, *, wall: WallClock) -> None:
        """Wrap `app`; the lines tell the time of `wall`, whatever the sandbox's clock says."""
        self.app = app
        self.wall = wall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = ticks(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self._write(scope, status, ticks() - began)

    def _write(self, scope: Scope, status: int, nanoseconds: int) -> None:
        exchange: Exchange | None = scope.get(EXCHANGE)  # a preflight has none
        line = {
            "time": stamp(self.wall()),
            "sandbox": scope[SANDBOX].name,
            "method": scope["method"],
            "path": redact_path(scope["raw_path"].decode("latin-1")),
            "query": redact_query(scope["query_string"].decode("latin-1")),
            "operationId": (exchange.operation_id if exchange else "") or None,
            "status": status,
            "milliseconds": round(nanoseconds / 1_000_000, 3),
            "requestId": exchange.request_id if exchange else None,
        }
        sys.stderr.write(orjson.dumps(line).decode() + "\n")
        sys.stderr.flush()
