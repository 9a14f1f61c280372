"""Real HTTP servers on loopback that take webhooks, for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from svix.webhooks import Webhook


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    header_lines: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["svix-id"]

    def verify(self, secret: str) -> None:
        """Verify the signature as a consumer does; old timestamps are refused."""
        Webhook(secret).verify(self.body, dict(self.headers))


@dataclass(frozen=True)
class Answer:
    """What a sink answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


#: Decides about the answer; called for each request, in a thread of its own.
Act = Callable[[Received], Answer]


@dataclass
class Sink:
    """A server that takes webhooks, and what it got, in order."""

    port: int
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]


@contextmanager
def sink(*answers: Answer | int, act: Act | None = None, port: int = 0) -> Iterator[Sink]:
    """Serve a sink until the block ends.

    Args:
        answers: of the first requests, one each (a status is enough); then the last one always.
        act: decides instead.
        port: where it listens; 0 takes a free one.
    """
    waiting = [one if isinstance(one, Answer) else Answer(one) for one in answers] or [Answer()]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            lines = self.headers.items()
            received = Received(
                self.path, {name.lower(): value for name, value in lines}, lines, body
            )
            here.received.append(received)
            if act is not None:
                self._give(act(received))
            else:
                self._give(waiting.pop(0) if len(waiting) > 1 else waiting[0])

        def _give(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    here = Sink(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def closed_port() -> int:
    """Return a port of this machine where nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return int(server.server_port)
