"""What was asked, what was answered, and what was wrong with the answer by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from mockserver.conformance.callers import Caller

#: Stands for "no body" where None is a JSON value.
NO_BODY: Any = object()


@dataclass(frozen=True, slots=True)
class Request:
    """One call of an operation, before credentials are added."""

    operation_id: str
    method: str
    path: str  # below the base path: `/projects/my-project/topics`; percent-encoded
    query: tuple[tuple[str, str], ...] = ()
    body: Any = NO_BODY  # JSON
    raw: bytes | None = None  # sent as it is, in place of `body`
    headers: Mapping[str, str] = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)
    is_stray: bool = False  # close to the operation, but none of the contract's

    def content(self) -> bytes | None:
        """Return the body as it is sent; None without one."""
        if self.raw is not None:
            return self.raw
        return None if self.body is NO_BODY else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Answer:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float = 0.0

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case; empty without one."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @cached_property
    def json(self) -> Any:
        """The body as JSON, not to be changed; None when it is none. Source: RFC 8259 §8.1."""
        try:
            return orjson.loads(self.content)  # three times as fast
        except ValueError:
            pass  # it refuses some texts that are JSON: lone surrogates, deep nesting
        try:
            # Of bytes it would guess the encoding, and take UTF-16 for JSON.
            return json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with an answer, whatever was asked before."""

    check: str  # "status", "media-type", "schema", "problem", "request-id", "secret", …
    detail: str
    pointer: str = ""  # into the body of the answer
    contract: str = ""  # JSON pointer into the bundled contract: the text that is broken
    is_suspect: bool = False  # nobody documents it


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer."""

    number: int  # in the run, from 1
    request: Request
    answer: Answer
    flaws: tuple[Flaw, ...] = ()

    @property
    def operation_id(self) -> str:
        """The operation that was called."""
        return self.request.operation_id

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.answer.status

    @property
    def json(self) -> Any:
        """The body of the answer as JSON; None when it is none."""
        return self.answer.json

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.path} -> {self.status}"
