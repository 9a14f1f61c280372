"""What a run is made of: layers that share one budget, each a stream of trials.

A layer only tries things and says what it saw. Everything else is the run's: it looks at the
flaws of every single answer in the labs that the layer took, tries each violation again from
scratch, shrinks it, reports one cause once, and writes the reports.
"""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Protocol

from mockserver.conformance.calls import RightCalls
from mockserver.conformance.door import Door
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.lab import Lab, Parents
from mockserver.conformance.pace import Deadline, Watch
from mockserver.conformance.rules import (
    Broken,
    Inconclusive,
    Refused,
    Rule,
    Strength,
    Unreached,
)
from mockserver.contract.contract import Contract

#: Tries something in a fresh lab: returns when it holds, raises what a rule raises when not.
Again = Callable[[Lab], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried, what it came to, and how to try it again from scratch."""

    finding: Finding
    again: Again | None = None  # None: the run replays the trace


@dataclass
class Session:
    """What a layer works with. Everything random in a layer is drawn from `seed`.

    A layer takes a lab for each thing that it tries, so that traces stay short and apart, and
    looks at `deadline` before each of them.
    """

    door: Door
    mark: str  # of the run: stands in every name that it makes
    seed: int
    deadline: Deadline
    right: RightCalls = field(default_factory=dict)
    parents: Parents = field(default_factory=Parents)
    taken: list[Lab] = field(default_factory=list)  # labs that the run has not looked at yet
    numbers: Iterator[int] = field(default_factory=itertools.count)
    #: Deletes what was made since the last time and is no shared parent: call it where nothing
    #: that was made before is needed any more. It only keeps lists short.
    tidy: Callable[[], None] = lambda: None

    @property
    def watch(self) -> Watch:
        """The clock of this run."""
        return self.deadline.watch

    @property
    def contract(self) -> Contract:
        """The contract that is held against the target."""
        return self.door.contract

    def number(self) -> str:
        """Return a number that no lab had: four hexadecimal digits."""
        return f"{next(self.numbers):04x}"

    def lab(self) -> Lab:
        """Return a fresh lab, whose names nobody else has."""
        lab = self.unseen_lab()
        self.taken.append(lab)
        return lab

    def unseen_lab(self) -> Lab:
        """Return a fresh lab that the run does not look at until it is put into `taken`."""
        return Lab(self.door, f"{self.mark}-{self.number()}", self.parents)


class Layer(Protocol):
    """One way of looking for what is wrong."""

    @property
    def name(self) -> str:
        """How reports and `--layers` call it: "rules", "laws", "generated"."""

    @property
    def share(self) -> float:
        """Which part of the time that is left it may take when its turn comes, above 0 to 1."""

    def plan(self, session: Session) -> Mapping[str, int]:
        """Return how many trials each operation will have, as far as that is known."""

    def run(self, session: Session) -> Iterator[Trial]:
        """Try things until all are tried or the session's deadline is over.

        Yield a trial for each, also for those that held: progress and reach are counted by them.
        The run may call it again with more time when the other layers left some; a layer that has
        nothing more to try yields nothing then.
        """


def tried(rule: Rule, lab: Lab) -> Finding:
    """Run a rule in a lab and return what it came to."""
    try:
        rule.run(lab)
    except Broken as broken:
        return _broken(rule, lab, broken)
    except Refused as refused:
        return _finding(rule, lab, Verdict.SKIPPED, str(refused))
    except Unreached as unreached:
        return _finding(rule, lab, Verdict.NOT_REACHED, str(unreached))
    except Inconclusive as inconclusive:
        return _finding(rule, lab, Verdict.INCONCLUSIVE, str(inconclusive))
    except Exception as error:  # one rule's mistake must not end the run: it is told
        return _finding(rule, lab, Verdict.INCONCLUSIVE, f"the rule failed: {_where(error)}")
    return _finding(rule, lab, Verdict.HELD, "")


def _where(error: Exception) -> str:
    """Return an error with the place in our code that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{error!r} at {PurePath(last.filename).name}:{last.lineno}"


def _broken(rule: Rule, lab: Lab, broken: Broken) -> Finding:
    strength = broken.strength or rule.strength
    verdict = Verdict.VIOLATION if strength is Strength.PROMISED else Verdict.SUSPECT
    return _finding(
        rule,
        lab,
        verdict,
        broken.detail,
        pointer=broken.pointer,
        contract=broken.cites or rule.cites,
    )


def _finding(rule: Rule, lab: Lab, verdict: Verdict, detail: str, **more: Any) -> Finding:
    return Finding(
        verdict,
        rule.operation_id,
        rule.name,
        detail,
        trace=tuple(lab.trace),
        **{"contract": rule.cites, **more},
    )
