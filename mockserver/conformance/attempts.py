"""Right calls whose variations are refused, and cases of which a profile lets some through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Refused, Unreached
from mockserver.conformance.unchanged import unchanged

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Make:
    """Makes right calls of one operation."""

    operation_id: str
    make: Callable[[Lab], Call]

    def __call__(self, lab: Lab) -> Call:
        """Return a right call of its own."""
        return self.make(lab)

    def standing(self, lab: Lab) -> Standing:
        """Return the run's right call that is there to be refused in every variation.

        It is made once, with all that it needs: what is refused changes nothing, so that one
        serves for every rule.

        Raises:
            Unreached: it cannot be made.
        """
        return lab.shared(self._key(lab), lambda lab: Standing(self.make(lab), lab.run))

    @contextmanager
    def refused(self, lab: Lab) -> Iterator[Call]:
        """Give the standing call, and hold that the block changes nothing.

        Raises:
            Broken: something was made, changed or deleted. Then the next rule gets a new one.
            Unreached: there is none.
        """
        one = self.standing(lab)
        try:
            with unchanged(lab, one.call, one.mark):
                yield one.call
        except Broken:
            lab.parents.made[self._spoilt] = (self._turn(lab) + 1, ())
            raise

    def _key(self, lab: Lab) -> str:
        return f"standing {self.operation_id} {self._turn(lab)}"

    def _turn(self, lab: Lab) -> int:
        """Return how many standing calls were spoilt in this run."""
        return int(lab.parents.made.get(self._spoilt, (0, ()))[0])

    @property
    def _spoilt(self) -> str:
        return f"spoilt {self.operation_id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A right call that was never sent, and the mark of the lab that made it."""

    call: Call
    mark: str


#: operationId -> makes its right calls
Makes = Mapping[str, Make]


def makes(right: RightCalls) -> Makes:
    """Return the makers of right calls by operationId."""
    return {name: Make(name, make) for name, make in right.items()}


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
