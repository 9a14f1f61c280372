"""What one step of the event loop writes leaves in one piece, and nothing is held back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from mockserver.http.protocol import GatheringTransport, Protocol


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


def written(act: Callable[[GatheringTransport], None]) -> Wire:
    """Let something write, and return the connection one step of the loop later."""

    async def step() -> Wire:
        wire = Wire()
        act(GatheringTransport(wire, asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return wire

    return asyncio.run(step())


def test_two_writes_of_one_step_are_sent_as_one():
    def act(transport: GatheringTransport) -> None:
        transport.write(b"head")
        transport.write(b"body")

    assert written(act).sent == [b"headbody"]


def test_a_large_body_is_not_copied_to_its_head():
    body = b"x" * 100_000

    def act(transport: GatheringTransport) -> None:
        transport.write(b"head")
        transport.write(body)

    assert written(act).sent == [b"head", body]


def test_closing_sends_what_was_written_first():
    def act(transport: GatheringTransport) -> None:
        transport.write(b"last words")
        transport.close()

    wire = written(act)

    assert wire.sent == [b"last words"]
    assert wire.is_closed


def serve(app: Any, data: bytes, steps: int) -> list[bytes]:
    """Return what is sent in answer to `data` on one connection, within some steps of the loop."""

    async def run() -> list[bytes]:
        config = uvicorn.Config(app, http=Protocol, ws="none", lifespan="off", log_level="error")
        config.load()
        protocol = Protocol(config=config, server_state=ServerState(), app_state={})
        wire = Wire()
        protocol.connection_made(wire)
        protocol.data_received(data)
        for _ in range(steps):
            await asyncio.sleep(0)
        protocol.connection_lost(None)
        return wire.sent

    return asyncio.run(run())


async def _start(send: Any) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def test_pipelined_requests_get_whole_answers_one_after_another():
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await _start(send)
        await send({"type": "http.response.body", "body": b"ok"})

    sent = serve(app, 2 * b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", steps=10)

    assert [answer.startswith(b"HTTP/1.1 200 OK\r\n") for answer in sent] == [True, True]
    assert [answer.endswith(b"\r\n\r\nok") for answer in sent] == [True, True]


def test_the_head_of_an_answer_that_waits_is_sent_meanwhile():
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await _start(send)
        await asyncio.Event().wait()

    sent = serve(app, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", steps=10)

    assert [answer.endswith(b"\r\n\r\n") for answer in sent] == [True]
