"""Records every exchange of a test session and has the independent judge look at all of them.

Whoever starts the session judges at its end: the controller under xdist, else the session itself.
Workers, subprocesses and servers only record, because MOCKSERVER_RECORD is in their environment.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockserver.contract.contract import load_admin, load_api, load_hosts
from mockserver.contract.documents import spec_directory
from mockserver.contract.gaps import Gaps, read_gaps
from tests import ledger

if TYPE_CHECKING:
    from mockserver.contract.verdicts import Disagreement, Report

VARIABLE = "MOCKSERVER_RECORD"
_MOST_SHOWN = 60


@dataclass(frozen=True)
class Difference:
    """Where the two judges may differ, and why that is no mistake of the mock."""

    reason: str  # a part of what this judge says
    why: str


#: Every entry must be needed by a run of the whole suite; tests/contract/test_differences.py has
#: one test for each.
KNOWN_DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        reason="query parameter cannot be empty",
        why="`?topicId=` gives an empty text, which the parameter's schema allows. This judge goes"
        " by allowEmptyValue, which OpenAPI has deprecated because it says nothing of texts.",
    ),
    Difference(
        reason="Schemes not valid for any requirement: [['Bearer']]",
        why="The setting bearer_only_accepts_api_key takes API keys where the contract does not.",
    ),
)


class Judging:
    """Plugin of the session that judges."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mockserver-record-"))
        self.before = os.environ.get(VARIABLE)
        self.failures: list[str] = []
        self.summary = ""
        os.environ[VARIABLE] = str(self.folder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if not ended or session.config.option.collectonly:
            return
        if not self.folder.is_dir():
            self.summary = "nothing was judged"
            self.failures = [f"somebody removed the recordings: {self.folder}"]
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            return
        if not any(self.folder.iterdir()):
            return
        report, seconds = _judge(self.folder)
        whole = exitstatus == pytest.ExitCode.OK and is_whole(session.config)
        self.failures = find_failures(report, whole=whole)
        self.summary = describe(report, seconds, whole=whole)
        if self.failures and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.summary:
            return
        terminalreporter.section("independent judge")
        terminalreporter.write_line(self.summary)
        for line in self.failures[:_MOST_SHOWN]:
            terminalreporter.write_line(line, red=True)
        if len(self.failures) > _MOST_SHOWN:
            terminalreporter.write_line(f"… and {len(self.failures) - _MOST_SHOWN} more", red=True)
        if self.failures and self.folder.is_dir():
            terminalreporter.write_line(f"the recordings are kept in {self.folder}")

    def pytest_unconfigure(self) -> None:
        if self.before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = self.before
        if not self.failures and self.folder.is_dir():
            shutil.rmtree(self.folder)


def start(config: pytest.Config) -> None:
    """Begin to record, unless somebody else is going to judge."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Judging(), "independent-judge")


def is_whole(config: pytest.Config) -> bool:
    """Tell whether a session runs the whole suite: only then can something be missing."""
    option = config.option
    narrowing = ("keyword", "markexpr", "lf", "stepwise", "ignore", "ignore_glob")
    if any(getattr(option, name, None) for name in (*narrowing, "deselect")):
        return False
    given = [(config.invocation_params.dir / argument).resolve() for argument in config.args]
    return given == [(config.rootpath / name).resolve() for name in config.getini("testpaths")]


def find_failures(report: Report, *, whole: bool) -> list[str]:
    """Return why a session fails: exchanges lost, judges that disagree, answers never reached."""
    failures = [f"exchanges lost: {lost}" for lost in report.lost]
    used, unexplained = explain(report.disagreements)
    failures += [str(disagreement) for disagreement in unexplained]
    if whole:
        failures += _ledger(report)
        unused = [known for known in KNOWN_DIFFERENCES if known not in used]
        failures += [f"a known difference that is none any more: {one.reason}" for one in unused]
    return failures


def explain(
    disagreements: Iterable[Disagreement],
) -> tuple[set[Difference], list[Disagreement]]:
    """Return the known differences that occurred, and one of each other disagreement."""
    used: set[Difference] = set()
    unexplained: dict[tuple[str | None, str], Disagreement] = {}
    for disagreement in disagreements:
        known = [one for one in KNOWN_DIFFERENCES if one.reason in disagreement.reason]
        used.update(known)
        if not known:
            unexplained.setdefault((disagreement.operation_id, disagreement.reason), disagreement)
    return used, list(unexplained.values())


def describe(report: Report, seconds: float, *, whole: bool) -> str:
    """Return the summary: one line, or two for a run of the whole suite."""
    _, unexplained = explain(report.disagreements)
    text = (
        f"{report.exchanges} exchanges, {report.unique} different answers, {report.outside} outside"
        f" the contracts, {report.faults} faults on purpose, {len(unexplained)} disagreements,"
        f" {seconds:.1f} s"
    )
    if not whole:
        return text
    api = load_api()
    return f"{text}\n{ledger.reach(api, report.reached)} reached"


def _judge(folder: Path) -> tuple[Report, float]:
    from mockserver.contract.judge import Judge  # half a second that only this session needs
    from mockserver.contract.recordings import read_recordings

    began = time.perf_counter()
    with Judge() as judge:
        report = judge.judge_all(read_recordings(folder))
    return report, time.perf_counter() - began


def _ledger(report: Report) -> list[str]:
    api, admin = load_api(), load_admin()
    gaps = read_gaps(spec_directory())
    reached, by_default = report.reached, report.by_default
    owed = ledger.missing(api, gaps.of(api.operations), reached, by_default)
    owed += ledger.missing(admin, Gaps((), ()), reached, by_default)
    for contract in load_hosts().values():
        own = gaps.of(contract.operations)
        owed += ledger.missing(contract, own, reached, by_default)
    return [f"ledger: {line}" for line in owed]
