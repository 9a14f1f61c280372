"""What one step of the event loop writes leaves in one piece, and nothing is held back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import pytest
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


def test_nothing_is_written_to_a_connection_that_broke():
    complaints: list[Any] = []

    async def step() -> None:
        wire, loop = Wire(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, told: complaints.append(told))
        GatheringTransport(wire, loop).write(b"too late")
        wire.is_closed = True  # writing to it is an error
        await asyncio.sleep(0)

    asyncio.run(step())

    assert complaints == []


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


ASKED = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


def answering(*headers: tuple[bytes, bytes], status: int = 200, body: bytes = b"ok") -> Any:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})

    return app


LENGTH = (b"content-length", b"2")


@pytest.mark.parametrize("name", [b"content-type", b"location"], ids=["plain", "special"])
def test_an_answer_has_its_headers(name: bytes):
    [sent] = serve(answering(LENGTH, (name, b"a/b")), ASKED, steps=10)

    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert {b"content-length: 2", name + b": a/b"} <= set(head.split(b"\r\n"))
    assert body == b"ok"


@pytest.mark.parametrize("name", [b"content-type", b"location"], ids=["plain", "special"])
def test_no_header_begins_another_line(name: bytes):
    sent = serve(answering(LENGTH, (name, b"a\r\nset-cookie: b")), ASKED, steps=10)

    assert b"set-cookie" not in b"".join(sent)


@pytest.mark.parametrize("value", [b"2\r\n", b"2\r\n\r\n", b"\n2"])
def test_no_length_begins_another_line(value: bytes):
    sent = b"".join(serve(answering((b"content-length", value)), ASKED, steps=10))

    assert value not in sent


def test_a_head_request_gets_no_body():
    [sent] = serve(answering(LENGTH), ASKED.replace(b"GET", b"HEAD"), steps=10)

    assert b"content-length: 2\r\n" in sent
    assert sent.endswith(b"\r\n\r\n")


def test_an_answer_of_unknown_length_comes_in_chunks():
    [sent] = serve(answering(), ASKED, steps=10)

    assert b"transfer-encoding: chunked\r\n" in sent
    assert sent.endswith(b"\r\n\r\n2\r\nok\r\n0\r\n\r\n")


@pytest.mark.parametrize("body", [b"", b"o", b"much more"])
def test_a_body_of_another_length_than_was_said_ends_the_connection(body: bytes):
    assert connected(answering(LENGTH, body=body), [ASKED], steps=10).is_closed


def test_whoever_wants_no_more_is_told_so_and_left():
    wire = connected(answering(LENGTH), [ASKED[:-2] + b"connection: close\r\n\r\n"], steps=10)

    assert b"connection: close\r\n" in wire.sent[0]
    assert wire.is_closed


def test_a_connection_that_rests_too_long_is_closed():
    assert connected(answering(LENGTH), [ASKED], steps=10, rest=0).is_closed


def test_a_connection_rests_between_requests():
    wire = connected(answering(LENGTH), [ASKED, ASKED, ASKED], steps=10)

    assert len(wire.sent) == 3
    assert not wire.is_closed


def test_a_request_that_has_begun_is_no_rest():
    # The timer of the first rest runs out while the second request is on its way.
    run_out = Protocol.timeout_keep_alive_handler
    wire = connected(answering(LENGTH), [ASKED, ASKED[:5], run_out, ASKED[5:]], steps=10)

    assert len(wire.sent) == 2
    assert not wire.is_closed


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
