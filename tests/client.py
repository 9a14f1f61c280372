"""A client that calls the application in process, through the whole ASGI stack."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from mockserver.app import Mock

KEY = "mock-full-key"
BUILDER = "mock-builder-token"
_NOTHING = object()


@dataclass(frozen=True)
class Response:
    """An answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def issues(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json.get("issues", [])
        return found

    @property
    def issue_names(self) -> list[str]:
        return [issue["name"] for issue in self.issues]


@dataclass
class Client:
    """Calls a mock. `key` and `bearer` are sent with every call unless one says otherwise."""

    mock: Mock
    key: str | None = KEY
    bearer: str | None = None
    prefix: str = "/v1"
    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, *, key: str | None = None, bearer: str | None = None) -> Client:
        """Return a client with other credentials."""
        return Client(self.mock, key, bearer, self.prefix)

    def get(self, path: str, **options: Any) -> Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = _NOTHING, **options: Any) -> Response:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = _NOTHING, **options: Any) -> Response:
        return self.call("PATCH", path, body, **options)

    def put(self, path: str, body: Any = _NOTHING, **options: Any) -> Response:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Response:
        return self.call("DELETE", path, **options)

    def call(
        self,
        method: str,
        path: str,
        body: Any = _NOTHING,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        root: bool = False,
    ) -> Response:
        """Send a request; `body` is sent as JSON, `raw` as it is; `root` drops the `/v1`.

        A header whose value is None is not sent.
        """
        content = raw if raw is not None else b"" if body is _NOTHING else json.dumps(body).encode()
        sent: dict[str, str | None] = {"host": "127.0.0.1:4010"}
        sent |= {**self._credentials(), **self.headers}
        if content:
            sent |= {"content-type": "application/json", "content-length": str(len(content))}
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        target = path if root else f"{self.prefix}{path}"
        return asyncio.run(_send(self.mock, method, target, sent, content))

    def _credentials(self) -> dict[str, str]:
        found = {}
        if self.key is not None:
            found["x-api-key"] = self.key
        if self.bearer is not None:
            found["authorization"] = f"Bearer {self.bearer}"
        return found


async def _send(
    mock: Mock, method: str, target: str, headers: Mapping[str, str | None], content: bytes
) -> Response:
    raw_path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
            if value is not None
        ],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 4010),
        "extensions": {},
    }
    messages: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(dict(message))

    await mock.asgi(scope, receive, send)
    start, *parts = messages
    answer = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]
    }
    return Response(start["status"], answer, b"".join(part.get("body", b"") for part in parts))
