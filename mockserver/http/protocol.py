"""HTTP on a connection: uvicorn's protocol, with less to do for each request.

uvicorn writes the head of an answer and its body separately, and uvloop makes a system call of
each. Such calls cost more than everything the mock does for a small answer. It looks at every
header twice, also at those that cannot be wrong. It starts and cancels a timer for each rest
between two requests; here one timer looks how long the rest is.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

import httptools
from starlette.types import Message
from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

_LARGEST_COPIED = 65_536  # bytes: to copy more takes longer than a second call
#: Headers whose names are ours, and which say nothing about the connection.
_PLAIN = frozenset(
    {
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"content-type",
        b"date",
        b"www-authenticate",
        b"x-request-id",
    }
)
# Source: RFC 9110, section 5.5: what a value may hold; less is enough here.
_PRINTABLE = (
    b" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    b"abcdefghijklmnopqrstuvwxyz{|}~"
)


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

    def is_closing(self) -> bool:
        """Tell whether the connection ends; every answer asks."""
        return self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Send `data` with what was written before it in this step."""
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what was written so far, unless nobody is there any more."""
        parts, self._parts = self._parts, []
        if self._transport.is_closing():
            return
        if len(parts) > 1 and sum(map(len, parts)) <= _LARGEST_COPIED:
            parts = [b"".join(parts)]
        for part in parts:
            self._transport.write(part)

    def close(self) -> None:
        """Send what was written so far, and close the connection."""
        self.flush()
        self._transport.close()


class Cycle(RequestResponseCycle):
    """A request and its answer.

    A head that is nothing special is written without a closer look, a body that is there is handed
    over without a wait.
    """

    async def receive(self) -> ASGIReceiveEvent:
        """Return the next message of the request; uvicorn waits for what is not there yet."""
        if self.more_body or self.waiting_for_100_continue or not self.body:
            return await super().receive()
        if self.disconnected or self.response_complete:
            return {"type": "http.disconnect"}
        self.message_event.clear()
        self.flow.resume_reading()
        body, self.body = bytes(self.body), bytearray()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:  # type: ignore[override] # Starlette's name of it
        """Take a message of an answer; uvicorn does what is special."""
        if message["type"] == "http.response.start" and not self.response_started:
            head = self._plain_head(message)
            if head is not None:
                self.response_started = True
                self.transport.write(head)
                return
        await super().send(message)  # type: ignore[arg-type] # the same messages by another name

    def _plain_head(self, message: Message) -> bytes | None:
        """Return the head of an answer that is nothing special, and note its length; else None."""
        if not self.keep_alive or self.access_log or self.disconnected or self.flow.write_paused:
            return None
        parts, lines, length = [STATUS_LINE[message["status"]]], 2, -1
        for name, value in (*self.default_headers, *message["headers"]):
            if name not in _PLAIN:
                if name != b"content-length" or length >= 0 or not value.isdigit():
                    return None
                length = int(value)
            parts += (name, b": ", value, b"\r\n")
            lines += 1
        parts.append(b"\r\n")
        head = b"".join(parts)
        if length < 0 or head.translate(None, _PRINTABLE) != b"\r\n" * lines:
            return None  # a value would begin another line, or is no text
        self.waiting_for_100_continue = self.chunked_encoding = False
        self.expected_content_length = length
        return head


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

    def on_headers_complete(self) -> None:
        """Begin with a request, as uvicorn does, but with a cycle of ours."""
        version = self.parser.get_http_version()
        scope = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        if version != "1.1":
            scope["http_version"] = version
        url = httptools.parse_url(self.url)
        raw_path = url.path
        path = raw_path.decode("ascii")
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = raw_path
        scope["query_string"] = url.query or b""
        before: RequestResponseCycle | None = self.cycle  # None at first
        self.cycle = Cycle(
            scope,
            self.transport,
            self.flow,
            self.logger,
            self.access_logger,
            self.access_log,
            self.server_state.default_headers,
            asyncio.Event(),
            self.expect_100_continue,
            version != "1.0" and self.parser.should_keep_alive(),
            self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:  # a request of a pipeline waits for its turn
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

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
