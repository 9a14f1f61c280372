"""Which world a request is about: told by a header, by the path, or by the host."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.http.headers import headers_of
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import DEFAULT, Worlds, is_name

SANDBOX = "mockserver.sandbox"  # key of the Sandbox in the ASGI scope
PREFIX = "mockserver.prefix"  # key of what the path began with: "/__sandbox/NAME", or ""
REFUSAL = "mockserver.refusal"  # key of why no sandbox could be selected; absent when one was
HEADER = b"x-mock-sandbox"
CREATED = b"x-mock-sandbox-created"
_PATH = "/__sandbox/"
_RAW_PATH = b"/__sandbox/"
_DOMAIN = b".localhost"


class Sandboxes:
    """Selects the sandbox of each request, and makes it on first use."""

    def __init__(self, app: ASGIApp, *, worlds: Worlds) -> None:
        """Wrap `app`."""
        self.app = app
        self.worlds = worlds

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if scope["type"] != "http":
            return self.app(scope, receive, send)
        name, prefix = _selected(scope)
        if prefix:
            raw_path, path = scope["raw_path"][len(prefix) :], scope["path"][len(prefix) :]
            scope = {**scope, "raw_path": raw_path or b"/", "path": path or "/"}
        scope[PREFIX] = prefix
        found = self.worlds.get(name)
        if found is not None:
            scope[SANDBOX] = found
            return self.app(scope, receive, send)
        made = self._make(scope, name)
        scope[SANDBOX] = made or self.worlds.default

        def told(message: Message) -> Awaitable[None]:
            if made is not None and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (CREATED, b"true")]
            return send(message)

        return self.app(scope, receive, told)

    def _make(self, scope: Scope, name: str) -> Sandbox | None:
        if not is_name(name):
            scope[REFUSAL] = _no_name(name)
            return None
        return self.worlds.make(name)


def _selected(scope: Scope) -> tuple[str, str]:
    """Return the name of the sandbox that a request selects, and the prefix of its path."""
    path = scope["raw_path"]
    prefix = ""
    named = DEFAULT
    if path.startswith(_RAW_PATH):
        named = path[len(_PATH) :].partition(b"/")[0].decode("latin-1")
        prefix = f"{_PATH}{named}"
    headers = headers_of(scope)
    given = headers.get(HEADER)
    if given is not None:
        return given.decode("latin-1"), prefix
    if not prefix:
        host = headers.get(b"host", b"").partition(b":")[0].lower()
        if host.endswith(_DOMAIN):
            label = host.removesuffix(_DOMAIN).decode("latin-1")
            named = label if is_name(label) else DEFAULT
    return named, prefix


def _no_name(name: str) -> Refused:
    detail = f"{name[:80]!r} is no name of a sandbox"
    return Refused(
        Kind.INVALID,
        detail,
        remedy="use up to 63 of a-z, 0-9 and -, beginning and ending with a letter or a digit",
        issues=[Issue("header", "X-Mock-Sandbox", detail)],
    )
