"""The results as a page: a table in Markdown and a chart in SVG."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import goals
from benchmarks.measuring import Series
from benchmarks.peers import Peer
from benchmarks.workload import ROUTES

if TYPE_CHECKING:
    from benchmarks.run import Measured

_MEGABYTE = 1_000_000
_PROCESSOR = re.compile(r"^model name\s*: (.*)$", re.MULTILINE)
_SHOWN = ("project", "connections", "topic", "providers")
_TITLES = {
    "project": "GET project",
    "connections": "GET 20 connections",
    "topic": "POST topic",
    "providers": "GET providers",
}
_READ = "How to read it, and what it is for: [performance.md](performance.md)."
_WIDTH, _LEFT, _BAR, _GAP = 760, 170, 16, 5  # of the chart, in pixels


def write(measured: Sequence[Measured], folder: Path, *, rounds: int, seconds: int) -> None:
    """Write `performance-table.md` and `performance.svg` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["# What `make bench` measured", "", _header(rounds, seconds), ""]
    lines += [*_rates(measured), "", *_rest(measured), "", *goals.table(measured), "", _READ, ""]
    text = "\n".join(lines)
    (folder / "performance-table.md").write_text(text, encoding="utf-8")
    (folder / "performance.svg").write_text(chart(measured), encoding="utf-8")


def _header(rounds: int, seconds: int) -> str:
    day = datetime.now(UTC).date().isoformat()
    packages = ", ".join(f"{p} {version(p)}" for p in ("connexion", "uvicorn", "jsonschema-rs"))
    processor = next(iter(_PROCESSOR.findall(Path("/proc/cpuinfo").read_text())), "")
    return (
        f"Measured {day}: {rounds} interleaved rounds of {seconds} s, `wrk -t1 -c16` on one"
        f" core, one process each on another; {os.cpu_count()} cores"
        f" {processor or platform.machine()}, Python {platform.python_version()}, {packages};"
        " load average of the last 5 minutes"
        f" {os.getloadavg()[1]:.1f}. Requests per second, median [quartiles]; below it p50 / p99 in"
        " ms, and the bytes of one answer."
    )


def _rates(measured: Sequence[Measured]) -> list[str]:
    names = [route.name for route in ROUTES]
    lines = ["| server | " + " | ".join(_TITLES.get(name, name) for name in names) + " |"]
    lines.append("|---" * (len(names) + 1) + "|")
    for one in measured:
        cells = [_cell(one.peer, one.series.get(name)) for name in names]
        lines.append(f"| {one.peer.name} | " + " | ".join(cells) + " |")
    return lines


def _cell(peer: Peer, series: Series | None) -> str:
    if series is None or not series.rates:
        return "-"
    low, high = series.quartiles
    told = _note(peer, series)
    note = f", **{told}**" if told else ""
    middle = _median(series.p50), _median(series.p99)
    return (
        f"{series.rate:,.0f} [{low:,.0f}-{high:,.0f}]<br>{middle[0]:.1f} / {middle[1]:.1f},"
        f" {series.status}, {series.size:,} B{note}"
    )


def _note(peer: Peer, series: Series) -> str:
    """Return what is to be known of an answer; nothing of one that is right."""
    if series.is_right or peer.name == goals.LIMIT:
        return ""
    if peer.paths and series.status < 400:
        return "its own data"
    return "not the data asked for" if series.status < 400 else "an error"


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _rest(measured: Sequence[Measured]) -> list[str]:
    lines = [
        "| server | cold start, ms | memory idle → after reading → after creating, MB "
        "| what it checks |"
    ]
    lines.append("|---|---|---|---|")
    for one in measured:
        sizes = (one.idle, one.loaded, one.filled)
        memory = " → ".join(f"{size / _MEGABYTE:.0f}" for size in sizes)
        start = f"{one.cold_start * 1000:.0f}"
        lines.append(f"| {one.peer.name} | {start} | {memory} | {one.peer.checks} |")
    return lines


def chart(measured: Sequence[Measured]) -> str:
    """Return a chart: a block of bars for each route, pale where the answer was not right."""
    parts: list[str] = []
    y = 28
    for name in _SHOWN:
        rows = [(one, one.series[name]) for one in measured if name in one.series]
        rows.sort(key=lambda row: -row[1].rate)
        parts.append(f'<text x="0" y="{y}" class="t">{_TITLES[name]}</text>')
        y += 10
        most = max((series.rate for _, series in rows), default=1.0) or 1.0
        for one, series in rows:
            parts.append(_bar(one.peer, series, most, y))
            y += _BAR + _GAP
        y += 30
    return _SVG.format(width=_WIDTH, height=y, body="\n".join(parts))


def _bar(peer: Peer, series: Series, most: float, y: int) -> str:
    width = max(1.0, (_WIDTH - _LEFT - 190) * series.rate / most)
    note = _note(peer, series)
    kind = "own" if peer.name == goals.OWN else "wrong" if note else "peer"
    label = f"{series.rate:,.0f}/s, {series.size:,} B" + (f", {note}" if note else "")
    middle = y + _BAR - 4
    return (
        f'<text x="{_LEFT - 8}" y="{middle}" class="n">{escape(peer.name)}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="{_BAR}" class="{kind}" rx="2"/>'
        f'<text x="{_LEFT + width + 6:.0f}" y="{middle}" class="v">{escape(label)}</text>'
    )


_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-label="Requests per second of each server on four routes">
<style>
text {{ font: 12px system-ui, sans-serif; fill: #24292f }}
.t {{ font-weight: 600; font-size: 14px }} .n {{ text-anchor: end }} .v {{ fill: #57606a }}
.own {{ fill: #0a7d4f }} .peer {{ fill: #8c96a3 }} .wrong {{ fill: #d0d7de }}
@media (prefers-color-scheme: dark) {{
 text {{ fill: #e6edf3 }} .v {{ fill: #9198a1 }} .own {{ fill: #2ea26b }} .wrong {{ fill: #3d444d }}
}}
</style>
{body}
</svg>
"""
