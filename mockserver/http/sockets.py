"""Connections that can be broken on purpose: uvicorn's protocol, with one extension of ASGI.

`scope["extensions"]["mockserver.break"]` breaks the connection of the request; the server then
ignores what else is sent as its answer, so that nothing is logged.
"""

from __future__ import annotations

import os
import socket
import struct
from functools import partial
from typing import Any, Final
from weakref import ref

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver.http.exchange import BREAK
from mockserver.http.protocol import Protocol

#: Close at once, and let the peer know by a reset. Source: socket(7), SO_LINGER.
_NO_LINGER: Final = struct.pack("ii", 1, 0)
_CHUNKED = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
)


class BreakableProtocol(Protocol):
    """Serves HTTP/1.1, and breaks single connections when it is asked to."""

    def on_headers_complete(self) -> None:
        """Offer the extension to the request that has just begun."""
        super().on_headers_complete()
        # The cycle holds the scope: a reference back would leave each request to the collector.
        extensions: dict[str, Any] = {BREAK: partial(self._break, ref(self.cycle))}
        self.scope["extensions"] = extensions

    def _break(self, cycle: ref[RequestResponseCycle], fault: str, noise: bytes) -> None:
        """Break the connection.

        Args:
            cycle: the request that is answered like this.
            fault: one of WireMock's four.
            noise: the bytes that are sent instead of an answer, where some are.
        """
        answered = cycle()
        if answered is None:  # its request has ended
            return
        answered.disconnected = True  # nobody is left to send an answer to
        if fault == "CONNECTION_RESET_BY_PEER":
            self._reset()
            return
        if fault == "MALFORMED_RESPONSE_CHUNK":
            # No chunk begins with a byte that is no hexadecimal digit.
            self.transport.write(_CHUNKED + b"\xff" + noise)
        elif fault == "RANDOM_DATA_THEN_CLOSE":
            self.transport.write(noise)
        self.transport.close()

    def _reset(self) -> None:
        opened = self.transport.get_extra_info("socket")
        # A duplicate of the descriptor: what event loops hand out is no whole socket.
        with socket.socket(fileno=os.dup(opened.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()
