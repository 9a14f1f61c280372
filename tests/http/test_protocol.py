"""What one step of the event loop writes leaves in one piece, and nothing is held back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.http.protocol import GatheringTransport, Protocol
from tests.wiring import ASKED, LENGTH, Wire, answering, connected, serve


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
