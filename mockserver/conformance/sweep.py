"""The sweep: every rule once, broad before deep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockserver.conformance.abreast import for_each, is_slow
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Session, Trial, tried
from mockserver.conformance.rules import Rule

#: Rules that send what servers are known to die of: nothing can be found out after that.
ROUGH = frozenset(
    {"odd-requests-break-nothing", "no-body-breaks-the-server", "odd-paths-name-nothing"}
)

_BATCH = 240  # rules between two times of tidying, where several are tried at once
#: What a rule that was not alone can be believed.
_CERTAIN = frozenset({Verdict.HELD, Verdict.SKIPPED})


class Sweep:
    """Tries every rule, all operations at the same pace.

    When the budget cuts it short, every operation has been looked at as far as any other. Called
    again it goes on where it stopped.
    """

    name = "rules"
    share = 0.9  # where time is short: rules find most for their time

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
            if not is_slow(session.door):
                rule = self._rules[self._next]
                self._next += 1
                yield Trial(tried(rule, session.lab()), rule.run)
            else:
                yield from self._several(session)
            session.tidy()

    def _several(self, session: Session) -> Iterator[Trial]:
        """Try some rules at once, and alone once more whatever did not simply hold.

        Rules keep apart by the names of what they make, so they seldom meet; where two did, it was
        no mistake of the target.
        """
        pairs = [(rule, session.unseen_lab()) for rule in self._calm()]

        def attempt(pair: tuple[Rule, Lab]) -> Finding | None:
            return None if session.deadline.is_over else tried(*pair)

        found = for_each(session.door, attempt, pairs)
        for (rule, lab), finding in zip(pairs, found, strict=True):
            if finding is None:  # time was up, for all that follow, too
                return
            is_certain = finding.verdict in _CERTAIN
            if not is_certain and session.deadline.is_over:
                return
            self._next += 1
            session.taken.append(lab)
            yield Trial(finding if is_certain else tried(rule, session.lab()), rule.run)

    def _calm(self) -> list[Rule]:
        """Return the next rules that may be tried at once; what may break a server only alone."""
        rules = self._rules[self._next : self._next + _BATCH]
        return [rule for rule in rules if rule.name not in ROUGH] or rules[:1]


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
