"""How long an answer is made to wait. Names and units are WireMock's: milliseconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.pointers import escape
from mockserver.simulation.matchers import PatternError, unknown

LONGEST = 600_000  # milliseconds: nobody waits longer than ten minutes for an answer
#: Takes two numbers from 0 to below 1, returns milliseconds.
_Draw = Callable[[float, float], float]
_KINDS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("milliseconds",),
    "uniform": ("lower", "upper"),
    "lognormal": ("median", "sigma"),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """A time to wait: the same each time, or spread."""

    draw: _Draw

    def seconds(self, first: float, second: float) -> float:
        """Return how long to wait, given two numbers from 0 to below 1."""
        return min(max(self.draw(first, second), 0.0), LONGEST) / 1000


def compile_delay(document: Mapping[str, Any], pointer: str, fixed: str) -> Delay | None:
    """Compile the delay of a document: `delayDistribution`, and a number besides it.

    Args:
        document: what holds both keys; they add up, as in WireMock.
        pointer: JSON pointer of the document.
        fixed: the key of the number, in milliseconds.

    Raises:
        PatternError: one of them is not acceptable.
    """
    at_least = document.get(fixed)
    spread = document.get("delayDistribution")
    if at_least is None and spread is None:
        return None
    least = 0.0 if at_least is None else milliseconds(at_least, f"{pointer}/{fixed}")
    if spread is None:
        return Delay(lambda *_: least)
    draw = _distribution(spread, f"{pointer}/delayDistribution")
    return Delay(lambda first, second: least + draw(first, second))


def milliseconds(value: Any, pointer: str) -> float:
    """Return a time that can be waited.

    Raises:
        PatternError: `value` is none.
    """
    number = _number(value, pointer)
    if not 0 <= number <= LONGEST:
        raise PatternError(pointer, "is no time to wait", f"use 0 to {LONGEST} milliseconds")
    return number


def _distribution(document: Any, pointer: str) -> _Draw:
    kind = document.get("type") if isinstance(document, Mapping) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        remedy = f"use an object whose type is one of {', '.join(_KINDS)}"
        raise PatternError(pointer, "is no distribution", remedy)
    values = _values(document, kind, pointer)
    if kind == "lognormal":
        return _lognormal(milliseconds(values[0], f"{pointer}/median"), values[1], pointer)
    times = [
        milliseconds(value, f"{pointer}/{name}")
        for name, value in zip(_KINDS[kind], values, strict=True)
    ]
    lower, upper = times[0], times[-1]
    if lower > upper:
        raise PatternError(f"{pointer}/upper", "is less than lower", "swap them")
    return lambda first, _: lower + (upper - lower) * first


def _values(document: Mapping[str, Any], kind: str, pointer: str) -> list[float]:
    names = _KINDS[kind]
    for name in document:
        if name not in ("type", *names):
            raise unknown(f"{pointer}/{escape(name)}", ("type", *names))
    for name in names:
        if name not in document:
            raise PatternError(f"{pointer}/{name}", "is required", f"give {name} a number")
    return [_number(document[name], f"{pointer}/{name}") for name in names]


def _lognormal(median: float, sigma: float, pointer: str) -> _Draw:
    if not 0 <= sigma <= 5:  # beyond that every draw is nothing or the longest
        raise PatternError(f"{pointer}/sigma", "is no spread", "use 0 to 5, e.g. 0.4")

    def draw(first: float, second: float) -> float:
        # Two evenly spread numbers make one of the normal distribution. Source: Box and Muller.
        normal = math.sqrt(-2 * math.log(1 - first)) * math.cos(2 * math.pi * second)
        return median * math.exp(sigma * normal)

    return draw


def _number(value: Any, pointer: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise PatternError(pointer, "has the wrong type", "use a number")
    return float(value)
