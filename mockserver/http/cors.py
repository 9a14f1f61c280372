"""Cross-origin requests: any origin, never with credentials, on the mocked API only.

Source: the Fetch standard, "CORS protocol"; Private Network Access for the private-network
header. The headers are those that first-party browsers clients send.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.http.headers import headers_of

_METHODS = b"GET, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS = (
    "authorization",
    "content-type",
    "x-api-key",
    "x-amp-client",
    "x-amp-client-version",
    "x-mock-sandbox",
    "prefer",
)
_EXPOSED = b"Preference-Applied, Retry-After, X-Request-Id, Location, X-Mock-Sandbox-Created"
_MAX_AGE = b"600"  # seconds
_ALWAYS: Sequence[tuple[bytes, bytes]] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED),
]


class Cors:
    """Answers preflights, and opens every answer of some prefixes to any origin."""

    def __init__(self, app: ASGIApp, *, prefixes: Sequence[str]) -> None:
        """Wrap `app`; `prefixes` are the paths that browsers may call from elsewhere."""
        self.app = app
        self._exact = frozenset(prefixes)
        self._below = tuple(f"{prefix}/" for prefix in prefixes)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if scope["type"] != "http" or not self._covers(scope["path"]):
            return self.app(scope, receive, send)
        if scope["method"] == "OPTIONS":
            return _preflight(headers_of(scope), send)
        return self.app(scope, receive, _opened(send))

    def _covers(self, path: str) -> bool:
        return path.startswith(self._below) or path in self._exact


def _opened(send: Send) -> Send:
    def opened(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_ALWAYS]
        return send(message)

    return opened


async def _preflight(headers: Mapping[bytes, bytes], send: Send) -> None:
    asked = headers.get(b"access-control-request-headers", b"").decode("latin-1")
    extra = [name.strip().lower() for name in asked.split(",") if name.strip()]
    allowed = ", ".join(dict.fromkeys([*_HEADERS, *filter(_is_token, extra)]))
    answer = [
        *_ALWAYS,
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", allowed.encode("latin-1")),
        (b"access-control-max-age", _MAX_AGE),
        (b"vary", b"Access-Control-Request-Headers"),
    ]
    if headers.get(b"access-control-request-private-network") == b"true":
        answer.append((b"access-control-allow-private-network", b"true"))
    start: dict[str, Any] = {"type": "http.response.start", "status": 204, "headers": answer}
    await send(start)
    await send({"type": "http.response.body", "body": b""})


def _is_token(name: str) -> bool:
    return name.replace("-", "").replace("_", "").isalnum() and name.isascii()
