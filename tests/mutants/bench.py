"""Holds each fault and each legal variant against the referee: python -m tests.mutants.bench.

Prints a kill table by class, the survivors, and the false alarms. With `--suite schemathesis`
the same faults are given to plain `schemathesis run`, for comparison. What that finds in the mock
as it is does not count: see `comparison`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from mockserver.contract.contract import load_api
from tests.mutants import comparison
from tests.mutants.faults import FAULTS
from tests.mutants.faulty import Fault
from tests.mutants.inside import Inside, Task
from tests.mutants.serve import CLEAN
from tests.mutants.variants import LEGAL, VARIANTS

_SPARE = 60  # seconds beyond the budget after which a run counts as hung
_VIOLATIONS = 1  # exit code of both suites


@dataclass(frozen=True)
class Outcome:
    """What a suite said about one fault."""

    name: str
    kind: str
    code: int  # exit code of the suite
    seconds: float
    first: str = ""  # the first thing that it found
    is_inferred: bool = False  # at most a suspect was due

    @property
    def is_caught(self) -> bool:
        """Whether the suite said that the implementation is wrong."""
        return self.code == _VIOLATIONS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit 1 when a variant raised an alarm or too few faults were caught."""
    given = _parser().parse_args(arguments)
    chosen = _chosen(given.only, given.clean, given.every)
    if given.suite == "schemathesis" and not given.baseline.exists():
        _learn(given)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("faults", total=len(chosen))

        def run(fault: Fault) -> Outcome:
            outcome = _run_inside(inside, fault, given) if inside else _run(fault, given)
            progress.advance(task)
            mark = "caught" if outcome.is_caught else f"exit {outcome.code}"
            console.print(f"{mark:<8} {outcome.seconds:6.1f} s  {outcome.name:<40} {outcome.first}")
            return outcome

        inside = Inside() if given.inside else None
        with ThreadPoolExecutor(1 if inside else given.jobs) as pool:
            outcomes = list(pool.map(run, chosen))
    if given.out:
        given.out.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n")
    return report(outcomes, given.least)


def report(outcomes: Sequence[Outcome], least: float) -> int:
    """Print the tables; return the exit code."""
    faults = [one for one in outcomes if one.kind != LEGAL]
    legal = [one for one in outcomes if one.kind == LEGAL]
    console = Console()
    console.print(_table(faults))
    for one in faults:
        if not one.is_caught:
            console.print(f"survived: {one.name} ({one.kind}), exit {one.code}")
    for one in legal:
        if one.code:
            told = "false alarm" if one.is_caught else "said too little"
            console.print(f"{told}: {one.name}, exit {one.code}: {one.first}")
    alarms = sum(one.is_caught for one in legal)
    console.print(f"{alarms} false alarms on {len(legal)} legal variants and clean runs")
    caught = sum(one.is_caught for one in faults)
    return int(bool(alarms) or caught < least * len(faults))


def _table(faults: Sequence[Outcome]) -> Table:
    table = Table("class", "faults", "caught", "inferred", "suspected", title="Faults by class")
    kinds = list(dict.fromkeys(one.kind for one in faults))
    for kind in kinds:
        table.add_row(kind, *_numbers([one for one in faults if one.kind == kind]))
    table.add_row("all", *_numbers(faults), style="bold")
    return table


def _numbers(faults: Sequence[Outcome]) -> Iterator[str]:
    """Yield how many are promised and caught, and how many inferred and suspected."""
    for is_inferred in (False, True):
        some = [one for one in faults if one.is_inferred is is_inferred]
        yield str(len(some))
        yield str(sum(one.is_caught for one in some))


def _chosen(only: str, clean: int, every: int) -> list[Fault]:
    cleans = [Fault(f"{CLEAN}-{n}", LEGAL, frozenset()) for n in range(clean)]
    counted: Counter[str] = Counter()
    sample = [*cleans]
    for fault in (*VARIANTS, *FAULTS):
        if counted[fault.kind] % every == 0:
            sample.append(fault)
        counted[fault.kind] += 1
    return [
        f for f in sample if not only or any(w in f"{f.kind}/{f.name}" for w in only.split(","))
    ]


