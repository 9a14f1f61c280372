"""What was aimed at, and what was measured of it: the last table of the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measuring import Series

if TYPE_CHECKING:
    from benchmarks.run import Measured

OWN = "mockserver"
LIMIT = "bare uvicorn (limit)"
PRISM = "Prism static"
_NEAR = 0.9  # of a goal, which the lower quartile must reach as well
_START, _MEMORY = 0.6, 90_000_000  # seconds, bytes


@dataclass(frozen=True)
class Goal:
    """One line of the table."""

    what: str
    aim: str
    measured: str
    is_met: bool


def table(measured: Sequence[Measured]) -> list[str]:
    """Return the goals as lines of Markdown; those that nothing was measured for are left out."""
    lines = ["| what | goal | measured | |", "|---|---|---|---|"]
    for goal in _goals({one.peer.name: one for one in measured}):
        lines.append(f"| {goal.what} | {goal.aim} | {goal.measured} | {_verdict(goal)} |")
    return lines


def _verdict(goal: Goal) -> str:
    return "met" if goal.is_met else "**missed**"


def _goals(measured: Mapping[str, Measured]) -> Iterator[Goal]:
    own = measured.get(OWN)
    if own is None:
        return
    limit, prism = measured.get(LIMIT), measured.get(PRISM)
    others = [one for name, one in measured.items() if name not in {OWN, LIMIT}]
    if limit is not None:
        bare = limit.series["project"].rate
        yield _at_least("GET project", "of bare uvicorn", own.series["project"], bare, 0.45)
    if prism is not None:
        for route, title, factor in (("project", "GET project", 12), ("topic", "POST topic", 10)):
            yield _at_least(title, f"times {PRISM}", own.series[route], _rate(prism, route), factor)
    for route, title in (
        ("project", "GET project"),
        ("connections", "GET 20 connections"),
        ("topic", "POST topic"),
        ("providers", "GET providers"),
    ):
        yield from _ahead(title, own.series[route], others, route)
    for route in ("401", "404"):
        yield _at_least(route, "of the 200 rate", own.series[route], _rate(own, "project"), 0.7)
    yield from _process(own, prism)


def _rate(one: Measured, route: str) -> float:
    return one.series[route].rate


def _at_least(what: str, of: str, series: Series, base: float, goal: float) -> Goal:
    ratio, low = series.rate / base, series.quartiles[0] / base
    is_met = ratio >= goal and low >= _NEAR * goal
    return Goal(what, f"≥ {goal:g} {of}", f"{ratio:.2f} (lower quartile {low:.2f})", is_met)


def _ahead(what: str, own: Series, others: Iterable[Measured], route: str) -> Iterator[Goal]:
    same = {o.peer.name: s for o in others if (s := o.series.get(route)) and s.is_right}
    if same:
        name, best = max(same.items(), key=lambda item: item[1].rate)
        shown = f"{own.rate:,.0f}/s; next: {name}, {best.rate:,.0f}/s"
        aim = "ahead of every peer that answers the data asked for"
        yield Goal(what, aim, shown, own.rate > best.rate)


def _process(own: Measured, prism: Measured | None) -> Iterator[Goal]:
    shown, is_met = f"{own.cold_start * 1000:.0f} ms", own.cold_start <= _START
    aim = "≤ 600 ms to the first 200"
    if prism is not None:
        aim += ", less than half of Prism's"
        shown += f"; Prism {prism.cold_start * 1000:.0f} ms"
        is_met = is_met and own.cold_start < prism.cold_start / 2
    yield Goal("cold start", aim, shown, is_met)
    memory = f"{own.loaded / 1_000_000:.0f} MB"
    yield Goal("memory after load", "≤ 90 MB", memory, own.loaded <= _MEMORY)
