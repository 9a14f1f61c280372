"""A connection to uvicorn's protocol as we have it, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from mockserver.http.protocol import Protocol

ASKED = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


def answering(*headers: tuple[bytes, bytes], status: int = 200, body: bytes = b"ok") -> Any:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})

    return app


LENGTH = (b"content-length", b"2")


class Wire(asyncio.Transport):
    """A connection that keeps what is sent over it, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.is_closed = False

    def write(self, data: Any) -> None:
        assert not self.is_closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        """Let the next request of a pipeline wait."""

    def resume_reading(self) -> None:
        """Go on with it."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 4010)}.get(name)


def connected(
    app: Any, acts: Sequence[bytes | Callable[[Protocol], None]], steps: int, *, rest: int = 5
) -> Wire:
    """Return a connection to which some things happened, with some steps of the loop between.

    Bytes are what comes over it. `rest` is how many seconds it may rest between two requests.
    """

    async def run() -> Wire:
        config = uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            timeout_keep_alive=rest,
        )
        config.load()
        protocol = Protocol(config=config, server_state=ServerState(), app_state={})
        wire = Wire()
        protocol.connection_made(wire)
        for act in acts:
            protocol.data_received(act) if isinstance(act, bytes) else act(protocol)
            for _ in range(steps):
                await asyncio.sleep(0)
        closed = wire.is_closed
        protocol.connection_lost(None)
        wire.is_closed = closed
        return wire

    return asyncio.run(run())


def serve(app: Any, data: bytes, steps: int) -> list[bytes]:
    """Return what is sent in answer to `data` on one connection, within some steps of the loop."""
    return connected(app, [data], steps).sent
