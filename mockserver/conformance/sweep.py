"""The sweep: every rule once, broad before deep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockserver.conformance.layers import Session, Trial, tried
from mockserver.conformance.rules import Rule

#: Rules that send what servers are known to die of: nothing can be found out after that.
ROUGH = frozenset(
    {"odd-requests-break-nothing", "no-body-breaks-the-server", "odd-paths-name-nothing"}
)


class Sweep:
    """Tries every rule, all operations at the same pace.

    When the budget cuts it short, every operation has been looked at as far as any other. Called
    again it goes on where it stopped.
    """

    name = "rules"
    share = 0.7

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Take the rules; within an operation their order stays."""
        self._rules = broad_first(tuple(rules))
        self._next = 0

    def plan(self, _: Session) -> Mapping[str, int]:
        """Return how many rules each operation has."""
        return Counter(rule.operation_id for rule in self._rules)

    def run(self, session: Session) -> Iterator[Trial]:
        """Try the rules that are left until the time is up."""
        while self._next < len(self._rules) and not session.deadline.is_over:
            rule = self._rules[self._next]
            self._next += 1
            yield Trial(tried(rule, session.lab()), rule.run)
            session.tidy()


def broad_first(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules so that every operation is through with the same part of its own.

    Each operation has its first rule before any has its second; what may break a server comes
    last.
    """
    total = Counter(rule.operation_id for rule in rules)
    turns: Counter[str] = Counter()
    placed = []
    for rule in rules:
        share = turns[rule.operation_id] / total[rule.operation_id]
        placed.append((rule.name in ROUGH, share, rule))
        turns[rule.operation_id] += 1
    return [rule for _, _, rule in sorted(placed, key=lambda one: one[:2])]
