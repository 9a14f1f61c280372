"""Reads HTTP archives, whoever wrote them: browsers, Playwright, schemathesis, this proxy.

Archives differ in what they leave out. What is not there is said to be unread, never taken for
empty. Source: HAR 1.2, and what the exporters of Chrome, Firefox and schemathesis write.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from mockserver.contract.recordings import Exchange, Headers, first
from mockserver.contract.redaction import REDACTED, is_redacted
from mockserver.proxy.codings import Unreadable, decoded

_MOST = 64 * 1024 * 1024  # bytes of a body behind its content coding
_GZIP = b"\x1f\x8b"
_USER = re.compile(r"(?<=://)[^/?#@]*@")
_UNKNOWN_TYPES = frozenset({"", "x-unknown", "application/octet-stream-unknown"})
_BODILESS = frozenset({204, 304})


class NoArchive(Exception):
    """A file is no HTTP archive; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an archive, as far as it can be judged."""

    number: int  # from 1
    origin: str  # scheme, host and port; empty where the address cannot be read
    exchange: Exchange | None
    skipped: str = ""  # why there is no exchange
    unread: frozenset[str] = frozenset()  # sides whose body is not there


@dataclass(frozen=True, slots=True)
class Archive:
    """What a file holds."""

    creator: str
    entries: tuple[Entry, ...]

    @property
    def hides_credentials(self) -> bool:
        """Whether the browser took the Authorization headers out of its export.

        Source: Chrome 130 and later do so unless told otherwise; they keep X-Api-Key.
        """
        if self.creator != "WebInspector":
            return False
        names = {
            name.lower()
            for entry in self.entries
            if entry.exchange is not None
            for name, _ in entry.exchange.request_headers
        }
        return not names & {"authorization", "cookie"}


def read_archive(path: Path) -> Archive:
    """Read a file.

    Raises:
        NoArchive: it cannot be read, is no JSON, or no archive.
    """
    try:
        content = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise NoArchive(error.strerror or "cannot be read") from None
    except ValueError as error:
        raise NoArchive(f"no JSON: {error}") from None
    except RecursionError:
        raise NoArchive("nested too deeply") from None
    log = content.get("log") if isinstance(content, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise NoArchive("no HTTP archive: it has no log.entries")
    creator = _text(_part(log, "creator").get("name"))
    read = (_entry(number, one, creator) for number, one in enumerate(entries, 1))
    return Archive(creator, tuple(read))


def _entry(number: int, raw: Any, creator: str) -> Entry:
    entry = raw if isinstance(raw, dict) else {}
    request, response = _part(entry, "request"), _part(entry, "response")
    try:
        parts = urlsplit(_USER.sub("", _text(request.get("url"))))
        origin = _origin(parts)
    except ValueError:
        return Entry(number, "", None, "an address that cannot be read")
    why = _why_not(entry, request, response)
    if why or not origin:
        return Entry(number, origin, None, why or "an address that cannot be read")
    exchange, unread = _exchange(entry, parts.path, parts.query, creator)
    return Entry(number, origin, exchange, unread=unread)


def _origin(parts: SplitResult) -> str:
    """Return scheme, host and port in one way; empty without a host."""
    if not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = parts.port in {None, {"http": 80, "https": 443}.get(parts.scheme)}
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


def _why_not(
    entry: Mapping[str, Any], request: Mapping[str, Any], response: Mapping[str, Any]
) -> str:
    status = response.get("status")
    if not isinstance(request.get("method"), str) or not isinstance(status, int):
        return "without method or status"
    if status <= 0 or response.get("_error"):
        return "never answered"
    if entry.get("_fromCache") or response.get("_fromCache"):
        return "answered from the browser's cache"
    return ""


def _exchange(
    entry: Mapping[str, Any], path: str, query: str, creator: str
) -> tuple[Exchange, frozenset[str]]:
    request, response = _part(entry, "request"), _part(entry, "response")
    content, sent = _part(response, "content"), _part(request, "postData")
    asked, answered = _headers(request), _headers(response)
    both_packed = "harfile" in creator and content.get("encoding") == "base64"
    body = _answer_body(response, content, answered)
    asked_body = _request_body(request, sent, asked, both_packed=both_packed)
    unread = {"response"} if body is None else set()
    unread |= {"request"} if asked_body is None else set()
    unread |= {side for side in ("request", "response") if side in _text(entry.get("_unread"))}
    exchange = Exchange(
        method=request["method"].upper(),
        path=path or "/",
        query=query,
        request_headers=_with_type(asked, _text(sent.get("mimeType"))),
        request_body=asked_body or b"",
        status=response["status"],
        response_headers=_with_type(answered, _text(content.get("mimeType"))),
        response_body=body or b"",
    )
    return exchange, frozenset(unread)


def _answer_body(
    response: Mapping[str, Any], content: Mapping[str, Any], headers: Headers
) -> bytes | None:
    """Return the body of an answer; None when the archive does not have the whole of it."""
    text = content.get("text")
    if not isinstance(text, str):
        sizes = [content.get("size"), response.get("bodySize"), first(headers, "content-length")]
        has_none = response.get("status") in _BODILESS or not any(map(_is_some, sizes))
        return b"" if has_none else None
    if "truncated" in _text(content.get("comment")).lower():
        return None
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    return _unpacked(text, headers)


def _request_body(
    request: Mapping[str, Any], sent: Mapping[str, Any], headers: Headers, *, both_packed: bool
) -> bytes | None:
    text, params = sent.get("text"), sent.get("params")
    if isinstance(text, str) and (text or not params):
        if both_packed or sent.get("encoding") == "base64" or sent.get("_encoding") == "base64":
            return _unpacked(text, headers)
        if text and first(headers, "content-encoding") not in {"", "identity"}:
            return None  # bytes that were no text, written as one
        return text.encode("utf-8", "surrogatepass")
    if isinstance(params, list) and params:
        pairs = [
            (_text(p.get("name")), _text(p.get("value"))) for p in params if isinstance(p, dict)
        ]
        return urlencode(pairs).encode()
    sizes = [request.get("bodySize"), first(headers, "content-length")]
    return None if any(map(_is_some, sizes)) else b""


def _unpacked(text: str, headers: Headers) -> bytes | None:
    """Undo base64, and the content coding where an archive kept it too."""
    try:
        body = base64.b64decode(text, validate=True)
        coding = first(headers, "content-encoding")
        return decoded(body, [coding], most=_MOST) if body.startswith(_GZIP) and coding else body
    except (binascii.Error, ValueError, Unreadable):
        return None


def _headers(message: Mapping[str, Any]) -> Headers:
    """Return headers as the judge wants them: no pseudo headers, a scheme before a redaction.

    Source: RFC 9113, section 8.3: names that begin with a colon are no headers.
    """
    pairs = message.get("headers")
    found = []
    for pair in pairs if isinstance(pairs, list) else ():
        name = _text(pair.get("name")) if isinstance(pair, dict) else ""
        if name and not name.startswith(":"):
            value = _text(pair.get("value"))
            if name.lower() == "authorization" and is_redacted(value):
                value = f"Bearer {REDACTED}"
            found.append((name, value))
    return tuple(found)


def _with_type(headers: Headers, media_type: str) -> Headers:
    """Add the media type that only the body tells, and forget the coding that was undone."""
    kept = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
    if first(kept, "content-type") or media_type.lower() in _UNKNOWN_TYPES:
        return kept
    return (*kept, ("content-type", media_type))


def _is_some(size: object) -> bool:
    text = str(size)
    return text.isascii() and text.isdigit() and int(text) > 0


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
