"""HTTP on a connection: uvicorn's protocol, with each answer sent in one piece.

uvicorn writes the head of an answer and its body separately, and uvloop makes a system call of
each. Such calls cost more than everything the mock does for a small answer.
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
    """uvicorn's protocol on a gathering transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin with a connection."""
        gathering: Any = GatheringTransport(transport, self.loop)  # all of a transport that is used
        super().connection_made(gathering)
