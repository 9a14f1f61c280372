"""What a judge says: of one exchange, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found about one exchange."""

    operation_id: str | None  # None: it belongs to no operation
    status: int
    through_default: bool = False
    reasons: tuple[str, ...] = ()  # why the contract does not allow it
    outside: bool = False  # no contract speaks about it


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An exchange that the mock let through and this judge does not."""

    operation_id: str | None
    reason: str
    exchange: str

    def __str__(self) -> str:
        return f"{self.operation_id or 'no operation'}: {self.reason}\n    {self.exchange}"


@dataclass(slots=True)
class Report:
    """What came of judging some recordings."""

    exchanges: int = 0
    unique: int = 0  # answers of operations that were not like an earlier one
    outside: int = 0
    lost: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    #: Every (operationId, status) that was answered, and those of them that `default` covers.
    reached: set[tuple[str, int]] = field(default_factory=set)
    by_default: set[tuple[str, int]] = field(default_factory=set)
