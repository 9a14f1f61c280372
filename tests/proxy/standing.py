"""Servers for the tests of the proxy: any ASGI application on a loopback port, and the proxy."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn

from mockserver.addresses import AddressRules
from mockserver.proxy.application import House, Proxy
from mockserver.proxy.bench import Bench
from mockserver.proxy.judged import Judged, Witness
from mockserver.proxy.upstream import Upstream, read_place

ALIAS = "mockserver-under-test"
MOST = 1024 * 1024
START = 1_770_000_000_000_000  # microseconds: 2026-02-02
TOPICS = "/v1/projects/my-project/topics"
TOPIC = {
    "id": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01",
    "projectId": "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01",
    "name": "lead-alerts",
    "createTime": "2026-02-01T12:00:00.000000Z",
}
KEY = {"X-Api-Key": "a-key-of-a-customer"}


@dataclass
class Seen:
    """A request as an upstream saw it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


@dataclass
class Canned:
    """An upstream that answers every request alike, and remembers what it was sent."""

    status: int = 200
    body: bytes = b"[]"
    headers: Sequence[tuple[str, str]] = (("content-type", "application/json"),)
    seen: list[Seen] = field(default_factory=list)

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> Canned:
        more = [(name.replace("_", "-"), text) for name, text in headers.items()]
        kind = [("content-type", "application/json")] if "content_type" not in headers else []
        return cls(status, json.dumps(value).encode(), [*kind, *more])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        target = scope["raw_path"].decode() + (
            "?" + scope["query_string"].decode() if scope["query_string"] else ""
        )
        headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]]
        self.seen.append(Seen(scope["method"], target, headers, body))
        answer = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": answer})
        await send({"type": "http.response.body", "body": self.body})


@contextmanager
def standing(
    application: Any, *, lifespan: str = "off", certificate: tuple[Path, Path] | None = None
) -> Iterator[str]:
    """Serve an application on a free port of this machine until the block ends; give its root."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan=lifespan,  # type: ignore[arg-type] # "on" or "off"
            ws="none",
            ssl_certfile=certificate and certificate[0],
            ssl_keyfile=certificate and certificate[1],
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            scheme = "https" if certificate else "http"
            yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()


@dataclass
class Running:
    """A running proxy, what it judged, and what it could not pass on."""

    url: str
    judged: list[Judged]
    failures: list[str]

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        body: Any = None,
        credentials: Mapping[str, str] = KEY,
    ) -> httpx.Response:
        given = {**credentials, **(headers or {})}
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        with httpx.Client(trust_env=False) as client:
            return client.request(method, self.url + path, headers=given, content=content)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return self.call("POST", path, body=body, **options)


@contextmanager
def proxying(
    bench: Bench,
    upstream: str,
    *witnesses: Witness,
    rules: AddressRules | None = None,
    timeout: float = 20.0,
    most: int = MOST,
) -> Iterator[Running]:
    """Run the proxy in front of an upstream until the block ends."""
    judged: list[Judged] = []
    failures: list[str] = []
    house = House(
        upstream=Upstream(
            read_place(upstream), rules=rules or AddressRules(), timeout=timeout, most=most
        ),
        bench=bench,
        witnesses=[judged.append, *witnesses],
        unanswered=failures.append,
        wall=lambda: START,
        alias=ALIAS,
        most=most,
        only_loopback=True,
    )
    with standing(Proxy(house), lifespan="on") as url:
        yield Running(url, judged, failures)


def violations(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return what the header says; nothing without it."""
    text = answer.headers.get("sl-violations")
    found: list[dict[str, Any]] = json.loads(text) if text is not None else []
    return found


def raw(proxy: Running, request: bytes) -> bytes:
    """Send bytes to the proxy and read until it closes."""
    parts = urlsplit(proxy.url)
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=20)) as wire:
        wire.sendall(request)
        received = b""
        while chunk := wire.recv(65_536):
            received += chunk
        return received
