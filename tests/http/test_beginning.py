"""A call of the API begins as it comes: it becomes a task only where it waits for something."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

import pytest

from mockserver.http.protocol import Protocol
from tests.wiring import LENGTH, answering, connected

CALL = b"GET /v1/topics HTTP/1.1\r\nhost: x\r\n\r\n"
POSTED = b"POST /v1/topics HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n"


async def _echo(_scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body of the request, and the name of the task that did."""
    message = await receive()
    task = asyncio.current_task()
    body = message["body"] + (b" in a task" if task and task.get_name() != "test" else b"")
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def in_one_step(app: Any, data: bytes) -> list[bytes]:
    """Return what is sent in the step after `data` came."""

    def name_the_task(_: Protocol) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.set_name("test")

    return connected(app, [name_the_task, data], 1).sent


def test_a_call_that_is_there_as_a_whole_is_answered_at_once():
    [sent] = in_one_step(_echo, POSTED + b"four")

    assert sent.endswith(b"\r\n\r\nfour")


def test_what_is_no_call_of_the_api_is_answered_by_a_task():
    [sent] = in_one_step(_echo, POSTED.replace(b"/v1/", b"/ui/") + b"four")

    assert sent.endswith(b"\r\n\r\nfour in a task")


def test_a_call_whose_body_comes_later_is_answered_by_a_task():
    [sent] = connected(_echo, [POSTED + b"fo", b"ur"], steps=10).sent

    assert sent.endswith(b"\r\n\r\nfo in a task")  # this application takes a part for the whole


@pytest.mark.parametrize("error", [None, LookupError("nothing there")])
def test_a_call_that_waits_goes_on_as_a_task(error: Exception | None):
    waiting: list[asyncio.Future[bytes]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        waiting.append(asyncio.get_running_loop().create_future())
        try:
            body = await waiting[0]
        except LookupError as failed:
            body = str(failed).encode()
        await asyncio.sleep(0)
        assert asyncio.current_task() is not None
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def settle(_: Protocol) -> None:
        waiting[0].set_exception(error) if error else waiting[0].set_result(b"so it is")

    [sent] = connected(app, [CALL, settle], steps=10).sent

    assert sent.endswith(str(error).encode() if error else b"so it is")


def test_a_call_that_waits_can_be_cancelled():
    ended: list[str] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    def cancel(protocol: Protocol) -> None:
        [task] = protocol.tasks
        task.cancel()

    connected(app, [CALL, cancel], steps=10)

    assert ended == ["cancelled"]


def test_what_a_call_sets_in_its_context_stays_its_own():
    seen: list[str] = []
    word: ContextVar[str] = ContextVar("word", default="none")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(word.get())
        word.set("set")
        await asyncio.sleep(0)
        seen.append(word.get())
        await answering(LENGTH)(scope, receive, send)

    connected(app, [CALL, CALL], steps=10)

    assert seen == ["none", "set", "none", "set"]


def test_a_call_that_fails_is_an_error_of_the_server():
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise LookupError

    [sent] = connected(app, [CALL], steps=10).sent

    assert sent.startswith(b"HTTP/1.1 500 ")
