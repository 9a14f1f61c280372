"""The run: layers share a budget; what they find is confirmed, shrunk, told once and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from mockserver.conformance.baseline import Baseline
from mockserver.conformance.confirm import Confirmation, flaw_finding
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Layer, Session, Trial
from mockserver.conformance.pace import Deadline
from mockserver.conformance.reach import Reach

_COUNTING = frozenset({Verdict.VIOLATION, Verdict.SUSPECT})
#: Flaws that nothing else can follow from: no rule looks at what they are about.
_HARMLESS = frozenset({"answer-request-id", "answer-problem-status", "answer-secret"})
_KEPT_LABS = 8  # labs that a layer may still be working in when the next trial comes
_WORTH = 0.5  # seconds: with less left no layer is asked again


class Progress(Protocol):
    """Is told how a run goes on."""

    def begun(self, layer: str, planned: int) -> None:
        """Take that a layer's turn has come."""

    def tried(self, layer: str, finding: Finding) -> None:
        """Take what a trial came to."""

    def found(self, finding: Finding) -> None:
        """Take a finding that was confirmed."""


@dataclass
class Results:
    """What a run came to."""

    findings: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    trials: list[tuple[str, Finding]] = field(default_factory=list)  # (layer, without its trace)
    seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # how often, by key
    explained: Counter[str] = field(default_factory=Counter)  # name of the cause → how many
    reach: Reach = field(default_factory=Reach)
    planned: int = 0
    unfinished: list[str] = field(default_factory=list)  # layers that the budget cut short


class Run:
    """One run of some layers against one target."""

    def __init__(
        self,
        session: Session,
        layers: Sequence[Layer],
        progress: Progress,
        baseline: Baseline | None = None,
        *,
        fail_fast: bool = False,
    ) -> None:
        """Take the layers in the order of their turns; `fail_fast` ends at the first violation."""
        self.results = Results()
        self.session = session
        self._layers = layers
        self._progress = progress
        self._baseline = baseline or Baseline()
        self._fail_fast = fail_fast
        self._confirmation = Confirmation(session)
        self._looked: set[int] = set()  # numbers of exchanges

    def run(self) -> Results:
        """Let the layers try until the time is up or they have nothing more to try."""
        whole = self.session.deadline
        self._look(None, "preparation")
        for layer in self._layers:
            self.results.planned += sum(layer.plan(self.session).values())
        waiting = list(self._layers)
        first = True
        while waiting and whole.left > (0 if first else _WORTH) and not self._is_settled():
            waiting = [
                one
                for one in waiting
                if not self._is_settled() and self._turn(one, whole, waiting) and not whole.is_over
            ]
            first = False
        self.session.deadline = whole
        for exchange in self.session.door.unsteady:
            self._keep(
                replace(
                    flaw_finding(exchange, exchange.flaws[0], [exchange]),
                    verdict=Verdict.INCONCLUSIVE,
                )
            )
        self.results.unfinished = [layer.name for layer in waiting]
        return self.results

    def _turn(self, layer: Layer, whole: Deadline, waiting: Sequence[Layer]) -> bool:
        """Let a layer try for its share; tell whether it tried something."""
        last = layer is waiting[-1]
        self.session.deadline = whole if last else whole.share(layer.share)
        self._progress.begun(layer.name, sum(layer.plan(self.session).values()))
        count = 0
        for trial in layer.run(self.session):
            count += 1
            self.take(layer.name, trial)
            if self.session.deadline.is_over or self._is_settled():
                break
        self._look(None, layer.name)
        return count > 0

    def _is_settled(self) -> bool:
        """Tell whether nothing that may still come can change the exit code."""
        return self._fail_fast and any(
            one.verdict is Verdict.VIOLATION and not one.accepted
            for one in self.results.findings.values()
        )

    def take(self, layer: str, trial: Trial) -> Finding:
        """Look at what a trial came to and keep it; return it as it stands after a second run."""
        flaws = self._look(trial, layer)
        finding = replace(trial.finding, layer=layer)
        cause = next((one.name for one in flaws if self._explains(one, finding)), "")
        if finding.verdict in _COUNTING | {Verdict.INCONCLUSIVE} and cause:
            finding = replace(finding, explained_by=cause)
            self.results.explained[cause] += 1
        elif finding.verdict in _COUNTING:
            finding = self._told(finding, trial)
        self.results.reach.count(finding)
        self.results.trials.append((layer, replace(finding, trace=())))
        self._progress.tried(layer, finding)
        return finding

    def _explains(self, flaw: Finding, finding: Finding) -> bool:
        """Tell whether a finding may only follow from a flawed answer: one of the same noun."""
        operations = self.session.contract.operations
        same = operations[flaw.operation_id].tag == operations[finding.operation_id].tag
        return same and flaw.verdict is Verdict.VIOLATION and flaw.rule not in _HARMLESS

    def _told(self, finding: Finding, trial: Trial) -> Finding:
        """Confirm and keep a finding; return it as it stands then."""
        key = finding.key
        self.results.seen[key] += 1
        if key not in self.results.findings:
            self._keep(self._confirmation.of_rule(finding, trial.again))
        return self.results.findings[key]

    def _keep(self, finding: Finding) -> None:
        finding = replace(finding, accepted=self._baseline.accepts(finding))
        self.results.findings[finding.key] = finding
        self._progress.found(finding)

    def _look(self, trial: Trial | None, layer: str) -> list[Finding]:
        """Look at every answer that came since; return the flaws in the labs' traces that count."""
        labs, found = self.session.taken, []
        for lab in labs:
            found += self._flaws_in(lab, trial, layer)
        del labs[:-_KEPT_LABS]
        return found

    def _flaws_in(self, lab: Lab, trial: Trial | None, layer: str) -> list[Finding]:
        found = []
        for exchange in tuple(lab.trace):
            is_new = exchange.number not in self._looked
            self._looked.add(exchange.number)
            if is_new:
                self.results.reach.see(exchange)
            for flaw in exchange.flaws:
                finding = flaw_finding(exchange, flaw, lab.trace)
                kept = self.results.findings.get(finding.key)
                if is_new:
                    self.results.seen[finding.key] += 1
                if kept is None:
                    again = trial.again if trial is not None else None
                    kept = self._confirmation.of_flaw(replace(finding, layer=layer), again)
                    self._keep(kept)
                    kept = self.results.findings[finding.key]
                if not kept.accepted:
                    found.append(kept)
        return found
