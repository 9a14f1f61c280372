"""What goes over the wire in one attempt, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Headers = Sequence[tuple[str, str]]
#: Headers whose value is a credential: the inbox shows that they were there. Signatures are none.
_SECRET = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "x-amz-security-token",
    }
)

_CREDENTIALS = re.compile(r"^(https?://)[^/?#]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """A POST that is ready to be sent."""

    url: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What an attempt led to: an answer, or the reason why there is none."""

    status: int | None = None
    headers: Headers = ()
    body: bytes = b""
    truncated: bool = False  # the body was longer than what was read of it
    error: str = ""
    duration: float = 0.0  # seconds, of the machine

    @property
    def succeeded(self) -> bool:
        """Tell whether the message was taken. Source: Svix, "Retry Schedule" (2xx)."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Tell whether the endpoint says that it will never come back."""
        return self.status == HTTPStatus.GONE

    @property
    def aborts(self) -> bool:
        """Tell whether the endpoint wants no further attempt. Source: Svix, "Retry Schedule"."""
        return any(
            name.lower() == "webhook-delivery" and value.strip() == "abort-message"
            for name, value in self.headers
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a message."""

    trigger: str  # "schedule", "redeliver" or "duplicate"
    moment: str  # RFC 3339, by the sandbox's clock
    request: Request
    reply: Reply

    @property
    def size(self) -> int:
        """How many bytes are kept of it, roughly; the body is kept once per delivery."""
        headers = (*self.request.headers, *self.reply.headers)
        texts = sum(len(name) + len(value) for name, value in headers)
        return texts + len(self.request.url) + len(self.reply.body) + len(self.reply.error)

    def shown(self, number: int) -> dict[str, Any]:
        """Return the attempt as the control plane shows it."""
        reply = self.reply
        answer = {
            "status": reply.status,
            "headers": _shown(reply.headers),
            "body": reply.body.decode("utf-8", "replace"),
            "truncated": reply.truncated,
        }
        return {
            "number": number,
            "trigger": self.trigger,
            "time": self.moment,
            "request": {
                "method": "POST",
                "url": _CREDENTIALS.sub(r"\1***@", self.request.url),
                "headers": _shown(self.request.headers),
            },
            **({"response": answer} if reply.status is not None else {}),
            **({"error": reply.error} if reply.error else {}),
            "succeeded": reply.succeeded,
            "durationMs": round(reply.duration * 1000, 3),
        }


def _shown(headers: Headers) -> list[dict[str, str]]:
    return [
        {"name": name, "value": _redacted(value) if name.lower() in _SECRET else value}
        for name, value in headers
    ]


def _redacted(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} ***" if space else "***"
