"""Which world a request is about: told by a header, by the path, by the host, or by an address.

An address that the mock gave out names its world, so that who comes back with it alone finds it:
the `state` of an OAuth session, the parameters of a signed URL.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.http.headers import headers_of
from mockserver.resources.urls import PARAMETER, sandbox_of_state
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import DEFAULT, MOST, RESERVED, FullError, Worlds, is_name

SANDBOX = "mockserver.sandbox"  # key of the Sandbox in the ASGI scope
#: Key of what paths that lead back to this sandbox begin with: "/__sandbox/NAME"; "" where the
#: host says it, or nothing need be said.
PREFIX = "mockserver.prefix"
REFUSAL = "mockserver.refusal"  # key of why no sandbox could be selected; absent when one was
HEADER = b"x-mock-sandbox"
CREATED = b"x-mock-sandbox-created"
_PATH = "/__sandbox/"
_PATH_BYTES = b"/__sandbox/"
_DOMAIN = b".localhost"
#: The paths below which an address names its world by itself.
_GIVEN_OUT = (b"/callbacks/", b"/_provider/", b"/_storage/")


@dataclass(frozen=True, slots=True)
class Selected:
    """What a request says of its sandbox."""

    name: str
    stripped: str = ""  # what its path begins with on behalf of the selection
    by_host: bool = False
    by_address: bool = False  # such a sandbox is not made when it is not there


class Sandboxes:
    """Selects the sandbox of each request, and makes it on first use."""

    def __init__(
        self, app: ASGIApp, *, worlds: Worlds, strict: bool = False, public_url: str = ""
    ) -> None:
        """Wrap `app`.

        Args:
            app: the rest of the way.
            worlds: the sandboxes.
            strict: refuse names that no sandbox has.
            public_url: the origin of addresses where it is not the request's own.
        """
        self.app = app
        self.worlds = worlds
        self.strict = strict
        self.public_url = public_url

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if scope["type"] != "http":
            return self.app(scope, receive, send)
        selected = _selected(scope)
        scope[SANDBOX] = found = self.worlds.use(DEFAULT if selected is None else selected.name)
        scope[PREFIX] = ""
        if selected is not None:
            scope, send = self._there(scope, send, selected, found)
        return self.app(scope, receive, send)

    def _there(
        self, scope: Scope, send: Send, selected: Selected, found: Sandbox | None
    ) -> tuple[Scope, Send]:
        """Return a request as those behind see it, and where its answer goes."""
        if selected.stripped:
            length = len(selected.stripped)
            raw_path, path = scope["raw_path"][length:], scope["path"][length:]
            scope = {**scope, "raw_path": raw_path or b"/", "path": path or "/"}
        if found is None:
            scope[SANDBOX] = found = self._absent(scope, selected)
            if found is not self.worlds.default:
                send = _told(send)
        if found is not self.worlds.default and (self.public_url or not selected.by_host):
            scope[PREFIX] = f"{_PATH}{found.name}"
        return scope, send

    def _absent(self, scope: Scope, selected: Selected) -> Sandbox:
        """Make the sandbox that a request selects; return the default one where it cannot be."""
        name = selected.name
        # A preflight asks whether it may ask; an old address names a world that is gone.
        if scope["method"] != "OPTIONS" and not selected.by_address:
            if not is_name(name):
                scope[REFUSAL] = _no_name(name)
            elif self.strict:
                scope[REFUSAL] = _unknown(name, self.worlds.nearest(name))
            else:
                try:
                    return self.worlds.make(name)
                except FullError:
                    scope[REFUSAL] = _full(name)
        return self.worlds.default


def sandbox_of(scope: Mapping[str, Any]) -> Sandbox:
    """Return the sandbox of a request that has passed the layer."""
    found: Sandbox = scope[SANDBOX]
    return found


def prefix_of(scope: Mapping[str, Any]) -> str:
    """Return what the paths of addresses that lead back to the request's sandbox begin with."""
    found: str = scope[PREFIX]
    return found


def _told(send: Send) -> Send:
    """Have an answer say that its sandbox was made for it."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (CREATED, b"true")]
        await send(message)

    return told


def _selected(scope: Scope) -> Selected | None:
    """Return what a request says of its sandbox; None when it says nothing."""
    path: bytes = scope["raw_path"]
    named, stripped = "", ""
    if path.startswith(_PATH_BYTES):
        named = path[len(_PATH) :].partition(b"/")[0].decode("latin-1")
        stripped = f"{_PATH}{named}"
    headers = headers_of(scope)
    given = headers.get(HEADER)
    if given is not None:
        return Selected(given.decode("latin-1"), stripped)
    if stripped:
        return Selected(named, stripped)
    host = headers.get(b"host", b"").partition(b":")[0].lower()
    if host.endswith(_DOMAIN):
        label = host.removesuffix(_DOMAIN).decode("latin-1")
        if is_name(label):
            return Selected(label, by_host=True)
    if path.startswith(_GIVEN_OUT):
        return Selected(_named_by_address(scope["query_string"]), by_address=True)
    return None


def _named_by_address(query: bytes) -> str:
    """Return the sandbox that an address says it is of."""
    values = parse_qs(query.decode("latin-1"))
    [name] = values.get(PARAMETER, [""])[-1:]
    [state] = values.get("state", [""])[-1:]
    return name or sandbox_of_state(state)


def _no_name(name: str) -> Refused:
    detail = f"{name[:80]!r} is no name of a sandbox"
    remedy = "use up to 63 of a-z, 0-9 and -, beginning and ending with a letter or a digit"
    if name in RESERVED:
        detail = f"{name!r} is reserved: it means something else as a host"
        remedy = "choose another name"
    return Refused(
        Kind.INVALID,
        detail,
        remedy=remedy,
        issues=[Issue("header", "X-Mock-Sandbox", detail)],
    )


def _unknown(name: str, nearest: str) -> Refused:
    return Refused(
        Kind.NOT_FOUND,
        f"there is no sandbox {name!r}; the nearest name is {nearest!r}",
        remedy="create it: POST /__admin/sandboxes, or start without --sandboxes strict",
    )


def _full(name: str) -> Refused:
    # No 429: clients would slow down and ask again, which frees nothing.
    return Refused(
        Kind.FULL,
        f"sandbox {name!r} cannot be made: there are {MOST}, which is the most",
        remedy="drop one: DELETE /__admin/sandboxes/NAME; GET /__admin/sandboxes lists them",
    )
