"""Several tries of one rule, of which a profile may forbid some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from mockserver.conformance.rules import Refused, Unreached

Case = TypeVar("Case")


def each(cases: Iterable[Case], attempt: Callable[[Case], None]) -> None:
    """Try every case that the profile lets through.

    Raises:
        Broken: as the attempt says.
        Refused: the profile forbids every one of them.
        Unreached: there are none.
    """
    tried, refused = 0, None
    for case in cases:
        try:
            attempt(case)
        except Refused as reason:
            refused = reason
        else:
            tried += 1
    if tried:
        return
    raise refused or Unreached("nothing to try here")
