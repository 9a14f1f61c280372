"""Notes the body of a request that a page reads: nobody else has it as a whole."""

from __future__ import annotations

from starlette.types import Message, Receive

from mockserver.http.exchange import Exchange
from mockserver.journal.exchange import LARGEST_KEPT


def noting(exchange: Exchange, receive: Receive) -> Receive:
    """Return what receives like `receive`, and notes the beginning of the body."""

    async def noted() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            part, kept = message.get("body", b""), exchange.body or b""
            exchange.body_size += len(part)
            if len(kept) <= LARGEST_KEPT:
                exchange.body = kept + part
        return message

    return noted
