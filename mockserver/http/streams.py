"""Sends an answer that goes on until its source, or the client, ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from starlette.types import Receive, Send

from mockserver.http.exchange import Answer


async def send_stream(answer: Answer, receive: Receive, send: Send) -> None:
    """Send the parts of a stream as they come, and end it in order whoever ends it."""
    parts = answer.stream
    if parts is None:
        raise TypeError("this answer is no stream")
    start, end = answer.messages()
    start["headers"].append((b"cache-control", b"no-store"))
    await send(start)
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        async for part in _until(parts, gone):
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        await parts.aclose()
    await send(end)


async def _until(
    parts: AsyncGenerator[bytes, None], gone: asyncio.Future[None]
) -> AsyncGenerator[bytes, None]:
    """Yield parts until there are none, or the client is gone."""
    while True:
        part: asyncio.Future[bytes | None] = asyncio.ensure_future(anext(parts, None))
        try:
            await asyncio.wait((part, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not part.done():
                part.cancel()
                with suppress(asyncio.CancelledError):
                    await part
        if part.cancelled():
            return
        found = part.result()
        if found is None:
            return
        yield found


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
