"""The limit: an ASGI application that does nothing, on the same server."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

BODY = b'{"hello":"world"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer everything with a small object."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,
    )
