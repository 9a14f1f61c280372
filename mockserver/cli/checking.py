"""What `mockserver check` does. Apart from the command, so that its help needs no extra."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
import platformdirs
from rich.console import Console

from mockserver.cli.files import save
from mockserver.conformance.baseline import Baseline, BaselineError, read_baseline, updated
from mockserver.conformance.credentials import shell_names
from mockserver.conformance.derive import CannotRun
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.layers import Layer
from mockserver.conformance.leftovers import clean_up
from mockserver.conformance.patience import Patience
from mockserver.conformance.reports.document import UNKNOWN, Redaction, Report, report_of
from mockserver.conformance.reports.har import har
from mockserver.conformance.reports.html import html
from mockserver.conformance.reports.junit import junit
from mockserver.conformance.reports.live import Board, Lines
from mockserver.conformance.reports.summary import show
from mockserver.conformance.run import Progress, Run
from mockserver.conformance.suite import Options, Prepared, layers_of, prepared
from mockserver.contract.contract import Contract, load_api
from mockserver.simulation.clock import SECOND, stamp, wall_clock


def check(given: Mapping[str, Any]) -> int:
    """Check a target, write the reports, and return the exit code.

    Raises:
        click.ClickException: an option cannot be used, or the target lets us do nothing.
    """
    contract = load_api()
    started = wall_clock()
    baseline = _baseline(given, started)
    layers = _layers(contract, given)
    kept: list[Exchange] = []
    console = Console(highlight=False, soft_wrap=False)
    keeping = [kept.append] if given["har"] else []
    options = _options(given)
    try:
        with _ending(), prepared(options, contract, *keeping) as ready:
            _announce(ready, console)
            with _progress(ready, console) as progress:
                run = Run(ready.session, layers, progress, baseline, fail_fast=given["fail_fast"])
                interrupted = _run(run)
            redaction = _redaction(ready)
    except (CannotRun, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"--state-dir: {error}") from None
    except KeyboardInterrupt:
        raise click.ClickException("interrupted; what it made may be left: --cleanup RUN") from None
    report = report_of(
        ready,
        run.results,
        redaction,
        baseline=baseline,
        started=stamp(started),
        seconds=(wall_clock() - started) / SECOND,
        fail_on_suspect=given["fail_on"] == "suspect",
        because=[
            *(["it was interrupted"] if interrupted else []),
            *(["only a part was looked at"] if given["only"] or given["layers"] else []),
        ],
    )
    show(report, console)
    _write(given, report, lambda: har(kept, report.target, report.started, redaction))
    if given["baseline"] and given["baseline_update"]:
        save(
            given["baseline"],
            updated(baseline, list(run.results.findings.values())).encode(),
            f"{given['baseline']} cannot be written",
        )
    return report.exit_code


def cleanup(given: Mapping[str, Any]) -> int:
    """Delete what a run left behind; return 0 when nothing is left that can be deleted.

    Raises:
        click.ClickException: there is no such run, or the target does not answer.
    """
    run = Path(given["cleanup"])
    path = run if run.is_file() else _folder(given) / f"{run.name.removeprefix('ct-')}.jsonl"
    try:
        remains = clean_up(_options(given), load_api(), path)
    except FileNotFoundError:
        raise click.ClickException(f"no run {given['cleanup']}: there is no {path}") from None
    except (CannotRun, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{remains.deleted} records deleted")
    for line in remains.left:
        click.echo(f"left behind: {line}")
    return UNKNOWN if remains.failed else 0


def _options(given: Mapping[str, Any]) -> Options:
    return Options(
        url=given["url"],
        project=given["project"],
        api_key=given["api_key"],
        bearer=given["bearer"],
        neighbour_project=given["neighbour_project"],
        neighbour_api_key=given["neighbour_api_key"],
        profile=given["profile"],
        seed=given["seed"],
        budget=given["budget"],
        patience=Patience(rate=given["rate"], timeout=given["timeout"]),
        state=_folder(given),
    )


def _folder(given: Mapping[str, Any]) -> Path:
    chosen: Path | None = given["state_dir"]
    return chosen or platformdirs.user_state_path("mockserver") / "check"


def _baseline(given: Mapping[str, Any], now: int) -> Baseline:
    today = date.fromisoformat(stamp(now)[:10])
    path: Path | None = given["baseline"]
    if given["baseline_update"] and path is None:
        raise click.ClickException("--baseline-update needs --baseline FILE")
    if path is None or (given["baseline_update"] and not path.exists()):
        return Baseline((), today)
    try:
        return read_baseline(path, today)
    except BaselineError as error:
        raise click.ClickException(str(error)) from None


def _layers(contract: Contract, given: Mapping[str, Any]) -> list[Layer]:
    every = layers_of(contract, given["only"], given["profile"])
    names: tuple[str, ...] = given["layers"]
    known = [layer.name for layer in every]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.ClickException(f"no layer {unknown[0]!r}: there are {', '.join(known)}")
    return [layer for layer in every if not names or layer.name in names]


@contextmanager
def _ending() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does: what it made is deleted."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _announce(ready: Prepared, console: Console) -> None:
    target = ready.door.target
    name = target.project.name or target.project.given
    console.print(f"[bold]{target.url}[/]  project {name}, profile {ready.options.profile}")
    if ready.ledger.path:
        console.print(f"what it makes is written down in {ready.ledger.path}", style="dim")


@contextmanager
def _progress(ready: Prepared, console: Console) -> Iterator[Progress]:
    if not console.is_terminal:
        yield Lines(console)
        return
    operations = list(ready.session.contract.operations)
    with Board(console, operations, ready.session.deadline) as board:
        yield board


def _run(run: Run) -> bool:
    """Run, and tell whether it was interrupted: what was found until then counts."""
    try:
        run.run()
    except KeyboardInterrupt:
        return True
    return False


def _redaction(ready: Prepared) -> Redaction:
    return Redaction(shell_names(ready.door.target.callers), ready.door.memory.secrets)


def _write(given: Mapping[str, Any], report: Report, make_har: Callable[[], bytes]) -> None:
    makers: dict[str, Callable[[], bytes]] = {
        "junit": lambda: junit(report),
        "json_file": lambda: json.dumps(asdict(report), indent=1, ensure_ascii=False).encode(),
        "html": lambda: html(report).encode(),
        "har": make_har,
    }
    for name, make in makers.items():
        if given[name]:
            save(given[name], make(), f"{given[name]} cannot be written")
