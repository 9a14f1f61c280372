"""What came of judging many exchanges: counts by operation, and violations that are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.verdicts import ERROR, SEVERITIES, Location, Verdict, Violation

#: Kinds of violations that are told apart; further ones are only counted.
_MOST_KINDS = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """Violations that differ only in which item of a list they are in."""

    operation_id: str | None
    severity: str
    location: Location  # list positions are "*"
    code: str

    @property
    def pointer(self) -> str:
        """The JSON pointer into what is wrong, `*` for each item of a list."""
        return Violation(self.location, self.code, "").pointer

    @property
    def place(self) -> str:
        """The place in words, e.g. `response body /*/name`."""
        return " ".join(filter(None, [*map(str, self.location[:2]), self.pointer]))


@dataclass(slots=True)
class Seen:
    """How often violations of a kind were seen, and the first of them."""

    message: str
    example: str  # the exchange, in one line
    count: int = 0


@dataclass(slots=True)
class Row:
    """One operation."""

    exchanges: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)  # by severity


@dataclass(slots=True)
class Tally:
    """The counts."""

    rows: dict[str | None, Row] = field(default_factory=dict)  # None: of no operation
    kinds: dict[Kind, Seen] = field(default_factory=dict)
    judged: int = 0  # exchanges of an operation
    outside: int = 0  # exchanges that the contract does not speak about
    unanswered: int = 0
    unread: int = 0  # a body could not be seen

    def add(self, verdict: Verdict, example: str, *, unread: bool = False) -> None:
        """Count one exchange."""
        if verdict.outside:
            self.outside += 1
            return
        self.judged += verdict.operation_id is not None
        self.unread += unread
        row = self.rows.setdefault(verdict.operation_id, Row())
        row.exchanges += 1
        row.statuses[verdict.status] += 1
        for violation in verdict.violations:
            row.violations[violation.severity] += 1
            self._note(verdict.operation_id, violation, example)

    def _note(self, operation_id: str | None, violation: Violation, example: str) -> None:
        location = tuple("*" if isinstance(part, int) else part for part in violation.location)
        kind = Kind(operation_id, violation.severity, location, violation.code)
        if kind in self.kinds or len(self.kinds) < _MOST_KINDS:
            seen = self.kinds.setdefault(kind, Seen(violation.message, example))
            seen.count += 1

    def count(self, severity: str) -> int:
        """Return how many violations of a severity there were."""
        return sum(row.violations[severity] for row in self.rows.values())

    def fails(self, threshold: str | None) -> bool:
        """Tell whether there was a violation of a severity or a worse one; None: never."""
        if threshold is None:
            return False
        return any(self.count(s) for s in SEVERITIES[: SEVERITIES.index(threshold) + 1])

    def worst_first(self) -> list[tuple[Kind, Seen]]:
        """Return the kinds of violations: errors first, then what was seen most often."""
        return sorted(
            self.kinds.items(),
            key=lambda item: (item[0].severity != ERROR, -item[1].count, str(item[0].operation_id)),
        )

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "judged": self.judged,
            "noOperation": self.rows[None].exchanges if None in self.rows else 0,
            "outside": self.outside,
            "unanswered": self.unanswered,
            "bodiesUnread": self.unread,
            "errors": self.count("Error"),
            "warnings": self.count("Warning"),
            "operations": [
                {
                    "operationId": operation_id,
                    "exchanges": row.exchanges,
                    "statuses": {str(s): n for s, n in sorted(row.statuses.items())},
                    "errors": row.violations["Error"],
                    "warnings": row.violations["Warning"],
                }
                for operation_id, row in self.rows.items()
            ],
            "violations": [
                {
                    "operationId": kind.operation_id,
                    "severity": kind.severity,
                    "location": list(kind.location),
                    "pointer": kind.pointer,
                    "code": kind.code,
                    "message": seen.message,
                    "count": seen.count,
                    "example": seen.example,
                }
                for kind, seen in self.worst_first()
            ],
        }
