"""What a handler is given besides the contract's parameters, and how it is marked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from mockserver.resources.principals import Principal
from mockserver.resources.providers import Catalog
from mockserver.rules.marks import mark, marked
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Takes a Call and the contract's parameters in snake case (and `body`); returns a JSON value,
#: None for an empty answer, or one of Prepared, Declared, Streamed and Deferred.
Handler = Callable[..., Any]


@dataclass(slots=True)
class Call:
    """One call of one operation."""

    work: Work
    principal: Principal
    tenant: Record  # the project or organization in the path; empty where there is none
    catalog: Catalog
    called_at: Callable[[], str]  # tells the origin, for `origin`
    query: bytes = b""  # as it was sent, for what clients send and the contract does not declare
    sent: Mapping[bytes, bytes] = field(default_factory=dict)  # for `headers`

    def origin(self) -> str:
        """Return scheme and authority for absolute URLs, without a slash at the end."""
        self.work.is_lasting = False  # another caller may call the mock by another name
        return self.called_at()

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        """The headers of the request; names in small letters."""
        self.work.is_lasting = False
        return self.sent

    @property
    def project_id(self) -> str:
        """The id of the project in the path."""
        return str(self.tenant["id"])

    @property
    def org_id(self) -> str:
        """The id of the organization in the path."""
        return str(self.tenant["id"])

    @property
    def builder(self) -> Record:
        """The builder who calls; only operations that are theirs may ask."""
        if self.principal.builder is None:
            raise TypeError("this operation is open to callers who are no builders")
        return self.principal.builder


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer that never changes: it is checked and encoded once, by its name."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Declared:
    """An answer of a declared status that is no success and yet keeps what was written.

    The write API has one: a provider that refuses a record leaves an operation that tells so.
    """

    status: int
    value: Any


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that goes on until somebody ends it: its parts are sent as they come."""

    media_type: str  # as the contract declares it
    parts: AsyncGenerator[bytes, None]


@dataclass(frozen=True, slots=True)
class Deferred:
    """An answer that takes a while, and changes the sandbox by itself meanwhile, if at all."""

    act: Callable[[Any], Awaitable[Any]]  # takes the sandbox; returns what a handler would


def operation(operation_id: str) -> Callable[[Handler], Handler]:
    """Mark the decorated function as the handler of an operation."""
    return mark("operation", operation_id)


def collect(modules: Iterable[ModuleType]) -> dict[str, Handler]:
    """Return the marked functions of some modules by operationId.

    Raises:
        ValueError: two functions are marked for one operation.
    """
    return marked("operation", modules)
