"""The layer of sequences: rounds of the state machine, as long as there is time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky, HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.layers import Session, Trial
from mockserver.conformance.rules import Broken, Strength
from mockserver.conformance.sequences.machine import Break, Round, machine, replay
from mockserver.conformance.sequences.shortening import shortened
from mockserver.conformance.texts import said

_RULE = "sequences"
_EXAMPLES = 8  # of a round: short rounds, so that time is looked at often
_STEPS = 20


class Sequences:
    """Plays sequences until the time is up, or as many rounds as it is told to."""

    name = "sequences"
    share = 0.5

    def __init__(self, rounds: int | None = None) -> None:
        """Take the number of rounds; None: until the time is up."""
        self._rounds = rounds
        self._played = 0
        self._known: set[tuple[str, str]] = set()
        self._barred: set[str] = set()
        self._held: Counter[str] = Counter()

    def plan(self, _: Session) -> Mapping[str, int]:
        """Return nothing: what will be drawn is not known before."""
        return {}

    def run(self, session: Session) -> Iterator[Trial]:
        """Play rounds; yield each break once, and each operation that was played when it held."""
        while not session.deadline.is_over and self._played != self._rounds:
            self._played += 1
            shared = self._round(session)
            if shared.found is not None:
                self._known.add(shared.found.key)
                found = shortened(shared.found, session.lab, lambda: session.deadline.is_over)
                yield _broken(session, found)
            elif shared.unreachable is not None:
                detail = str(shared.unreachable)
                yield Trial(Finding(Verdict.INCONCLUSIVE, "listProjects", _RULE, detail))
                return
            yield from self._new(session, shared)

    def _round(self, session: Session) -> Round:
        """Play one round; a promise that was broken is in what it returns."""
        shared = Round(
            session.lab, lambda: session.deadline.is_over, set(self._known), self._barred
        )
        drawn = seed(session.seed * 1_000_003 + self._played)(machine(shared))
        try:
            run_state_machine_as_test(drawn, settings=_settings())  # type: ignore[no-untyped-call, unused-ignore] # Hypothesis types it loosely
        except (Broken, Flaky, HypothesisException, ExceptionGroup):
            # What broke is in the round; what only sometimes breaks is told by the run, which
            # tries each break again from scratch.
            return shared
        shared.found = None if shared.found and shared.found.key in self._known else shared.found
        return shared

    def _new(self, session: Session, shared: Round) -> Iterator[Trial]:
        for exchange in shared.played:
            name = exchange.operation_id
            if name in session.contract.operations and exchange.answer.is_success:
                self._held[name] += 1
                if self._held[name] == 1:
                    text = said(session.contract, name)
                    yield Trial(Finding(Verdict.HELD, name, _RULE, contract=text))


def _settings() -> settings:
    return settings(
        max_examples=_EXAMPLES,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        derandomize=False,  # drawn from the run's seed instead
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )


def _broken(session: Session, found: Break) -> Trial:
    strength = found.broken.strength or Strength.PROMISED
    promised = strength is Strength.PROMISED
    finding = Finding(
        Verdict.VIOLATION if promised else Verdict.SUSPECT,
        found.operation_id,
        found.rule,
        found.broken.detail,
        found.broken.pointer,
        said(session.contract, found.operation_id),
        found.trace,
    )
    return Trial(finding, partial(replay, found.steps))
