"""A target in this process: a transport of httpx that runs the event loop for its requests."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from mockserver.conformance.inprocess import InProcess


def test_closing_ends_what_the_application_left_behind():
    ended: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        tasks.append(asyncio.create_task(wait()))
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    transport = InProcess(app)
    with httpx.Client(transport=transport) as client:
        assert client.get("http://mock/").status_code == 204
        assert not ended

    assert ended == ["ended"]
    transport.close()  # twice is once
