"""How much of the target a run has seen: without reach, no failures mean nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.findings import Finding, Verdict

#: From the most serious to the least.
_RANK = (
    Verdict.VIOLATION,
    Verdict.SUSPECT,
    Verdict.INCONCLUSIVE,
    Verdict.HELD,
    Verdict.NOT_REACHED,
    Verdict.SKIPPED,
)
#: A rule that came to one of these was really tried.
TRIED = frozenset({Verdict.HELD, Verdict.VIOLATION, Verdict.SUSPECT})


@dataclass
class Reach:
    """Counts answers by operation, and results by verdict."""

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    #: (operation, rule) → what it came to the last time.
    rules: dict[tuple[str, str], Verdict] = field(default_factory=dict)

    def see(self, exchange: Exchange) -> None:
        """Count an answer."""
        self.statuses[exchange.operation_id][exchange.status] += 1

    def count(self, finding: Finding) -> None:
        """Count what a trial came to."""
        self.verdicts[finding.verdict] += 1
        self.rules[finding.operation_id, finding.rule] = finding.verdict

    def granted(self) -> set[str]:
        """Return the operations that answered 2xx at least once."""
        return {
            operation
            for operation, statuses in self.statuses.items()
            if any(200 <= status < 300 for status in statuses)
        }

    @property
    def tried(self) -> int:
        """How many rules said something about the target."""
        return sum(verdict in TRIED for verdict in self.rules.values())

    @property
    def skipped(self) -> int:
        """How many rules the profile does not allow."""
        return sum(verdict is Verdict.SKIPPED for verdict in self.rules.values())

    def shortfalls(
        self, wanted: Mapping[str, float], operations: Collection[str], planned: int
    ) -> list[str]:
        """Return what was not reached enough, as sentences; empty when the run counts.

        Args:
            wanted: parts, from 0 to 1, of the operations and of the rules.
            operations: those that the profile allows and a credential is there for.
            planned: how many rules there would have been with enough time.
        """
        granted = self.granted() & set(operations)
        possible = max(planned, len(self.rules)) - self.skipped
        parts = {
            "operations": (len(granted), len(operations), "operations were ever granted"),
            "rules": (self.tried, possible, "rules could be tried"),
        }
        return [
            f"only {got} of {whole} {what}; a run counts from {wanted[name]:.0%}"
            for name, (got, whole, what) in parts.items()
            if got < wanted[name] * whole or not got
        ]


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the most serious of some verdicts; None of none."""
    return min(verdicts, key=_RANK.index, default=None)
