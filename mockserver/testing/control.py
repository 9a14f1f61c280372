"""The control plane of one sandbox, as a test calls it."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

import orjson

from mockserver.testing.exchanges import Answered, Asked, CallRefused

_PREFIX = "/__admin"


class _Server(Protocol):
    admin_token: str

    def send(self, asked: Asked) -> Answered:
        """Send a request; return when it is answered."""


class Control:
    """Calls `/__admin` for one sandbox; what it refuses is raised as CallRefused."""

    def __init__(self, server: _Server, prefix: str) -> None:
        """Take the server, and what the paths of the sandbox begin with."""
        self._server = server
        self._prefix = prefix

    def get(self, path: str, **query: Any) -> Any:
        """Return what GET answers; parameters that are None are left out."""
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """Return what POST answers."""
        return self.call("POST", path, body, query=query)

    def put(self, path: str, body: Any) -> Any:
        """Return what PUT answers."""
        return self.call("PUT", path, body)

    def delete(self, path: str) -> Any:
        """Return what DELETE answers."""
        return self.call("DELETE", path)

    def call(
        self, method: str, path: str, body: Any = None, *, query: dict[str, Any] | None = None
    ) -> Any:
        """Call a route below `/__admin`; return its JSON, its text, or None.

        Raises:
            CallRefused: the control plane refused, and why.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        headers = []
        if body is not None:
            headers.append((b"content-type", b"application/json"))
        if self._server.admin_token:
            headers.append((b"x-mock-admin-token", self._server.admin_token.encode("ascii")))
        content = b"" if body is None else orjson.dumps(body)
        target = f"{self._prefix}{_PREFIX}{path}"
        answered = self._server.send(Asked(method, target, urlencode(given), headers, content))
        if answered.status >= 400:
            raise CallRefused(f"{method} {_PREFIX}{path}", answered)
        return answered.content


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
