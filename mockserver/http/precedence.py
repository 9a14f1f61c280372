"""Tells deliveries of each call, so that they give way to it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.events.traffic import Traffic


class Precedence:
    """Notes when calls come and when they are answered."""

    def __init__(self, app: ASGIApp, *, traffic: Traffic) -> None:
        """Wrap `app`; `traffic` is what deliveries give way to."""
        self.app = app
        self.traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.traffic.noted()
        try:
            await self.app(scope, receive, send)
        finally:
            self.traffic.noted()
