"""A call of the mock and its answer, whichever way they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

import orjson

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as it would be sent."""

    method: str
    path: str  # percent-encoded, with the prefix of the sandbox
    query: str = ""
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        found = next((v for n, v in self.headers if n.lower() == b"content-type"), b"")
        return found.partition(b";")[0].strip().decode("latin-1")

    @property
    def content(self) -> Any:
        """The body: JSON read, text as text, None where there is none."""
        if not self.body:
            return None
        if self.media_type.endswith("json"):
            return orjson.loads(self.body)
        return self.body.decode()


class Door(Protocol):
    """Takes requests to a mock. Threads may share it."""

    def send(self, asked: Asked) -> Answered:
        """Send a request; return when it is answered."""


class CallRefused(Exception):
    """A call that the mock refused; the text says what was wrong, and what would be right."""

    def __init__(self, call: str, answered: Answered) -> None:
        """Say which call it was, e.g. `createTopic`, and how it was answered."""
        self.status = answered.status
        content = answered.content
        #: The problem (RFC 9457), where the answer is one.
        self.problem: dict[str, Any] = content if isinstance(content, dict) else {}
        said = self.problem.get("detail") or content
        remedy = self.problem.get("remedy")
        super().__init__(
            f"{call} -> {self.status} {_phrase(self.status)}: {said}"
            + (f" ({remedy})" if remedy else "")
            + "".join(map(_line, self.problem.get("issues", [])))
        )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _line(issue: dict[str, Any]) -> str:
    remedy = f"; {issue['remedy']}" if issue.get("remedy") else ""
    return f"\n  {issue.get('in')} {issue.get('name')}: {issue.get('detail')}{remedy}"
