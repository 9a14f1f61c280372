"""Request bodies: read whole, decompressed, and parsed without rounding anything silently."""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockserver.rules.errors import ABSENT, MOST_ISSUES, Issue, Kind, Refused

LARGEST = 10 * 1024 * 1024  # bytes, before and after decompression
DEEPEST = 64
_INT64 = range(-(2**63), 2**63)
_LONGEST_INTEGER = 20  # characters of the longest one, its sign included
#: zlib window bits that read each encoding. Source: RFC 9110, section 8.4.1.
_WINDOW: Mapping[bytes, int] = {b"gzip": 31, b"x-gzip": 31, b"deflate": 47}
Receive = Callable[[], Awaitable[Any]]


async def read(receive: Receive) -> bytes | None:
    """Read a body; None when it is larger than allowed, in which case the rest is drained.

    Raises:
        Refused: INVALID when the client went away before the end: half a request is none.
    """
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _not_json("the connection ended before the body did")
        chunk = message.get("body", b"")
        size += len(chunk)
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


@dataclass(frozen=True, slots=True)
class _Offence:
    """Stands in the parsed value where something cannot be taken."""

    detail: str
    remedy: str


def parse(body: bytes) -> Any:
    """Parse JSON strictly.

    Raises:
        Refused: INVALID; the issue names the place and what cannot be taken there.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(f"the body is not UTF-8 at byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise _not_json("the body begins with a byte order mark")  # RFC 8259, section 8.1
    if not text.strip():
        raise empty()
    reader = _Reader()
    value = _load(text, reader)
    if "\\u" in text:
        _check_surrogates(value)
    if reader.offences:
        raise _refuse(value)
    if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
        raise _not_json(f"the body is nested deeper than {DEEPEST} levels")
    return value


def empty() -> Refused:
    """Return the refusal of an empty body."""
    return _not_json("a JSON body is required, this one is empty")


class _Reader:
    """Hooks of the JSON reader that note what they cannot take instead of rounding it."""

    def __init__(self) -> None:
        self.offences: list[_Offence] = []

    def _offend(self, detail: str, remedy: str) -> _Offence:
        offence = _Offence(detail, remedy)
        self.offences.append(offence)
        return offence

    def pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            times = Counter(key for key, _ in items)
            for key in found:
                if times[key] > 1:
                    found[key] = self._offend("duplicate key", "give each key once")
        return found

    def integer(self, digits: str) -> Any:
        # A longer number is out of range, and slow to convert.
        number = int(digits) if len(digits) <= _LONGEST_INTEGER else None
        if number is not None and number in _INT64:
            return number
        return self._offend("integer beyond 64 bits", "send it as a string")

    def real(self, digits: str) -> Any:
        number = float(digits)
        if math.isfinite(number):
            return number
        return self._offend("number too large", "send it as a string")

    def constant(self, name: str) -> _Offence:
        return self._offend(f"{name} is no JSON number", "send a finite number")


def _load(text: str, reader: _Reader) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=reader.pairs,
            parse_int=reader.integer,
            parse_float=reader.real,
            parse_constant=reader.constant,
        )
    except json.JSONDecodeError as error:
        raise _not_json(
            f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise _not_json(f"the body is nested deeper than {DEEPEST} levels") from None


def _not_json(detail: str) -> Refused:
    issue = Issue("body", "body", detail)
    return Refused(Kind.INVALID, detail, remedy="send one JSON value in UTF-8", issues=[issue])


def _refuse(value: Any) -> Refused:
    found = (
        Issue("body", name, offence.detail, ABSENT, offence.remedy)
        for name, offence in _walk(value, "")
        if isinstance(offence, _Offence)
    )
    issues = list(islice(found, MOST_ISSUES))
    return Refused(Kind.INVALID, issues[0].detail, remedy=issues[0].remedy, issues=issues)


def _check_surrogates(value: Any) -> None:
    for name, item in _walk(value, ""):
        texts = (item, *item) if isinstance(item, dict) else (item,)
        if any(isinstance(text, str) and not _is_text(text) for text in texts):
            detail = "half of a surrogate pair"
            safe = name if _is_text(name) else "body"
            raise Refused(
                Kind.INVALID,
                detail,
                remedy="send whole characters",
                issues=[Issue("body", safe, detail)],
            )


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _walk(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every value with its path, without recursion."""
    waiting = [(name, value)]
    while waiting:
        name, value = waiting.pop()
        yield name or "body", value
        if isinstance(value, dict):
            waiting += [(join(name, key), item) for key, item in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(join(name, i), item) for i, item in reversed(list(enumerate(value)))]


def join(name: str, part: str | int) -> str:
    """Extend a path into the body: `a.b` or `a[0]`."""
    if isinstance(part, int):
        return f"{name}[{part}]"
    return f"{name}.{part}" if name else part


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict | list):
            deepest = max(deepest, depth)
            inner = item.values() if isinstance(item, dict) else item
            waiting += [(child, depth + 1) for child in inner]
    return deepest
