"""Starts and ends a mock in process, as a server does, around a block."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mockserver.app import Mock


@asynccontextmanager
async def living(mock: Mock) -> AsyncIterator[None]:
    """Run the lifespan of a mock: it has started inside the block, and has ended behind it."""
    asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    told: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
    life = asyncio.create_task(_run(mock, scope, asked, told))
    await asked.put({"type": "lifespan.startup"})
    assert (await told.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        assert (await told.get())["type"] == "lifespan.shutdown.complete"
        await life


async def _run(
    mock: Mock,
    scope: dict[str, Any],
    asked: asyncio.Queue[dict[str, Any]],
    told: asyncio.Queue[Any],
) -> None:
    await mock.asgi(scope, asked.get, told.put)


class Logged(logging.Handler):
    """Lets a test wait for what the mock logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: asyncio.Queue[str] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put_nowait(record.getMessage())

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator[Logged]:
        """Hear what is logged while the block runs."""
        handler, logger = cls(), logging.getLogger("mockserver")
        logger.addHandler(handler)
        try:
            yield handler
        finally:
            logger.removeHandler(handler)
