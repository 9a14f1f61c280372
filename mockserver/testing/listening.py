"""A port for a mock in process: for code under test that only takes an address."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from mockserver.app import Mock


class Listening:
    """An HTTP server on loopback, in the event loop that runs the application."""

    def __init__(self, mock: Mock, server: uvicorn.Server, listener: socket.socket) -> None:
        """Take a mock, its server and the socket it listens on; use `open`."""
        self._server = server
        self._feed = mock.observed.feed
        self.authority = f"127.0.0.1:{listener.getsockname()[1]}"
        self.origin = f"http://{self.authority}"
        self._task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))

    @classmethod
    async def open(cls, mock: Mock) -> Listening:
        """Listen on a free port; return as soon as calls are taken."""
        config = uvicorn.Config(
            mock.asgi,
            http=mock.breakable_protocol(),
            ws="none",
            proxy_headers=False,
            lifespan="off",  # the application lives longer than its port
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        opened = cls(mock, uvicorn.Server(config), listener)
        while not opened._server.started and not opened._task.done():
            await asyncio.sleep(0)
        if opened._task.done():
            await opened._task  # which raises why
        return opened

    async def close(self) -> None:
        """Take no more calls, and end."""
        self._feed.close()  # streams would not end by themselves
        self._server.should_exit = True
        await self._task
