"""A transport of httpx that calls an ASGI application in this process."""

from __future__ import annotations

import asyncio

import httpx


class InProcess(httpx.BaseTransport):
    """Runs each request to its end on an event loop of its own."""

    def __init__(self, app: object) -> None:
        """Take an ASGI application."""
        self._loop = asyncio.new_event_loop()
        self._transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type] # any ASGI application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the application."""
        return self._loop.run_until_complete(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        response = await self._transport.handle_async_request(again)
        content = await response.aread()
        return httpx.Response(
            response.status_code,
            headers=response.headers.raw,
            stream=httpx.ByteStream(content),
            request=request,
        )

    def close(self) -> None:
        """Close the event loop."""
        self._loop.close()
