"""Leaves out the steps of a sequence that its break does not need.

Hypothesis makes numbers smaller, and a step's numbers mean something else when a step before it
is gone: in the few tries that a target may be asked for, whole steps are better left out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Inconclusive, Refused, Unreached
from mockserver.conformance.sequences.machine import Break, play_step
from mockserver.conformance.sequences.play import Play, Step


def shortened(found: Break, lab: Callable[[], Lab], is_over: Callable[[], bool]) -> Break:
    """Return the break with fewer steps: each is left out once, the last before the break first.

    Args:
        found: what broke.
        lab: makes the lab of one try.
        is_over: whether nothing may be tried any more.
    """
    for number in reversed(range(len(found.steps) - 1)):
        if is_over():
            break
        fewer = break_of([*found.steps[:number], *found.steps[number + 1 :]], lab())
        if fewer is not None and fewer.key == found.key:
            found = fewer
    return found


def break_of(steps: Sequence[Step], lab: Lab) -> Break | None:
    """Return what some steps break, played from scratch; None when nothing, or nothing is told."""
    try:
        play = Play(lab)
        for number, step in enumerate(steps, 1):
            try:
                play_step(play, step)
            except Broken as broken:
                trace = tuple(play.lab.trace)
                return Break(broken, play.operation, tuple(steps[:number]), trace)
    except (Refused, Unreached, Inconclusive):
        return None
    return None
