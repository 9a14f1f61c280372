"""Holds one fault against the referee in one process, its time counted in processor seconds.

Elsewhere a budget is what users wait. On a machine that others use as well that says little: how
far a run comes depends on them. Here the faulty server and the referee share a process, and the
budget is what both compute. Only the rules of the operations that a fault concerns are tried: a
run over everything tries them too, and more.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.app import create
from mockserver.conformance import rulebook
from mockserver.conformance.baseline import Baseline
from mockserver.conformance.credentials import shell_names
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.inprocess import InProcess
from mockserver.conformance.layers import Layer
from mockserver.conformance.pace import Watch
from mockserver.conformance.reports.document import Redaction, report_of
from mockserver.conformance.reports.live import Silent
from mockserver.conformance.run import Run
from mockserver.conformance.suite import Options, layers_of, prepared
from mockserver.conformance.sweep import Sweep
from mockserver.contract.contract import load_api
from mockserver.settings import read_settings
from mockserver.simulation.clock import WallClock, wall_clock
from tests.mutants.faults import FAULTS
from tests.mutants.faulty import Faulty
from tests.mutants.variants import VARIANTS


@dataclass(frozen=True)
class Task:
    """What is held against what."""

    name: str  # of the fault or variant; any other: the mock as it is
    profile: str
    seed: int
    budget: int  # processor seconds
    operations: frozenset[str]  # whose rules are tried; empty: everything is
    fail_on_suspect: bool  # otherwise the first violation ends the run


@dataclass(frozen=True)
class Told:
    """How the run ended."""

    code: int
    seconds: float  # of the processor
    first: str = ""  # what was found first


class Inside:
    """Holds one task after the other; what all of them need is made once."""

    def __init__(self) -> None:
        """Read the contract, and make its rules."""
        self._contract = load_api()
        self._rules = rulebook.rules(self._contract)
        self._known = {fault.name: fault for fault in (*FAULTS, *VARIANTS)}

    def hold(self, task: Task) -> Told:
        """Run a task to its end."""
        begun = time.process_time()
        app = Faulty(create(read_settings({}), wall=_computed()), self._known.get(task.name))
        with prepared(_options(task, app), self._contract) as ready:
            run = Run(
                ready.session, self._layers(task), Silent(), fail_fast=not task.fail_on_suspect
            )
            results = run.run()
            callers = shell_names(ready.door.target.callers)
            redaction = Redaction(callers, ready.door.memory.secrets)
        seconds = time.process_time() - begun
        report = report_of(
            ready,
            results,
            redaction,
            baseline=Baseline(),
            started="2026-02-01T12:00:00Z",
            seconds=seconds,
            fail_on_suspect=task.fail_on_suspect,
        )
        found = [f for f in results.findings.values() if f.verdict in _TOLD]
        first = f"{found[0].verdict} {found[0].name}: {found[0].detail}" if found else ""
        code = int(_is_told(found, task)) if task.operations else report.exit_code
        return Told(code, round(seconds, 1), first[:160])

    def _layers(self, task: Task) -> list[Layer]:
        if not task.operations:
            return layers_of(self._contract, profile=task.profile)
        return [Sweep(rule for rule in self._rules if rule.operation_id in task.operations)]


def _computed() -> WallClock:
    """Return a clock that runs as both compute: tokens age by the watch that renews them."""
    ahead = wall_clock() - _microseconds()
    return lambda: ahead + _microseconds()


def _microseconds() -> int:
    return time.process_time_ns() // 1000


def _options(task: Task, app: Faulty) -> Options:
    return Options(
        url="http://127.0.0.1:4010",
        project="my-project",
        api_key="mock-full-key",
        bearer="mock-builder-token",
        neighbour_project="mailmonkey-staging",
        neighbour_api_key="mock-staging-key",
        profile=task.profile,
        seed=task.seed,
        budget=task.budget,
        transport=InProcess(app),
        watch=Watch(time.process_time),
    )


def _is_told(found: Sequence[Finding], task: Task) -> bool:
    return any(one.verdict is Verdict.VIOLATION or task.fail_on_suspect for one in found)


_TOLD = frozenset({Verdict.VIOLATION, Verdict.SUSPECT})
