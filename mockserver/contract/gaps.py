"""Answers that the contract cannot express, and answers that no request can cause.

Both lists stand in `spec/gaps.yaml`, each entry with its reason; a test holds them exact.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from mockserver.contract.documents import read_yaml


@dataclass(frozen=True, slots=True)
class Gap:
    """Some statuses of some operations, and why."""

    operations: tuple[str, ...]
    statuses: tuple[int, ...]
    reason: str
    evidence: str

    @property
    def pairs(self) -> set[tuple[str, int]]:
        """Every (operationId, status) of this entry."""
        return {(operation, status) for operation in self.operations for status in self.statuses}


@dataclass(frozen=True, slots=True)
class Gaps:
    """The file as a whole."""

    undeclared: tuple[Gap, ...]
    unreachable: tuple[Gap, ...]

    def undeclared_pairs(self) -> set[tuple[str, int]]:
        """Return the pairs we answer although the contract declares neither them nor default."""
        return {pair for gap in self.undeclared for pair in gap.pairs}

    def unreachable_pairs(self) -> set[tuple[str, int]]:
        """Return the declared pairs that no request can cause."""
        return {pair for gap in self.unreachable for pair in gap.pairs}

    def of(self, operations: Container[str]) -> Gaps:
        """Return what the file says about some operations."""
        return Gaps(_only(self.undeclared, operations), _only(self.unreachable, operations))


def _only(gaps: tuple[Gap, ...], operations: Container[str]) -> tuple[Gap, ...]:
    return tuple(
        replace(gap, operations=tuple(name for name in gap.operations if name in operations))
        for gap in gaps
    )


def read_gaps(spec: Path) -> Gaps:
    """Load `spec/gaps.yaml`."""
    content = read_yaml(spec / "gaps.yaml")
    return Gaps(_read(content["undeclared"]), _read(content["unreachable"]))


def _read(entries: list[dict[str, object]]) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            operations=tuple(entry["operations"]),  # type: ignore[arg-type] # lists, by the file's test
            statuses=tuple(entry["statuses"]),  # type: ignore[arg-type] # as above
            reason=str(entry["reason"]),
            evidence=str(entry["evidence"]),
        )
        for entry in entries
    )
