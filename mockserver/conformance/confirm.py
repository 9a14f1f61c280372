"""Tries a finding again from scratch, and looks for the shortest trace that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from mockserver.conformance.exchange import Exchange, Flaw
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.lab import Lab, Parents
from mockserver.conformance.layers import Again, Session
from mockserver.conformance.playing import play
from mockserver.conformance.replay import Script, script_of, sliced
from mockserver.conformance.rules import Broken, Inconclusive, Refused, Unreached

#: Prefix of the names of checks of single answers, where rules have their own names.
ANSWER = "answer-"


def flaw_finding(exchange: Exchange, flaw: Flaw, trace: Sequence[Exchange]) -> Finding:
    """Return the finding of a flaw of one answer; its trace ends with that answer."""
    before = [one for one in trace if one.number <= exchange.number]
    verdict = Verdict.SUSPECT if flaw.is_suspect else Verdict.VIOLATION
    return Finding(
        verdict,
        exchange.operation_id,
        ANSWER + flaw.check,
        flaw.detail,
        flaw.pointer,
        flaw.contract,
        tuple(before),
    )


class Confirmation:
    """Second runs. Everything is new in them: lab, names, parents."""

    def __init__(self, session: Session) -> None:
        """Take the session whose door is used; findings of second runs are not its layers'."""
        self._session = session

    def of_rule(self, finding: Finding, again: Again | None) -> Finding:
        """Return a rule's finding as it stands after a second run."""
        if again is None:
            return self._judged(finding, self._replayed(finding))
        lab = self._lab()
        try:
            again(lab)
        except Broken as broken:
            if lab.trace:
                finding = replace(finding, detail=broken.detail, trace=tuple(lab.trace))
            return replace(finding, reproduced=True)
        except (Inconclusive, Refused, Unreached) as error:
            return _unsure(finding, f"the second run ended with: {error}")
        except Exception as error:  # a rule's own mistake must not end the run
            return _unsure(finding, f"the second run failed in the rule itself: {error!r}")
        return _unsure(finding, "it held when it was tried again from scratch")

    def of_flaw(self, finding: Finding, again: Again | None) -> Finding:
        """Return a flaw's finding after a second run, with the shortest trace that shows it."""
        short = self._shortened(finding)
        if short is not None:
            return replace(finding, trace=short, reproduced=True)
        traces: list[Callable[[], Sequence[Exchange]]] = [lambda: self._replayed_trace(finding)]
        if again is not None:
            traces.insert(0, lambda: self._rerun(again))
        for trace_of in traces:
            trace = trace_of()
            shown = _showing(trace, finding)
            if shown is not None:
                return replace(finding, trace=tuple(trace[: shown + 1]), reproduced=True)
        return _unsure(finding, "the answer was right when it was asked for again")

    def _lab(self) -> Lab:
        return Lab(self._session.door, f"{self._session.mark}-{self._session.number()}", Parents())

    def _rerun(self, again: Again) -> Sequence[Exchange]:
        lab = self._lab()
        with suppress(Exception):  # only what came back matters here
            again(lab)
        return lab.trace

    def _shortened(self, finding: Finding) -> tuple[Exchange, ...] | None:
        script = sliced(script_of(finding.trace), finding.trace[-1].number)
        trace = self._played(script)
        shown = _showing(trace, finding)
        return None if shown is None else tuple(trace[: shown + 1])

    def _replayed_trace(self, finding: Finding) -> Sequence[Exchange]:
        return self._played(script_of(finding.trace))

    def _replayed(self, finding: Finding) -> bool:
        """Tell whether a trace without a rule to run comes to the same answers again."""
        trace = self._played(script_of(finding.trace))
        return [one.status for one in trace] == [one.status for one in finding.trace]

    def _judged(self, finding: Finding, holds: bool) -> Finding:
        if holds:
            return replace(finding, reproduced=True)
        return _unsure(finding, "its calls were answered in another way the second time")

    def _played(self, script: Script) -> list[Exchange]:
        door = self._session.door
        try:
            return play(script, door.send, self._session.number)
        except (Inconclusive, Refused):
            return []


def _showing(trace: Sequence[Exchange], finding: Finding) -> int | None:
    """Return the place of the answer that shows a flaw; None when none does."""
    for place, exchange in enumerate(trace):
        for flaw in exchange.flaws:
            if flaw_finding(exchange, flaw, ()).key == finding.key:
                return place
    return None


def _unsure(finding: Finding, why: str) -> Finding:
    detail = f"{finding.detail} — seen once, not again: {why}"
    return replace(finding, verdict=Verdict.INCONCLUSIVE, detail=detail, reproduced=False)
