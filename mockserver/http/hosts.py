"""The APIs that have hosts of their own, told by the Host header or by the path.

`read.withampersand.com/v1/…` and `read.localhost:4010/v1/…` mean what `/read/v1/…` means at any
host; so do `write` and `search`. Everything at `proxy.…` is a call of a provider, as is
everything below `/proxy`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.addresses import is_this_machine
from mockserver.http.headers import headers_of

_DOMAINS = (b"withampersand.com", b"localhost")
_PROXY = "proxy"
#: What the path of a call must begin with to be rewritten, by the first label of the host.
_BELOW: Mapping[str, str] = {"read": "/v1", "write": "/v1", "search": "/v1", _PROXY: ""}
#: The mock's own places, which every host has.
_OURS = ("/__", "/_storage/", "/_provider/", "/_clerk/")
_SANDBOX = "/__sandbox/"
# Source: RFC 9110, section 7.2.
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


class Hosts:
    """Writes the host's name in front of the path, so that everything behind goes by the path."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if scope["type"] == "http":
            label = _label(headers_of(scope).get(b"host", b""))
            if label is not None:
                scope = {
                    **scope,
                    "path": addressed(label, scope["path"]),
                    "raw_path": addressed(label, scope["raw_path"].decode("latin-1")).encode(
                        "latin-1"
                    ),
                }
        return self.app(scope, receive, send)


def _label(host: bytes) -> str | None:
    first, _, rest = host.partition(b".")
    label = first.decode("latin-1").lower()
    if label not in _BELOW:  # so it is with nearly every request
        return None
    return label if rest.partition(b":")[0].lower() in _DOMAINS else None


def addressed(label: str, path: str) -> str:
    """Return the path that means at any host what `path` means at the host `label`."""
    head, rest = _without_sandbox(path)
    below = _BELOW[label]
    if rest.startswith(_OURS) or not (rest == below or rest.startswith(f"{below}/")):
        return path
    return f"{head}/{label}{rest}"


def _without_sandbox(path: str) -> tuple[str, str]:
    """Split off the part of a path that names a sandbox, if it has one."""
    if not path.startswith(_SANDBOX):
        return "", path
    name, slash, rest = path.removeprefix(_SANDBOX).partition("/")
    return f"{_SANDBOX}{name}", slash + rest


def names_this_machine(host: bytes) -> bool:
    """Tell whether a Host header names this machine, with any port or none."""
    match = _AUTHORITY.fullmatch(host.decode("latin-1").lower())
    return match is not None and is_this_machine(match[1])
