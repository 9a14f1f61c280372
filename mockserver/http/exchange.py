"""One request on its way, and the answer it gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockserver.state.sandbox import Sandbox

Headers = list[tuple[bytes, bytes]]
EXCHANGE = "mockserver"  # key of the Exchange in the ASGI scope
#: Key among the extensions of the ASGI scope: breaks the connection, given a fault and some noise.
BREAK = "mockserver.break"
#: Type of the message that tells the layers around what was done: `fault`, and `headers` as an
#: answer would have had them. It is sent when the connection is broken already.
BROKEN = "mockserver.broken"


@dataclass(slots=True)
class Exchange:
    """A numbered request of one sandbox."""

    sandbox: Sandbox
    number: int
    request_id: str
    moment: int  # microseconds since 1970-01-01 UTC by the sandbox's clock, at arrival
    operation_id: str = ""
    rule: str | None = None  # id of the sticky rule that answered, delayed or broke it off
    rule_name: str = ""
    fault: str = ""  # of the socket, by WireMock's name
    transport_fault: bool = False  # the answer is not the contract's, on purpose
    preferred: str = ""  # what of the header Prefer was applied


@dataclass(slots=True)
class Answer:
    """A finished answer, ready to be sent."""

    status: int
    media_type: str | None = None  # None: no body
    body: bytes = b""
    headers: Headers = field(default_factory=list)

    def messages(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the two ASGI messages of this answer."""
        headers = [*self.headers]
        if self.media_type is not None:
            headers.append((b"content-type", self.media_type.encode()))
        if self.status != 204:
            headers.append((b"content-length", b"%d" % len(self.body)))
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        return start, {"type": "http.response.body", "body": self.body}
