"""Headers between the two connections of a proxy: what is passed on, and what is not.

Names are in lower case and values are bytes, as ASGI has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, urlsplit, urlunsplit

from mockserver.proxy import codings

Pairs = list[tuple[bytes, bytes]]

#: Meant for one connection only. Source: RFC 9110, section 7.6.1, and 11.7 (the proxy's own
#: credentials).
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
#: Written anew for the upstream: its own host, the length of what is sent; `Expect` was answered.
_REWRITTEN = frozenset({b"host", b"content-length", b"expect", b"accept-encoding", b"forwarded"})
#: Nobody but this proxy says what it found.
VIOLATIONS = b"sl-violations"


def values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """Return every value of a header."""
    return [value for key, value in headers if key == name]


def end_to_end(headers: Sequence[tuple[bytes, bytes]]) -> Pairs:
    """Return the headers that are meant for the other end.

    Source: RFC 9110, section 7.6.1: `Connection` names further ones that are not.
    """
    named = {
        name.strip().lower()
        for value in values(headers, b"connection")
        for name in value.split(b",")
    }
    return [(name, value) for name, value in headers if name not in _HOP_BY_HOP | named]


def to_upstream(
    headers: Sequence[tuple[bytes, bytes]], *, host: bytes, body: bytes, scheme: str, alias: str
) -> Pairs:
    """Return the headers of a request as the upstream gets them.

    Args:
        headers: as they came.
        host: the upstream's authority.
        body: what is sent.
        scheme: of the client's connection.
        alias: the name of this proxy in `Via`.
    """
    kept = [pair for pair in end_to_end(headers) if pair[0] not in _REWRITTEN]
    taken = b", ".join(values(headers, b"accept-encoding")).decode("latin-1")
    asked = values(headers, b"host")
    added = [(b"host", host), (b"accept-encoding", codings.accepted(taken).encode("latin-1"))]
    if body or values(headers, b"content-length") or values(headers, b"transfer-encoding"):
        added.append((b"content-length", str(len(body)).encode()))
    if asked:  # Source: RFC 7239, section 4
        quoted = asked[0].replace(b"\\", b"").replace(b'"', b"")
        added.append((b"forwarded", b'host="' + quoted + b'";proto=' + scheme.encode()))
    added.append((b"via", f"1.1 {alias}".encode()))
    return [*added[:1], *kept, *added[1:]]


def to_client(
    headers: Sequence[tuple[bytes, bytes]], body: bytes, *, counted: bool, alias: str
) -> Pairs:
    """Return the headers of an answer as the client gets them.

    Args:
        headers: as they came; names may have capitals.
        body: what is sent, its content coding kept.
        counted: whether Content-Length is that of the body. An answer to HEAD, and a 304, tell of
            a body that they do not have (RFC 9110, section 8.6).
        alias: the name of this proxy in `Via`.
    """
    lower = [(name.lower(), value) for name, value in headers]
    kept = [pair for pair in end_to_end(lower) if pair[0] != VIOLATIONS]
    if counted:
        kept = [pair for pair in kept if pair[0] != b"content-length"]
        kept.append((b"content-length", str(len(body)).encode()))
    return [*kept, (b"via", f"1.1 {alias}".encode())]


def exposed(headers: Pairs, name: bytes) -> Pairs:
    """Let scripts read a header where they may read others. Source: Fetch, section 3.3.2."""
    expose = b"access-control-expose-headers"
    return [(key, value + b", " + name if key == expose else value) for key, value in headers]


def relocated(location: str, *, upstream: str, here: str) -> str:
    """Return where a redirect leads, seen from the client.

    An address of the upstream becomes the same one behind this proxy; any other is the client's
    to judge, and is passed on as it is.

    Args:
        location: the value of Location.
        upstream: the upstream's root, `https://host/prefix`.
        here: the origin by which the client reached the proxy.
    """
    try:
        given, root = urlsplit(location), urlsplit(upstream)
        own = not given.netloc or _origin(given, root.scheme) == _origin(root, root.scheme)
    except ValueError:
        return location
    prefix = root.path.rstrip("/")
    inside = given.path == prefix or given.path.startswith(f"{prefix}/")
    if not (own and inside and given.path.startswith("/")):
        return location
    path = given.path.removeprefix(prefix) or "/"
    rest = urlunsplit(("", "", path, given.query, given.fragment))
    return f"{here}{rest}" if given.netloc else rest


def _origin(parts: SplitResult, scheme: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port; raises ValueError for a port that is no number."""
    named = parts.scheme or scheme
    return named, parts.hostname, parts.port or {"http": 80, "https": 443}.get(named)
