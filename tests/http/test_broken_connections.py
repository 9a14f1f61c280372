"""WireMock's four socket faults, on real sockets."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.client import KEY
from tests.server import Server, serving

PROJECT = "/v1/projects/my-project"
TOPICS = "/v1/projects/my-project/topics"
REQUEST = f"GET {TOPICS} HTTP/1.1\r\nHost: mock.test\r\nX-Api-Key: {KEY}\r\n\r\n".encode()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--clock", "2026-02-01T12:00:00Z") as running:
        yield running


@pytest.fixture(autouse=True)
def _disarmed(server: Server) -> Iterator[None]:
    yield
    admin(server, "DELETE", "/mappings", None, 204)


def open_connection(server: Server) -> HTTPConnection:
    return HTTPConnection(urlsplit(server.url).netloc, timeout=20)


def admin(server: Server, method: str, path: str, body: Any, status: int) -> Any:
    with closing(open_connection(server)) as connection:
        sent = None if body is None else json.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, f"/__admin{path}", sent, headers)
        answer = connection.getresponse()
        content = answer.read()
    assert answer.status == status, content
    return json.loads(content) if content else None


def arm(server: Server, fault: str, **rule: Any) -> Any:
    mapping = {"request": {"operationId": "listTopics"}, "response": {"fault": fault}, **rule}
    return admin(server, "POST", "/mappings", mapping, 201)


def everything(server: Server, request: bytes = REQUEST) -> bytes:
    """Send a request and return what comes back until the connection ends."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as wire:
        wire.sendall(request)
        received = b""
        while part := wire.recv(65536):
            received += part
    return received


def log(server: Server) -> str:
    server.errors.seek(0)
    return server.errors.read()


def test_an_empty_response_closes_the_connection_without_a_word(server: Server):
    arm(server, "EMPTY_RESPONSE")

    assert everything(server) == b""
    assert log(server) == ""


def test_a_reset_is_a_reset(server: Server):
    arm(server, "CONNECTION_RESET_BY_PEER")

    with pytest.raises(ConnectionResetError):
        everything(server)
    assert log(server) == ""


def test_a_malformed_chunk_comes_after_a_good_head(server: Server):
    arm(server, "MALFORMED_RESPONSE_CHUNK")

    head, _, body = everything(server).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding: chunked" in head
    assert body.startswith(b"\xff")
    assert log(server) == ""


def test_random_data_is_no_answer_and_other_data_each_time(server: Server):
    arm(server, "RANDOM_DATA_THEN_CLOSE", id="noise")

    first, second = everything(server), everything(server)

    assert len(first) == 64
    assert not first.startswith(b"HTTP/")
    assert first != second
    assert log(server) == ""


def test_a_body_that_was_sent_does_not_turn_an_empty_response_into_a_reset(server: Server):
    mapping = {"request": {"method": "POST"}, "response": {"fault": "EMPTY_RESPONSE"}}
    admin(server, "POST", "/mappings", mapping, 201)
    body = b'{"name":"' + b"x" * 500_000 + b'"}'
    head = f"POST {TOPICS} HTTP/1.1\r\nHost: m\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    assert everything(server, head + body) == b""


@pytest.mark.parametrize("fault", ["EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER"])
def test_a_neighbour_that_keeps_its_connection_is_not_disturbed(server: Server, fault: str):
    with closing(open_connection(server)) as neighbour:
        neighbour.connect()
        neighbour.auto_open = 0
        for broken in (False, True, True):
            if broken:
                arm(server, fault, times=1)
                with pytest.raises((ConnectionResetError, AssertionError)):
                    assert everything(server)
            neighbour.request("GET", PROJECT, headers={"X-Api-Key": KEY})
            answer = neighbour.getresponse()
            answer.read()
            assert answer.status == 200
    assert log(server) == ""


def test_what_was_sent_ahead_on_a_broken_connection_is_not_answered(server: Server):
    arm(server, "EMPTY_RESPONSE", times=1)

    assert everything(server, REQUEST + REQUEST) == b""
    assert log(server) == ""


def test_the_faults_come_by_chance_too(server: Server):
    chaos = [{"operationId": "listTopics", "fault": "EMPTY_RESPONSE", "budget": 1}]
    admin(server, "PUT", "/chaos", chaos, 200)

    assert everything(server) == b""
    answer = everything(server, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.1 200 OK")
    admin(server, "DELETE", "/chaos", None, 204)
