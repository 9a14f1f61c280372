"""Which world a request is about: told by a header, by the path, or by the host."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import DEFAULT, Worlds, is_name

SANDBOX = "mockserver.sandbox"  # key of the Sandbox in the ASGI scope
PREFIX = "mockserver.prefix"  # key of what the path began with: "/__sandbox/NAME", or ""
REFUSAL = "mockserver.refusal"  # key of why no sandbox could be selected; absent when one was
HEADER = b"x-mock-sandbox"
CREATED = b"x-mock-sandbox-created"
_PATH = "/__sandbox/"
_DOMAIN = ".localhost"


class Sandboxes:
    """Selects the sandbox of each request, and makes it on first use."""

    def __init__(self, app: ASGIApp, *, worlds: Worlds) -> None:
        """Wrap `app`."""
        self.app = app
        self.worlds = worlds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name, prefix = _selected(scope)
        scope = {**scope, PREFIX: prefix}
        if prefix:
            scope["raw_path"] = scope["raw_path"][len(prefix) :] or b"/"
            scope["path"] = scope["path"][len(prefix) :] or "/"
        found = self.worlds.get(name)
        if found is not None:
            scope[SANDBOX] = found
            await self.app(scope, receive, send)
            return
        made = self._make(scope, name)
        scope[SANDBOX] = made or self.worlds.default

        async def told(message: Message) -> None:
            if made is not None and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (CREATED, b"true")]
            await send(message)

        await self.app(scope, receive, told)

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
    if path.startswith(_PATH.encode()):
        named = path[len(_PATH) :].partition(b"/")[0].decode("latin-1")
        prefix = f"{_PATH}{named}"
    host = b""
    for key, value in scope["headers"]:
        if key == HEADER:
            return value.decode("latin-1"), prefix
        if key == b"host":
            host = value
    if not prefix:
        label = host.partition(b":")[0].decode("latin-1").lower().removesuffix(_DOMAIN)
        if host and label + _DOMAIN == host.partition(b":")[0].decode("latin-1").lower():
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
