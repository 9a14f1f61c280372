"""A call of an operation that a right implementation grants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mockserver.conformance.exchange import NO_BODY

if TYPE_CHECKING:
    from mockserver.conformance.lab import Lab


@dataclass(frozen=True, slots=True)
class Call:
    """Parameters and body of one call; the project in the path is filled in by the lab."""

    operation_id: str
    path: Mapping[str, str] = field(default_factory=dict)  # values as they are, not yet encoded
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = NO_BODY
    caller: str | None = None  # name of a credential; None: the one that the operation is for


#: operationId -> makes what such a call needs, and returns it. One for every operation: the
#: authentication matrix, the wrong bodies and the generated requests all start from these.
RightCalls = Mapping[str, Callable[["Lab"], Call]]