def _learn(given: argparse.Namespace) -> None:
    """Note what schemathesis finds in the mock as it is, in three runs."""
    comparison.begin(given.baseline, load_api())
    for seed in range(given.seed, given.seed + 3):
        with _serving(CLEAN) as port:
            url = f"http://127.0.0.1:{port}/v1"
            command = comparison.command(url, seed, given.budget, given.baseline)
            subprocess.run(
                [*command, "--baseline-update"], capture_output=True, check=False, cwd=given.work
            )


def _run_inside(referee: Inside, fault: Fault, given: argparse.Namespace) -> Outcome:
    profile = "full" if fault.profile == "full" else given.profile
    is_lenient = fault.kind != LEGAL and not fault.is_inferred
    operations = frozenset() if fault.kind == LEGAL else fault.operations
    seed = _seed(fault, given)
    told = referee.hold(Task(fault.name, profile, seed, given.budget, operations, not is_lenient))
    return Outcome(fault.name, fault.kind, told.code, told.seconds, told.first, fault.is_inferred)


def _run(fault: Fault, given: argparse.Namespace) -> Outcome:
    with _serving(fault.name) as port:
        started = time.monotonic()
        command = _COMMANDS[given.suite](f"http://127.0.0.1:{port}/v1", fault, given)
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=given.budget + _SPARE,
                check=False,
                cwd=given.work,
            )
            code, output = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            code, output = -1, "did not end"
        seconds = time.monotonic() - started
    first = _first_finding(output)
    return Outcome(fault.name, fault.kind, code, round(seconds, 1), first, fault.is_inferred)


def _first_finding(output: str) -> str:
    words = ("violation", "suspect", "- ")
    lines = [line.strip() for line in output.splitlines()]
    return next((line[:100] for line in lines if line.lower().startswith(words)), "")


@contextmanager
def _serving(name: str) -> Iterator[int]:
    plain = CLEAN if name.startswith(f"{CLEAN}-") else name
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mutants.serve", plain],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a broken server may complain: nobody reads it
        text=True,
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(20)


def _check(url: str, fault: Fault, given: argparse.Namespace) -> list[str]:
    profile = "full" if fault.profile == "full" else given.profile
    command = [sys.executable, "-m", "mockserver", "check", url, "--profile", profile]
    command += ["--api-key", "mock-full-key", "--bearer", "mock-builder-token"]
    command += ["--project", "my-project", "--neighbour-project", "mailmonkey-staging"]
    command += ["--neighbour-api-key", "mock-staging-key"]
    command += ["--seed", str(_seed(fault, given))]
    command += ["--budget", str(given.budget)]
    if fault.kind == LEGAL or fault.is_inferred:
        return [*command, "--fail-on", "suspect"]
    return [*command, "--fail-fast"]


def _schemathesis(url: str, fault: Fault, given: argparse.Namespace) -> list[str]:
    return [
        *comparison.command(url, _seed(fault, given), given.budget, given.baseline),
        *("--max-failures", "1"),
    ]


def _seed(fault: Fault, given: argparse.Namespace) -> int:
    number = fault.name.removeprefix(f"{CLEAN}-")
    return int(number) if number.isdigit() else int(given.seed)


_COMMANDS = {"referee": _check, "schemathesis": _schemathesis}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.bench", description=__doc__)
    parser.add_argument("--suite", choices=sorted(_COMMANDS), default="referee")
    parser.add_argument(
        "--inside",
        action="store_true",
        help="server and referee in one process, the budget in processor seconds of both, and"
        " only the rules of operations that a fault concerns: for machines that others use",
    )
    parser.add_argument("--only", default="", help="words of classes or names, with commas")
    parser.add_argument("--budget", type=int, default=120, help="seconds for each fault")
    parser.add_argument("--profile", default="own-data")
    parser.add_argument("--clean", type=int, default=20, help="runs against the mock as it is")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--least", type=float, default=0.95, help="share that must be caught")
    parser.add_argument("--every", type=int, default=1, help="take each n-th fault of a class")
    parser.add_argument(
        "--baseline",
        type=Path,
        default=Path("mutants-baseline.json"),
        help="what schemathesis finds in the mock as it is; made when it is not there",
    )
    parser.add_argument("--out", type=Path, help="write the outcomes as JSON")
    parser.add_argument("--work", type=Path, default=Path.cwd(), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
