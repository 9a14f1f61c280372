"""What only a real connection shows: framing, keep-alive, half-sent requests."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.client import KEY
from tests.server import Server, serving

TOPICS = "/v1/projects/my-project/topics"
LARGEST = 10 * 1024 * 1024
HEAD = f"Host: mock.test\r\nX-Api-Key: {KEY}\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--clock", "2026-02-01T12:00:00Z") as running:
        yield running


@pytest.fixture
def connection(server: Server) -> Iterator[HTTPConnection]:
    """Connect; a request on it fails when the server has closed it meanwhile."""
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=20)) as opened:
        opened.connect()
        opened.auto_open = 0
        yield opened


@pytest.fixture
def wire(server: Server) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as opened:
        yield opened


def ask(
    connection: HTTPConnection, method: str, path: str, body: Any = None, **headers: str
) -> tuple[HTTPResponse, Any]:
    given = {"X-Api-Key": KEY, "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, given)
    return read(connection.getresponse())


def read(answer: HTTPResponse) -> tuple[HTTPResponse, Any]:
    content = answer.read()
    return answer, json.loads(content) if content else None


def receive(wire: socket.socket, method: str = "POST") -> tuple[HTTPResponse, Any]:
    answer = HTTPResponse(wire, method=method)
    answer.begin()
    return read(answer)


def names(connection: HTTPConnection) -> list[str]:
    return [topic["name"] for topic in ask(connection, "GET", TOPICS)[1]]


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


# ---------------------------------------------------------------- one connection, many requests


def test_a_connection_serves_requests_of_every_outcome_one_after_another(
    connection: HTTPConnection,
):
    outcomes = [
        ("POST", TOPICS, b'{"name":"kept-alive"}', 201),
        ("POST", TOPICS, b"{", 400),
        ("GET", "/v1/nothing", None, 404),
        ("PUT", TOPICS, b"{}", 405),
        ("DELETE", f"{TOPICS}/nothing", b"a body nobody asked for", 404),
        ("GET", TOPICS, b"x" * 100_000, 200),
        ("OPTIONS", TOPICS, b"x", 204),
        ("GET", "/__admin/health", None, 200),
    ]

    for method, path, body, status in outcomes:
        assert ask(connection, method, path, body)[0].status == status


def test_requests_sent_ahead_are_answered_in_their_order(wire: socket.socket):
    one = f"GET {TOPICS} HTTP/1.1\r\n{HEAD}\r\n"
    two = f"GET /v1/nothing HTTP/1.1\r\n{HEAD}\r\n"
    wire.sendall((one + two).encode())

    stream = wire.makefile("rb")
    statuses = []
    for _ in range(2):
        statuses.append(int(stream.readline().split()[1]))
        length = 0
        while (line := stream.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        stream.read(length)

    assert statuses == [200, 404]


# ---------------------------------------------------------------- framing of bodies


def test_a_body_may_come_in_chunks(connection: HTTPConnection):
    parts = iter([b'{"na', b'me":', b'"in-chunks"}'])

    answer, topic = ask(connection, "POST", TOPICS, parts)

    assert (answer.status, topic["name"]) == (201, "in-chunks")


def test_a_chunked_body_may_be_compressed(connection: HTTPConnection):
    packed = gzip.compress(b'{"name":"packed-chunks"}')

    answer, _ = ask(
        connection, "POST", TOPICS, iter([packed[:9], packed[9:]]), Content_Encoding="gzip"
    )

    assert answer.status == 201


@pytest.mark.parametrize("framing", ["Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", ""])
def test_a_post_without_a_body_is_told_that_it_needs_one(wire: socket.socket, framing: str):
    end = "0\r\n\r\n" if "chunked" in framing else ""
    wire.sendall(f"POST {TOPICS} HTTP/1.1\r\n{HEAD}{framing}\r\n{end}".encode())

    answer, problem = receive(wire)

    assert answer.status == 400
    assert problem["detail"] == "a JSON body is required, this one is empty"


@pytest.mark.parametrize("way", ["declared", "chunked", "compressed"])
def test_a_body_that_is_too_large_is_413_and_the_connection_lives_on(
    connection: HTTPConnection, way: str
):
    body: dict[str, Callable[[], Any]] = {
        "declared": lambda: b" " * (LARGEST + 1),
        "chunked": lambda: iter([b" " * (1 << 20)] * 11),
        "compressed": lambda: gzip.compress(b" " * (LARGEST + 1)),
    }
    headers = {"Content_Encoding": "gzip"} if way == "compressed" else {}

    answer, problem = ask(connection, "POST", TOPICS, body[way](), **headers)

    assert (answer.status, problem["issues"][0]["name"]) == (413, "body")
    assert ask(connection, "GET", TOPICS)[0].status == 200


def test_a_client_that_waits_for_leave_to_send_gets_it(wire: socket.socket):
    body = b'{"name":"after-leave"}'
    expecting = f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n"
    wire.sendall(f"POST {TOPICS} HTTP/1.1\r\n{HEAD}{expecting}\r\n".encode())
    assert wire.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"

    wire.sendall(body)

    answer, topic = receive(wire)
    assert (answer.status, topic["name"]) == (201, "after-leave")


def test_broken_chunks_end_the_connection_and_nothing_else(
    wire: socket.socket, connection: HTTPConnection
):
    framing = "Transfer-Encoding: chunked\r\n\r\nZZ\r\n"
    wire.sendall(f"POST {TOPICS} HTTP/1.1\r\n{HEAD}{framing}".encode())

    answer = wire.recv(100)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert ask(connection, "GET", TOPICS)[0].status == 200


# ---------------------------------------------------------------- half a request


@pytest.mark.parametrize("framing", ["Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        (f"POST {TOPICS}", b'{"name":"half-sent"}'),
        (f"DELETE {TOPICS}/b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d02", b"half"),
    ],
)
def test_a_client_that_goes_away_in_mid_body_changes_nothing(
    wire: socket.socket, connection: HTTPConnection, request_line: str, body: bytes, framing: str
):
    before = names(connection)
    part = chunked(body)[:-5] if "chunked" in framing else body
    wire.sendall(f"{request_line} HTTP/1.1\r\n{HEAD}{framing}\r\n".encode() + part)

    wire.shutdown(socket.SHUT_WR)
    while wire.recv(65536):  # until the server has noticed
        pass

    assert names(connection) == before


def test_a_client_that_drops_the_connection_does_not_disturb_the_next(
    server: Server, connection: HTTPConnection
):
    before = names(connection)
    parts = urlsplit(server.url)
    for _ in range(20):
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as wire:
            wire.sendall(f"POST {TOPICS} HTTP/1.1\r\n{HEAD}Content-Length: 50\r\n\r\n{{".encode())

    assert names(connection) == before


# ---------------------------------------------------------------- methods and targets


def test_head_is_405_without_a_body(connection: HTTPConnection):
    answer, content = ask(connection, "HEAD", TOPICS)

    assert (answer.status, content) == (405, None)
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"
    assert ask(connection, "GET", TOPICS)[0].status == 200


def test_a_deletion_is_answered_without_body_or_length(connection: HTTPConnection):
    made = ask(connection, "POST", TOPICS, b'{"name":"short-lived"}')[1]

    answer, content = ask(connection, "DELETE", f"{TOPICS}/{made['id']}")

    assert (answer.status, content) == (204, None)
    assert answer.headers["Content-Length"] is None
    assert answer.headers["Content-Type"] is None


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://other.example/v1/projects/my-project/topics", 200),
        ("/v1/projects/my-project/topics?active=1", 200),
        ("/v1/projects/my%2Dproject/topics", 200),
        ("/v1/../v1/projects", 404),
        ("//v1/projects", 404),
        ("/v1/projects/%ff/topics", 400),
    ],
)
def test_targets_as_they_come_over_the_wire(wire: socket.socket, target: str, status: int):
    wire.sendall(f"GET {target} HTTP/1.1\r\n{HEAD}\r\n".encode())

    assert receive(wire, "GET")[0].status == status


def test_an_old_client_without_a_host_is_served(wire: socket.socket):
    wire.sendall(f"GET {TOPICS} HTTP/1.0\r\nX-Api-Key: {KEY}\r\n\r\n".encode())

    assert receive(wire, "GET")[0].status == 200


def test_of_a_header_that_comes_twice_the_last_counts(wire: socket.socket):
    wire.sendall(f"GET {TOPICS} HTTP/1.1\r\nX-Api-Key: wrong\r\n{HEAD}\r\n".encode())

    assert receive(wire, "GET")[0].status == 200
