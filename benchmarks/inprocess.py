"""Asks an application without a socket and without an event loop: what is left is its own cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]
KEY = (b"x-api-key", b"mock-full-key")
#: With a second credential a call is made anew; the API key counts.
_ANEW = (b"authorization", b"Basic bm9ib2R5")


class InProcess:
    """Calls an ASGI application that waits for nothing."""

    def __init__(self, app: Application) -> None:
        """Take the application."""
        self.app = app

    def __call__(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        key: bytes = KEY[1],
        is_anew: bool = False,
    ) -> tuple[int, bytes]:
        """Return the status and the body of an answer.

        Args:
            method: of the call.
            path: with its query.
            body: JSON, if there is any.
            key: the API key.
            is_anew: whether the answer is made, even where one is remembered.

        Raises:
            RuntimeError: the application waited for something, or said nothing.
        """
        answer: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answer.append(message)

        scope = _scope(method, path, body, key)
        if is_anew:
            scope["headers"].append(_ANEW)
        _run(self.app(scope, receive, send))
        return answer[0]["status"], answer[1]["body"]


def _run(call: Awaitable[None]) -> None:
    steps: Generator[Any, None, None] = call.__await__()
    for waited in steps:
        raise RuntimeError(f"the application waited for {waited}")


def _scope(method: str, path: str, body: bytes, key: bytes) -> dict[str, Any]:
    bare, _, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1:4010"), (KEY[0], key)]
    if body:
        headers.append((b"content-type", b"application/json"))
        headers.append((b"content-length", b"%d" % len(body)))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 4010),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "root_path": "",
        "method": method,
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "state": {},
    }
