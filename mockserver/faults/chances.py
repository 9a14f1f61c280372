"""Faults by chance: for an operation or for all, how likely, how often at most.

The shape is that of LocalStack's chaos API, with an operationId instead of service and region.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.faults.replies import Reply, compile_status
from mockserver.faults.rules import SOCKET_FAULTS, compile_share
from mockserver.pointers import escape
from mockserver.simulation.delays import Delay, compile_delay
from mockserver.simulation.matchers import PatternError, text, unknown

_KEYS = (
    "operationId",
    "probability",
    "status",
    "fault",
    "fixedDelayMilliseconds",
    "delayDistribution",
    "budget",
)
#: What is told of an entry and not taken: who puts back what was got may leave it in.
_TOLD = ("id", "tries", "hits")
_MOST = 1_000_000


@dataclass(slots=True)
class Chance:
    """One entry, and what became of it so far."""

    id: str
    document: Mapping[str, Any]  # as it was sent
    operation_id: str | None  # None: every operation
    probability: float
    reply: Reply | None  # None: the connection breaks, or it only takes longer
    fault: str | None
    delay: Delay | None
    budget: int | None  # how often it strikes at most; None: always
    tries: int = field(default=0)
    hits: int = field(default=0)

    @property
    def is_spent(self) -> bool:
        """Whether it strikes no more."""
        return self.budget is not None and self.hits >= self.budget

    def shown(self) -> dict[str, Any]:
        """Return the entry with what became of it."""
        return {**self.document, "id": self.id, "tries": self.tries, "hits": self.hits}


def compile_chance(document: Any, identifier: str, pointer: str) -> Chance:
    """Compile an entry.

    Raises:
        PatternError: something in it is not supported or not acceptable, and where.
    """
    if not isinstance(document, Mapping):
        raise PatternError(pointer, "has the wrong type", "use an object")
    for name in document:
        if name not in _KEYS and name not in _TOLD:
            raise unknown(f"{pointer}/{escape(name)}", _KEYS)
    document = {name: value for name, value in document.items() if name not in _TOLD}
    operation_id = document.get("operationId")
    fault = document.get("fault")
    if fault is not None and fault not in SOCKET_FAULTS:
        raise PatternError(f"{pointer}/fault", "is no fault", f"use {', '.join(SOCKET_FAULTS)}")
    status = document.get("status")
    if fault is not None and status is not None:
        raise PatternError(f"{pointer}/fault", "is given besides status", "give one of them")
    delay = compile_delay(document, pointer, "fixedDelayMilliseconds")
    if fault is None and status is None and delay is None:
        raise PatternError(f"{pointer}/status", "is required", "give a status, a fault or a delay")
    reply = None
    if status is not None:
        reply = Reply(status=_error(status, f"{pointer}/status"), detail="a fault by chance")
    return Chance(
        id=identifier,
        document=document,
        operation_id=None if operation_id is None else text(operation_id, f"{pointer}/operationId"),
        probability=compile_share(document, "probability", pointer),
        reply=reply,
        fault=fault,
        delay=delay,
        budget=_budget(document.get("budget"), f"{pointer}/budget"),
    )


def _error(status: Any, pointer: str) -> int:
    if compile_status(status, pointer) < 400:
        raise PatternError(pointer, "is no error", "use 400 to 599, or a mapping")
    return int(status)


def _budget(value: Any, pointer: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
        raise PatternError(pointer, "is no count", f"use 1 to {_MOST}")
    return value
