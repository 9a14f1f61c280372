"""How coverage looks on a terminal: the measures, what was called, what never was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mockserver.cli.terminal import fill, width
from mockserver.coverage.report import MEASURES

_CALLED: Mapping[str, str] = {
    "operations": "operations",
    "answers": "answers",
    "parameters": "parameters",
    "mediaTypes": "media types",
    "all": "all of these",
}
_GOOD = 80  # percent
_FAIR = 40


def show_coverage(report: Mapping[str, Any]) -> None:
    """Print a report."""
    columns = width()
    console = Console(width=columns or 160, highlight=False)
    console.print()
    console.print(_measures(report["summary"]))
    called = [row for row in report["operations"] if row["requests"]]
    if called:
        console.print()
        console.print(_operations(called))
    never = [row["operationId"] for row in report["operations"] if not row["requests"]]
    if never:
        console.print()
        console.print(Text(f"  Never called: {len(never)}", "bold"))
        for line in fill(never, ", ", (columns or 100) - 4):
            console.print(Text(f"    {line}", "dim"))
    console.print()


def _measures(summary: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=False, pad_edge=True)
    for name in MEASURES:
        share = summary[name]
        percent = share["percent"]
        style = "green" if percent >= _GOOD else "yellow" if percent >= _FAIR else "red"
        table.add_row(
            Text(_CALLED[name], "bold" if name == MEASURES[-1] else ""),
            Text(f"{share['covered']} of {share['total']}", justify="right"),
            Text(f"{percent} %", style, justify="right"),
        )
    return table


def _operations(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim", pad_edge=True)
    table.add_column("operation", no_wrap=True)
    table.add_column("requests", justify="right")
    table.add_column("answers")
    table.add_column("parameters", justify="right")
    table.add_column("bodies", justify="right")
    for row in rows:
        requests = str(row["requests"])
        if row["transportFaults"]:
            requests += f" ({row['transportFaults']} faults)"
        table.add_row(
            row["operationId"],
            requests,
            _answers(row),
            _share(row["parameters"]),
            _share(row["mediaTypes"]),
        )
    return table


def _answers(row: Mapping[str, Any]) -> Text:
    line = Text()
    for answer in row["answers"]:
        number = answer["requests"]
        text = f"{answer['status']}x{number}" if number else answer["status"]
        line.append(text, "green" if number else "dim").append("  ")
    line.rstrip()
    return line


def _share(points: Sequence[Mapping[str, Any]]) -> Text:
    if not points:
        return Text()
    given = sum(one["requests"] > 0 for one in points)
    style = "green" if given == len(points) else "yellow" if given else "dim"
    return Text(f"{given}/{len(points)}", style)
