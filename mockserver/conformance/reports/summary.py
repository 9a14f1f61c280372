"""The summary that people read in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from mockserver.conformance.reports.document import CONFORMS, VIOLATED, Report, Told

STYLES: Mapping[str, str] = {
    "violation": "bold red",
    "suspect": "yellow",
    "inconclusive": "magenta",
    "held": "green",
    "not reached": "dim",
    "skipped by policy": "dim",
}
_SHOWN_SUSPECTS = 10
_SHOWN_REASONS = 6


def show(report: Report, console: Console) -> None:
    """Print the findings, how far the run came, and what it means."""
    told = [one for one in report.findings if not one.accepted]
    for one in told:
        if one.verdict == "violation":
            _show(one, console)
    others = [one for one in told if one.verdict != "violation"]
    for one in others[:_SHOWN_SUSPECTS]:
        console.print(_short(one))
    if len(others) > _SHOWN_SUSPECTS:
        console.print(
            f"  … and {len(others) - _SHOWN_SUSPECTS} more; all of them: --html FILE", style="dim"
        )
    console.print(Line(style="dim"))
    console.print(_numbers(report))
    for line in _remarks(report):
        console.print(line)
    console.print(_verdict(report))


def _show(told: Told, console: Console) -> None:
    room = max(40, min(console.width, 110) - 4)
    head = Text.assemble(
        ("✖ ", STYLES["violation"]), (told.operation, "bold"), " · ", (told.rule, "bold red")
    )
    if told.pointer:
        head.append(f"  {told.pointer}", style="cyan")
    console.print(head)
    for line in textwrap.wrap(told.detail, room):
        console.print(Text(f"  {line}"))
    quoted = textwrap.wrap(f"“{told.text}”", room - 2, max_lines=4, placeholder=" …”")
    for line in quoted if told.text else []:
        console.print(Text(f"  │ {line}", style="italic"))
    if told.contract:
        console.print(Text(f"  │ {told.contract}", style="dim"), soft_wrap=True)
    for line in told.curl:  # never broken: they are to be copied
        console.print(Text(f"    {line}", style=_curl_style(line)), soft_wrap=True)
    notes = "; ".join(_notes(told))
    console.print(Text(f"  {notes}\n" if notes else "", style="dim"))


def _curl_style(line: str) -> str:
    return "dim" if line.startswith("#") else ""


def _notes(told: Told) -> Iterator[str]:
    if told.times > 1:
        yield f"seen {told.times} times"
    if told.explains:
        yield f"{told.explains} more rules failed where this answer stood in the way"
    if told.reproduced:
        yield "again from scratch: the same"


def _short(told: Told) -> RenderableType:
    style = STYLES.get(told.verdict, "")
    head = Text.assemble((f"• {told.verdict} ", style), (told.operation, "bold"), f" · {told.rule}")
    if told.pointer:
        head.append(f"  {told.pointer}", style="cyan")
    return Group(head, Padding(Text(told.detail, style="dim"), (0, 0, 0, 2)))


def _numbers(report: Report) -> Table:
    allowed_ones = [o for o in report.operations if o["allowed"]]
    granted = sum(any(s.startswith("2") for s in o["statuses"]) for o in allowed_ones)
    allowed = len(allowed_ones)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", justify="right")
    table.add_column()
    where = f"{report.target}  project {report.project}"
    table.add_row("target", where + (f", beside {report.neighbour}" if report.neighbour else ""))
    table.add_row("run", f"{report.run}, profile {report.profile}, seed {report.seed}")
    table.add_row(
        "reach",
        f"{granted} of {allowed} operations granted,"
        f" {report.tried} of {report.planned} rules tried",
    )
    skipped = {
        n: c for n, c in report.verdicts.items() if c and n in {"skipped by policy", "not reached"}
    }
    if skipped:
        table.add_row("", ", ".join(f"{count} {name}" for name, count in skipped.items()))
    again = f", {report.repeats} of them repeated" if report.repeats else ""
    table.add_row("effort", f"{report.requests} requests in {report.seconds} s{again}")
    if report.deleted:
        table.add_row("cleanup", f"{report.deleted} records deleted")
    return table


def _remarks(report: Report) -> Iterator[Text]:
    for name, why in report.missing.items():
        yield Text(f"  without {name}: {why}", style="dim")
    reasons = [reason for reason in report.skipped if "credential" not in reason]
    for reason in reasons[:_SHOWN_REASONS]:
        yield Text(f"  {report.skipped[reason]} rules: {reason}", style="dim")
    for line in report.left:
        yield Text(f"  left behind: {_clipped(line)}", style="yellow")
    for entry in report.expired:
        yield Text(f"  baseline: expired, counts again: {entry}", style="yellow")
    for entry in report.unused:
        yield Text(f"  baseline: not found any more, take it out: {entry}", style="yellow")
    accepted = sum(bool(one.accepted) for one in report.findings)
    if accepted:
        yield Text(f"  baseline: {accepted} findings accepted", style="dim")
    if report.ledger:
        yield Text(f"  ledger: {report.ledger}", style="dim")


def _clipped(line: str) -> str:
    return textwrap.shorten(line, 160, placeholder=" …")


def _verdict(report: Report) -> Text:
    count = {
        name: sum(one.verdict == name and not one.accepted for one in report.findings)
        for name in ("violation", "suspect")
    }
    suspects = f", {_many(count['suspect'], 'suspect')}" if count["suspect"] else ""
    if report.exit_code == VIOLATED:
        found = _many(count["violation"], "violation") if count["violation"] else "suspects count"
        return Text(f"✖ does not conform: {found}{suspects}", style="bold red")
    if report.exit_code == CONFORMS:
        return Text(f"✔ conforms{suspects}", style="bold green")
    return Text(f"? says too little: {'; '.join(report.reasons)}{suspects}", style="bold magenta")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
