"""Whether two records say the same: only what the contract knows, times as instants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.conformance.exchange import Exchange
from mockserver.contract.contract import Contract
from mockserver.contract.known import known_at
from mockserver.pointers import escape

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Instant:
    """A point in time, and how finely it was written."""

    at: datetime
    unit: timedelta  # of the last digit, at least a microsecond

    def same(self, other: Instant) -> bool:
        """Tell whether both may name one moment: the coarser of them decides."""
        if self.unit == other.unit:
            return self.at == other.at
        return abs(self.at - other.at) < max(self.unit, other.unit)

    def before(self, other: Instant) -> bool:
        """Tell whether this is earlier, as far as both are fine enough to say."""
        return other.at - self.at >= max(self.unit, other.unit)


def instant(value: Any) -> Instant | None:
    """Read an RFC 3339 time; None when it is none."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, time, fraction, offset = match.groups()
    digits = (fraction or "")[:6]
    try:
        read = datetime.fromisoformat(f"{day}T{time}{offset.upper().replace('Z', '+00:00')}")
    except ValueError:
        return None
    return Instant(
        read + timedelta(microseconds=int(digits.ljust(6, "0"))),
        timedelta(microseconds=10 ** (6 - len(digits))),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two values differ."""

    pointer: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        where = self.pointer or "the whole"
        return f"{where}: expected {shown(self.expected)}, got {shown(self.got)}"


def shown(value: Any) -> str:
    """Return a value for people, cut short."""
    text = "nothing" if value is _MISSING else repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


def differences(expected: Any, got: Any, pointer: str = "") -> Iterator[Difference]:
    """Yield where two JSON values differ. Times are the same when they name one instant."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for name in {**expected, **got}:
            below = f"{pointer}/{escape(str(name))}"
            yield from differences(expected.get(name, _MISSING), got.get(name, _MISSING), below)
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for number, (left, right) in enumerate(zip(expected, got, strict=True)):
            yield from differences(left, right, f"{pointer}/{number}")
    elif not _same(expected, got):
        yield Difference(pointer, expected, got)


def _same(expected: Any, got: Any) -> bool:
    left, right = instant(expected), instant(got)
    if left is not None and right is not None:
        return left.same(right)
    # Python takes True for 1.
    return type(expected) is type(got) and bool(expected == got)


def body_of(contract: Contract, exchange: Exchange) -> Any:
    """Return the body of an answer without what the contract does not know."""
    operation = contract.operations[exchange.operation_id]
    answer = operation.answer_for(exchange.status)
    content = answer.content if answer else None
    if content is None or content.schema_pointer is None:
        return exchange.json
    return known_at(contract.document, content.schema_pointer, exchange.json)


def entry_of(contract: Contract, operation_id: str, entry: Any) -> Any:
    """Return an entry of a list without what the contract does not know."""
    content = contract.operations[operation_id].success.content
    if content is None or content.schema_pointer is None:
        return entry
    return known_at(contract.document, f"{content.schema_pointer}/items", entry)
