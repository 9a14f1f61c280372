"""HTTP on a connection: uvicorn's protocol, with less to do for each request.

uvicorn writes the head of an answer and its body separately, and uvloop makes a system call of
each. Such calls cost more than everything the mock does for a small answer. And it starts and
cancels a timer for each rest between two requests; here one timer looks how long the rest is.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LARGEST_COPIED = 65_536  # bytes: to copy more takes longer than a second call


class GatheringTransport:
    """Sends together what is written within one step of the event loop."""

    __slots__ = ("_loop", "_parts", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to `transport`, from the event loop."""
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        """Everything but writing is the transport's own."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send `data` with what was written before it in this step."""
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what was written so far."""
        parts, self._parts = self._parts, []
        if len(parts) > 1 and sum(map(len, parts)) <= _LARGEST_COPIED:
            parts = [b"".join(parts)]
        for part in parts:
            self._transport.write(part)

    def close(self) -> None:
        """Send what was written so far, and close the connection."""
        self.flush()
        self._transport.close()


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol on a gathering transport, with one timer at a time."""

    _rests_since: float | None = None  # when the latest answer ended; None while a request comes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin with a connection."""
        gathering: Any = GatheringTransport(transport, self.loop)  # all of a transport that is used
        super().connection_made(gathering)

    def connection_lost(self, exc: Exception | None) -> None:
        """End with it, and with its timer."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Go on to the next request, or wait for it."""
        if self.pipeline:
            super().on_response_complete()
            return
        if self.timeout_keep_alive_task is None:
            super().on_response_complete()  # it starts the timer
        else:
            self.server_state.total_requests += 1
            if not self.transport.is_closing():
                self.flow.resume_reading()
        self._rests_since = self.loop.time()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has rested long enough; else look again when it may have."""
        self.timeout_keep_alive_task = None
        if self._rests_since is None:
            return
        left = self._rests_since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            super().timeout_keep_alive_handler()
        else:
            self.timeout_keep_alive_task = self.loop.call_later(
                left, self.timeout_keep_alive_handler
            )

    def _unset_keepalive_if_required(self) -> None:
        """Note that something comes. Whatever timer runs will see it."""
        self._rests_since = None
