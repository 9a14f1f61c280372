"""One request on its way, and the answer it gets."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import orjson

from mockserver.journal.exchange import Exchange

__all__ = ["EXCHANGE", "Answer", "Exchange", "Headers", "written"]

Headers = list[tuple[bytes, bytes]]
EXCHANGE = "mockserver"  # key of the Exchange in the ASGI scope
#: Key among the extensions of the ASGI scope: breaks the connection, given a fault and some noise.
BREAK = "mockserver.break"
#: Type of the message that tells the layers around what was done: `fault`, and `headers` as an
#: answer would have had them. It is sent when the connection is broken already.
BROKEN = "mockserver.broken"


def written(value: Any) -> bytes:
    """Return JSON in as many bytes as it has: orjson hands out its buffer, 4 KB at the least."""
    return bytes(memoryview(orjson.dumps(value)))


@dataclass(slots=True)
class Answer:
    """A finished answer, ready to be sent."""

    status: int
    media_type: str | None = None  # None: no body
    body: bytes = b""
    headers: Headers = field(default_factory=list)
    stream: AsyncGenerator[bytes, None] | None = (
        None  # what is sent in place of `body`, as it comes
    )
    #: Whether the same call is answered the same until the state changes.
    is_lasting: bool = False
    _sent: Headers = field(default_factory=list, init=False, repr=False, compare=False)

    def messages(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the two ASGI messages of this answer, of a stream the first and the last.

        Whoever takes them may not change the answer any more: one that lasts is sent often.
        """
        if not self._sent:
            self._sent = self._all_headers()
        start = {"type": "http.response.start", "status": self.status, "headers": self._sent}
        return start, {"type": "http.response.body", "body": self.body}

    def _all_headers(self) -> Headers:
        headers = [*self.headers]
        if self.media_type is not None:
            headers.append((b"content-type", self.media_type.encode()))
        if self.status != 204 and self.stream is None:
            headers.append((b"content-length", b"%d" % len(self.body)))
        return headers
