"""Reads recorded exchanges back, and tells whether any is missing.

A recording is two files: `NAME.jsonl`, one exchange a line, and `NAME.count`, one byte per
request that arrived. Fewer lines than bytes means that an exchange was lost.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What a path begins with that names a sandbox: the rest is the path of the exchange.
_IN_A_SANDBOX = re.compile(r"^/__sandbox/[^/]*")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    method: str
    path: str  # raw: still percent-encoded
    query: str
    request_headers: Headers
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    origin: str = ""  # file and line, for people

    def __str__(self) -> str:
        question = f"?{self.query}" if self.query else ""
        where = f" ({self.origin})" if self.origin else ""
        return f"{self.method} {self.path}{question} -> {self.status}{where}"

    @property
    def request_type(self) -> str:
        """The request's Content-Type; empty without one."""
        return first(self.request_headers, "content-type")

    @property
    def response_type(self) -> str:
        """The answer's Content-Type; empty without one."""
        return first(self.response_headers, "content-type")

    @property
    def plain_request_body(self) -> bytes:
        """The request's body without its content coding, which no contract speaks of.

        Source: RFC 9110, section 8.4. What cannot be decoded is returned as it is.
        """
        if not first(self.request_headers, "content-encoding"):
            return self.request_body
        for window in (47, -15):  # gzip or zlib, else raw deflate
            try:
                return zlib.decompress(self.request_body, window)
            except zlib.error:
                continue
        return self.request_body


@dataclass(frozen=True, slots=True)
class Recording:
    """What one application wrote."""

    name: str
    arrived: int
    exchanges: tuple[Exchange, ...]

    @property
    def lost(self) -> int:
        """How many requests arrived and were never answered, as far as the files tell."""
        return max(0, self.arrived - len(self.exchanges))


def first(headers: Headers, name: str) -> str:
    """Return the first value of a header, whatever the case of its name; empty without one."""
    return next((value for key, value in headers if key.lower() == name), "")


def read_recordings(folder: Path) -> Iterator[Recording]:
    """Yield every recording below `folder`, by name."""
    for count in sorted(folder.glob("*.count")):
        lines = count.with_suffix(".jsonl")
        yield Recording(
            name=count.stem,
            arrived=count.stat().st_size,
            exchanges=tuple(_read_lines(lines)) if lines.exists() else (),
        )


def _read_lines(path: Path) -> Iterator[Exchange]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.endswith(b"\n"):
                return  # cut short: it counts as lost
            yield _exchange(json.loads(line), f"{path.stem}:{number}")


def _exchange(entry: Mapping[str, Any], origin: str) -> Exchange:
    return Exchange(
        method=entry["method"],
        path=_IN_A_SANDBOX.sub("", entry["path"]) or "/",
        query=entry["query"],
        request_headers=_headers(entry["requestHeaders"]),
        request_body=base64.b64decode(entry["requestBody"]),
        status=entry["status"],
        response_headers=_headers(entry["responseHeaders"]),
        response_body=base64.b64decode(entry["responseBody"]),
        origin=origin,
    )


def _headers(pairs: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in pairs)
