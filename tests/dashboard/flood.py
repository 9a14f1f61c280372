"""Sends many requests quickly: in one connection, without waiting for each answer."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from tests.client import KEY

_AT_ONCE = 200


def flood(server: str, sandbox: str, number: int) -> None:
    """List the topics of my-project so many times; every seventh request has a path of its own."""
    address = urlsplit(server)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=120) as connection:
        for begin in range(0, number, _AT_ONCE):
            count = min(_AT_ONCE, number - begin)
            connection.sendall(b"".join(_request(sandbox, begin + i) for i in range(count)))
            _read_answers(connection, count)


def _request(sandbox: str, number: int) -> bytes:
    path = f"nowhere-{number}" if number % 7 == 0 else "topics"
    return (
        f"GET /v1/projects/my-project/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"X-Api-Key: {KEY}\r\nX-Mock-Sandbox: {sandbox}\r\n\r\n"
    ).encode()


def _read_answers(connection: socket.socket, count: int) -> None:
    """Read until so many answers have begun and the last one has ended."""
    received = b""
    while received.count(b"HTTP/1.1 ") < count or not received.rstrip().endswith((b"]", b"}")):
        part = connection.recv(1 << 20)
        assert part, "the mock closed the connection"
        received += part
