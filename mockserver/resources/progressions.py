"""Progressions: how what takes a while moves on, as data, by model.

The shape is that of moto's managed states: `immediate`; `manual` with a number of `times` that a
state is read before it moves; `time` with a number of `seconds`. `clock` is the pace of nature, on
the sandbox's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND

OPERATION = "operation"  # scheduled and triggered reads, asynchronous writes
BACKFILL = "backfill"
REFRESH = "refresh"  # of an access token

#: Assumed: a token is refreshed at once; reads and writes take their time.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    OPERATION: {"progression": "clock"},
    BACKFILL: {"progression": "clock"},
    REFRESH: {"progression": "immediate"},
}
_CONTROL = "progressions"
#: Assumed: at the pace of nature, one step takes a second.
_STEP = SECOND


def listed(work: Work) -> dict[str, Any]:
    """Return the progression of every model."""
    return {**DEFAULTS, **(work.tx.control(_CONTROL) or {})}


def arrange(work: Work, model: str, progression: Mapping[str, Any]) -> None:
    """Give a model a progression; what is under way keeps the one it began with."""
    changed = {**(work.tx.control(_CONTROL) or {}), model: dict(progression)}
    work.tx.set_control(_CONTROL, changed)


def reset(work: Work) -> None:
    """Put every model back to its default."""
    work.tx.set_control(_CONTROL, None)


def begin(work: Work, model: str, steps: int) -> dict[str, Any]:
    """Return the pace of something that begins now and takes some steps: to be kept with it.

    `due` of step n (from 1) follows from `pace`; with `times` it moves by being read instead.
    """
    chosen = listed(work)[model]
    match chosen["progression"]:
        case "immediate":
            return {"start": work.moment, "span": 0, "steps": steps}
        case "time":
            span = int(chosen["seconds"] * SECOND)
            return {"start": work.moment, "span": span, "steps": steps}
        case "manual":
            return {"start": work.moment, "times": chosen["times"], "steps": steps, "reads": 0}
    return {"start": work.moment, "span": steps * _STEP, "steps": steps}


def due(pace: Mapping[str, Any], step: int) -> int | None:
    """Return when a step (from 1) is due; None when only reads move it."""
    if "times" in pace:
        return None
    return int(pace["start"] + pace["span"] * step // pace["steps"])


def read(pace: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Count one read; return the pace after it, and how many steps it moves on."""
    reads = pace["reads"] + 1
    before, after = (pace["steps"] * n // pace["times"] for n in (pace["reads"], reads))
    return {**pace, "reads": reads}, after - before
