"""One request on its way, and the answer it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope

from mockserver.state.sandbox import Sandbox

Headers = list[tuple[bytes, bytes]]
EXCHANGE = "mockserver"  # key of the Exchange in the ASGI scope
_HEADERS = "mockserver.headers"  # key of the request's headers by name


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers of a request by name, in lower case; of one sent twice the last counts.

    The first layer that asks makes the mapping, which all of them share.
    """
    found: Mapping[bytes, bytes] | None = scope.get(_HEADERS)
    if found is None:
        found = scope[_HEADERS] = dict(scope["headers"])
    return found


@dataclass(slots=True)
class Exchange:
    """A numbered request of one sandbox."""

    sandbox: Sandbox
    number: int
    request_id: str
    moment: int  # microseconds since 1970-01-01 UTC by the sandbox's clock, at arrival
    operation_id: str = ""


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
