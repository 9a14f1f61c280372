"""Undoes content codings, so that what is inside can be judged. The wire keeps them.

Source: RFC 9110, section 8.4.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

#: zlib window bits that read each coding; a raw deflate stream is tried too.
_WINDOWS: Mapping[str, tuple[int, ...]] = {"gzip": (31,), "x-gzip": (31,), "deflate": (47, -15)}
_MOST_CODINGS = 4  # a body is not packed more often than this by anybody honest


class Unreadable(Exception):
    """A body cannot be decoded; the text says why."""


def accepted(accept_encoding: str) -> str:
    """Return what to ask an upstream for: of the codings that a client takes, the readable ones.

    Assumed: a client that takes a coding nobody here can read takes a body without one as well.
    """
    kept = [
        part.strip()
        for part in accept_encoding.split(",")
        if part.partition(";")[0].strip().lower() in {*_WINDOWS, "identity"}
    ]
    return ", ".join(kept) or "identity"


def decoded(body: bytes, codings: Iterable[str], *, most: int) -> bytes:
    """Return a body without its codings.

    Args:
        body: as it went over the wire.
        codings: the values of Content-Encoding, in their order.
        most: how large it may become, in bytes.

    Raises:
        Unreadable: an unknown coding, broken data, or more than `most`.
    """
    names = [name.strip().lower() for value in codings for name in value.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > _MOST_CODINGS:
        raise Unreadable(f"{len(names)} content codings")
    for name in reversed(names if body else []):
        body = _undone(body, name, most)
    return body


def _undone(body: bytes, name: str, most: int) -> bytes:
    if name not in _WINDOWS:
        raise Unreadable(f"content coding {name}")
    for window in _WINDOWS[name]:
        try:
            return _inflated(body, window, most)
        except zlib.error:
            continue
    raise Unreadable(f"broken {name} data")


def _inflated(body: bytes, window: int, most: int) -> bytes:
    """Inflate every member of a body. Source: RFC 1952, section 2.2: gzip members follow on."""
    parts: list[bytes] = []
    left = most
    while body:
        inflater = zlib.decompressobj(window)
        part = inflater.decompress(body, left + 1)
        left -= len(part)
        if left < 0:
            raise Unreadable(f"more than {most} bytes behind its content coding")
        if not inflater.eof:
            raise zlib.error("cut short")
        parts.append(part)
        body = inflater.unused_data
    return b"".join(parts)
