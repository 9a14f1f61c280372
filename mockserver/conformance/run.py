"""The run: layers share a budget; what they find is confirmed, shrunk, told once and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from mockserver.conformance.baseline import Baseline
from mockserver.conformance.causes import explains
from mockserver.conformance.confirm import Confirmation, flaw_finding
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Layer, Session, Trial
from mockserver.conformance.pace import Deadline
from mockserver.conformance.reach import Reach

_COUNTING = frozenset({Verdict.VIOLATION, Verdict.SUSPECT})
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
    stopped: str = ""  # why the run ended before its time
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
            waiting = [one for one in waiting if self._goes_on(one, whole, waiting)]
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

    def _goes_on(self, layer: Layer, whole: Deadline, waiting: Sequence[Layer]) -> bool:
        """Let a layer have its turn; tell whether it may have another one."""
        if self._is_settled():
            return True
        return self._turn(layer, whole, waiting) and not whole.is_over

    def _turn(self, layer: Layer, whole: Deadline, waiting: Sequence[Layer]) -> bool:
        """Let a layer try for its share; tell whether it tried something."""
        last = layer is waiting[-1]
        self.session.deadline = whole if last else whole.share(layer.share)
        self._progress.begun(layer.name, sum(layer.plan(self.session).values()))
        count = 0
        for trial in layer.run(self.session):
            count += 1
            self.take(layer.name, trial)
            # When time is up the layer ends by itself: what it has tried until then counts.
            if self._nobody_is_there() or self._is_settled():
                break
        self._look(None, layer.name)
        return count > 0

    def _is_settled(self) -> bool:
        """Tell whether nothing more can be learnt, or needs to be."""
        if self.results.stopped:
            return True
        return self._fail_fast and any(
            one.verdict is Verdict.VIOLATION and not one.accepted
            for one in self.results.findings.values()
        )

    def _nobody_is_there(self) -> bool:
        """Tell whether the target has stopped answering, and keep when."""
        if not self.session.door.turnstile.is_given_up:
            return False
        last = self.session.door.last
        asked = f"{last.request.method} {last.request.path}" if last else "none"
        self.results.stopped = (
            f"the target stopped answering; the last that it answered was {asked}"
        )
        return True

    def take(self, layer: str, trial: Trial) -> Finding:
        """Look at what a trial came to and keep it; return it as it stands after a second run."""
        self._look(trial, layer)
        finding = replace(trial.finding, layer=layer)
        cause = self._cause_of(finding)
        if cause:
            finding = replace(finding, explained_by=cause)
            self.results.explained[cause] += 1
        elif finding.verdict in _COUNTING:
            finding = self._told(finding, trial)
        self.results.reach.count(finding)
        self.results.trials.append((layer, replace(finding, trace=())))
        self._progress.tried(layer, finding)
        return finding

    def _cause_of(self, finding: Finding) -> str:
        """Return the name of the violation that is why a rule did not hold; empty without one."""
        if finding.verdict not in _COUNTING | {Verdict.INCONCLUSIVE}:
            return ""
        for exchange in finding.trace:
            for flaw in exchange.flaws:
                kept = self.results.findings.get(flaw_finding(exchange, flaw, ()).key)
                counts = kept and kept.verdict is Verdict.VIOLATION and not kept.accepted
                if kept and counts and explains(exchange, flaw, finding):
                    return kept.name
        return ""

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

    def _look(self, trial: Trial | None, layer: str) -> None:
        """Look at every answer that came since, and keep its flaws."""
        labs = self.session.taken
        for lab in labs:
            for exchange in tuple(lab.trace):
                if exchange.number not in self._looked:
                    self._looked.add(exchange.number)
                    self.results.reach.see(exchange)
                    self._keep_flaws(exchange, lab, trial, layer)
        del labs[:-_KEPT_LABS]

    def _keep_flaws(self, exchange: Exchange, lab: Lab, trial: Trial | None, layer: str) -> None:
        for flaw in exchange.flaws:
            finding = replace(flaw_finding(exchange, flaw, lab.trace), layer=layer)
            self.results.seen[finding.key] += 1
            if finding.key not in self.results.findings:
                again = trial.again if trial is not None else None
                self._keep(self._confirmation.of_flaw(finding, again))
