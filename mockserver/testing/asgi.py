"""What a server does with an application: starts it, hands it requests, ends it."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

from mockserver.testing.exchanges import Answered, Asked

_RESET = "CONNECTION_RESET_BY_PEER"
_VERSION = {"version": "3.0", "spec_version": "2.3"}
_PEER = ("127.0.0.1", 0)


async def exchange(app: Any, asked: Asked, authority: str, *, breaks: str) -> Answered:
    """Return what an ASGI application answers.

    Args:
        app: the application.
        asked: the request.
        authority: its Host.
        breaks: key of the extension by which the application breaks a connection.

    Raises:
        ConnectionResetError: it was to reset the connection.
        ConnectionError: it answers nothing, or what is no HTTP.
    """
    broken: list[str] = []
    breaking = {breaks: lambda fault, _noise: broken.append(fault)}
    scope = {**_scope(asked, authority), "extensions": breaking}
    status, answered, chunks, waiting = 0, [], list[bytes](), [asked.body]

    async def receive() -> dict[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, answered
        if message["type"] == "http.response.start":
            status, answered = message["status"], message["headers"]
        elif not broken:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    if broken:
        kind = ConnectionResetError if broken == [_RESET] else ConnectionError
        raise kind(f"the mock broke {asked.method} {asked.path} off on purpose: {broken[0]}")
    if not status:
        raise ConnectionError(f"the mock answered nothing to {asked.method} {asked.path}")
    return Answered(status, answered, b"".join(chunks))


def _scope(asked: Asked, authority: str) -> dict[str, Any]:
    headers = [(b"host", authority.encode("ascii")), *asked.headers]
    if asked.body:
        headers.append((b"content-length", str(len(asked.body)).encode()))
    return {
        "type": "http",
        "asgi": _VERSION,
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(asked.path),
        "raw_path": asked.path.encode("latin-1"),
        "query_string": asked.query.encode("latin-1"),
        "root_path": "",
        "headers": headers,
        "client": _PEER,
        "server": ("127.0.0.1", 80),
    }


class Lifetime:
    """The life of an application: what belongs to it starts before the first request."""

    def __init__(self, app: Any) -> None:
        """Take the application; needs a running event loop."""
        self._asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._told: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": _VERSION}
        self._task = asyncio.ensure_future(app(scope, self._asked.get, self._told.put))

    @classmethod
    async def begin(cls, app: Any) -> Lifetime:
        """Start an application; return when it has started."""
        life = cls(app)
        await life._pass("startup")
        return life

    async def end(self) -> None:
        """End it; return when it has ended."""
        await self._pass("shutdown")
        await self._task

    async def _pass(self, stage: str) -> None:
        await self._asked.put({"type": f"lifespan.{stage}"})
        told = asyncio.ensure_future(self._told.get())
        await asyncio.wait({told, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not told.done():
            told.cancel()
            await self._task  # which raises why
        elif told.result()["type"] != f"lifespan.{stage}.complete":
            raise RuntimeError(f"the mock failed in its {stage}: {told.result().get('message')}")
