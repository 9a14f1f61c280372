"""What a judge says: of one exchange, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

from mockserver.pointers import write

#: Where something is wrong: "request" or "response", the part (body, query, path, header,
#: status), then the way into it.
Location = tuple[str | int, ...]

#: Severities, by Prism's names, worst first.
ERROR = "Error"
WARNING = "Warning"
SEVERITIES = (ERROR, WARNING)


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where an exchange breaks the contract. Its message repeats no value."""

    location: Location
    code: str  # the schema's keyword, or mediaType, parse, security, status, operation
    message: str
    severity: str = ERROR
    said: str = ""  # the validator's own words, values included: never written anywhere

    @property
    def side(self) -> str:
        """Who broke it: "request" or "response"."""
        return str(self.location[0])

    @property
    def pointer(self) -> str:
        """The JSON pointer into the body, or into the part that is wrong. Source: RFC 6901."""
        return write(self.location[2:])

    def with_severity(self, severity: str) -> Self:
        """Return the same violation, taken more or less seriously."""
        return replace(self, severity=severity)

    def as_json(self) -> dict[str, Any]:
        """Return it as Prism's `sl-violations` writes one."""
        return {
            "location": list(self.location),
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
        }

    def __str__(self) -> str:
        place = " ".join(str(part) for part in self.location[:2])
        return f"{place} {self.pointer}: {self.message} ({self.code})".replace(" :", ":")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found about one exchange."""

    operation_id: str | None  # None: it belongs to no operation
    status: int
    through_default: bool = False
    violations: tuple[Violation, ...] = ()
    outside: bool = False  # no contract speaks about it

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the contract does not allow it, for the mock's own developers."""
        return tuple(violation.said or violation.message for violation in self.violations)


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
    faults: int = 0  # exchanges that were made to break the contract
    lost: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    #: Every (operationId, status) that was answered, and those of them that `default` covers.
    reached: set[tuple[str, int]] = field(default_factory=set)
    by_default: set[tuple[str, int]] = field(default_factory=set)
