"""The layer of generated requests: examples and boundaries of every operation, then random ones.

What comes first finds most for its time. The rules have tried every single mistake before, so of
the boundaries some are taken for each operation; random requests follow, more in every round, for
as long as there is time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from mockserver.conformance.attempts import Make, makes
from mockserver.conformance.calls import Call
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.flaws import pointer_of
from mockserver.conformance.generated.cases import Case, Cases
from mockserver.conformance.generated.judging import Judge
from mockserver.conformance.generated.requests import Draft, draft
from mockserver.conformance.generated.shrinking import shrunk
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Session, Trial, tried
from mockserver.conformance.rules import Broken, Inconclusive, Refused, Rule, Unreached

COVERAGE = "generated-boundaries"
FUZZING = "generated-at-random"
REACH = "generated-requests-reach-it"
_FIRST = 12  # boundaries of each operation before random requests
_SLICE = 40  # of the others at a time
_DRAWN = 3  # good ones and as many bad ones in the first round; doubled in each
_MOST = 48
_ENOUGH = 4  # right requests, after which something must have been reached


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some cases of one operation, to be tried in one lab."""

    operation_id: str
    phase: str
    cases: Iterable[Case]


class Generated:
    """Sends what schemathesis generates. Called again it goes on where it stopped."""

    name = "generated"
    share = 0.6

    def __init__(self) -> None:
        """Wait for a session: the contract is read when the first turn comes."""
        self._left: Iterator[_Slice] | None = None
        self._judge: Judge | None = None
        self._makes: Mapping[str, Make] = {}
        self._statuses: dict[str, list[int]] = {}

    def plan(self, session: Session) -> Mapping[str, int]:
        """Return how many trials each operation has at least: boundaries, and random requests."""
        return dict.fromkeys(session.right, 2)

    def run(self, session: Session) -> Iterator[Trial]:
        """Try slices of every operation in turn until the time is up."""
        if self._left is None:
            self._makes = makes(session.right)
            self._judge = Judge(session.contract)
            self._left = self._slices(session)
        while not session.deadline.is_over:
            one = next(self._left, None)
            if one is None:
                return
            yield self._try(session, self._judge_of(), one)
            yield from self._reach(one, session)
            session.tidy()

    def _judge_of(self) -> Judge:
        if self._judge is None:
            raise RuntimeError("run() makes the judge first")
        return self._judge

    def _slices(self, session: Session) -> Iterator[_Slice]:
        cases = Cases(session.contract)
        order = _most_to_say_first(session, set(cases.operations) & set(session.right))
        rest: dict[str, Sequence[Case]] = {}
        for name in order:
            every = list(cases.covering(name))
            step = max(1, len(every) // _FIRST)
            rest[name] = [case for n, case in enumerate(every) if n % step or n >= step * _FIRST]
            yield _Slice(name, COVERAGE, every[: step * _FIRST : step])
        for turn in count():
            number = min(_DRAWN * 2**turn, _MOST)
            for name in order:
                yield _Slice(name, FUZZING, cases.random(name, number, session.seed + turn))
            for name in order:
                part, rest[name] = rest[name][:_SLICE], rest[name][_SLICE:]
                if part:
                    yield _Slice(name, COVERAGE, part)

    def _try(self, session: Session, judge: Judge, one: _Slice) -> Trial:
        make = self._makes[one.operation_id]
        sender = _Sender(make, judge, self._statuses.setdefault(one.operation_id, []))
        lab, failed = session.lab(), None
        operation = session.contract.operations[one.operation_id]

        def run(lab: Lab) -> None:
            nonlocal failed
            for number, case in enumerate(one.cases):
                if session.deadline.is_over:
                    return
                failed = case, draft(case, number)
                if failed[1] is not None:
                    sender.send(lab, case, failed[1])

        finding = tried(
            Rule(one.operation_id, one.phase, pointer_of(operation, "responses"), run), lab
        )
        is_broken = finding.verdict in {Verdict.VIOLATION, Verdict.SUSPECT}
        if not is_broken or failed is None or failed[1] is None:
            return Trial(finding, None)
        case, said = failed[0], failed[1]
        said = shrunk(said, partial(sender.fails, session, case), session.deadline)
        return Trial(finding, partial(sender.send, case=case, said=said, anew=True))

    def _reach(self, one: _Slice, session: Session) -> Iterator[Trial]:
        """Tell, once, of an operation of which right requests reached nothing."""
        seen = self._statuses.get(one.operation_id, [])
        if len(seen) < _ENOUGH or not set(seen) <= {401, 403, 404}:
            return
        self._statuses[one.operation_id] = [200]  # told
        operation = session.contract.operations[one.operation_id]
        told = "missing_test_data" if 404 in seen else "missing_auth"
        detail = f"{told}: right requests are answered {sorted(set(seen))} only"
        cites = pointer_of(operation, "responses")
        yield Trial(Finding(Verdict.INCONCLUSIVE, one.operation_id, REACH, detail, contract=cites))


@dataclass(frozen=True, slots=True)
class _Sender:
    """Sends the drafts of one operation and judges what comes."""

    make: Make
    judge: Judge
    statuses: list[int]  # of right requests

    def send(self, lab: Lab, case: Case, said: Draft, anew: bool = False) -> None:
        """Send a draft; one that the profile forbids is left out.

        Raises:
            Broken: the answer is wrong.
            Unreached: what it needs cannot be made.
        """
        call = said.filled(self._right(lab, said, anew=anew))
        try:
            exchange = lab.make(call)
        except (Refused, Inconclusive):
            return
        if said.takes_right_parts and not self.judge.is_wrong(call):
            self.statuses.append(exchange.status)
        self.judge.check(case, call, exchange)

    def fails(self, session: Session, case: Case, said: Draft) -> bool:
        """Tell whether a draft is judged wrong, in a lab of its own."""
        try:
            self.send(session.lab(), case, said, anew=True)
        except Broken:
            return True
        except Unreached:
            return False
        return False

    def _right(self, lab: Lab, said: Draft, *, anew: bool) -> Call:
        """Return a right call: a new one where the request may use it up."""
        if anew:
            return self.make(lab)
        call = self.make.standing(lab).call
        method = lab.contract.operations[call.operation_id].method
        if method == "GET" or not (said.is_body_right and said.is_query_right):
            return call
        return self.make(lab)


def _most_to_say_first(session: Session, names: set[str]) -> list[str]:
    """Return the operations: those that take a body, then those with a query, then the others."""
    operations = session.contract.operations

    def weight(name: str) -> int:
        one = operations[name]
        return 0 if one.bodies else 1 if any(p.place == "query" for p in one.parameters) else 2

    return sorted((name for name in operations if name in names), key=weight)
