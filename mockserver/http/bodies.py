"""Request bodies: read whole, and decompressed."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mockserver.http.strict_json import not_json
from mockserver.rules.errors import Issue, Kind, Refused

LARGEST = 10 * 1024 * 1024  # bytes, before and after decompression
#: zlib window bits that read each encoding. Source: RFC 9110, section 8.4.1.
_WINDOW: Mapping[bytes, int] = {b"gzip": 31, b"x-gzip": 31, b"deflate": 47}
Receive = Callable[[], Awaitable[Any]]


async def read(receive: Receive) -> bytes | None:
    """Read a body; None when it is larger than allowed, in which case the rest is drained.

    Raises:
        Refused: INVALID when the client went away before the end: half a request is none.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise not_json("the connection ended before the body did")
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= LARGEST and not chunks and not message.get("more_body", False):
            return chunk  # so nearly every one comes
        if size <= LARGEST:
            chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if size <= LARGEST else None


def decompress(body: bytes, encoding: bytes) -> bytes:
    """Undo a content encoding.

    Raises:
        Refused: MEDIA_TYPE for an unknown encoding, TOO_LARGE, INVALID for broken data.
    """
    if encoding in {b"", b"identity"}:
        return body
    window = _WINDOW.get(encoding)
    if window is None:
        raise _header(
            Kind.MEDIA_TYPE, "Content-Encoding", "unknown content encoding", "use gzip or deflate"
        )
    try:
        return _inflate(body, window)
    except zlib.error:
        if encoding == b"deflate":  # many clients send raw deflate under this name
            return _inflate_raw(body)
        raise _broken(encoding) from None


def _inflate(body: bytes, window: int) -> bytes:
    engine = zlib.decompressobj(window)
    plain = engine.decompress(body, LARGEST + 1)
    if len(plain) > LARGEST:
        raise too_large()
    if not engine.eof or engine.unused_data:  # what follows must not be dropped unread
        raise zlib.error("incomplete, or followed by something")
    return plain


def _inflate_raw(body: bytes) -> bytes:
    try:
        return _inflate(body, -15)
    except zlib.error:
        raise _broken(b"deflate") from None


def _broken(encoding: bytes) -> Refused:
    return _header(
        Kind.INVALID,
        "Content-Encoding",
        f"the body is not one whole piece of {encoding.decode()} data",
        "compress it once, and send all of it",
    )


def too_large() -> Refused:
    """Return the refusal of a body over the limit."""
    detail = f"the body is larger than {LARGEST} bytes"
    return Refused(
        Kind.TOO_LARGE, detail, remedy="send less", issues=[Issue("body", "body", detail)]
    )


def check_media_type(media_type: str, accepted: tuple[str, ...]) -> None:
    """Refuse a body of another media type than the operation takes.

    Raises:
        Refused: MEDIA_TYPE.
    """
    if media_type in accepted:  # as nearly every client writes it
        return
    name, _, parameters = media_type.partition(";")
    if name.strip().lower() in accepted:
        charset = parameters.lower().partition("charset=")[2].split(";")[0].strip().strip('"')
        if charset in {"", "utf-8", "utf8", "us-ascii"}:
            return
        raise _header(Kind.MEDIA_TYPE, "Content-Type", "unknown charset", "send UTF-8")
    shown = name.strip() or "none"
    raise _header(
        Kind.MEDIA_TYPE,
        "Content-Type",
        f"media type {shown[:100]} is not taken here",
        f"send Content-Type: {' or '.join(accepted)}",
    )


def _header(kind: Kind, name: str, detail: str, remedy: str) -> Refused:
    issue = Issue("header", name, detail, remedy=remedy)
    return Refused(kind, detail, remedy=remedy, issues=[issue])
