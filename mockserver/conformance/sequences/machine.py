"""The state machine: Hypothesis chooses steps, plays them, and shortens what breaks a promise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Inconclusive, Refused, Unreached
from mockserver.conformance.sequences import reads, writes
from mockserver.conformance.sequences.play import Play, Step, choose

ACTIONS: Mapping[str, Callable[[Play, Step], None]] = {
    "choose": choose,
    "create": writes.create,
    "update": writes.update,
    "delete": writes.delete,
    "touch-the-dead": writes.touch_the_dead,
    "get": reads.get,
    "list": reads.listing,
    "filter": reads.filtered,
    "from-elsewhere": reads.from_elsewhere,
}
SWEEP: Final = Step("sweep")
#: Tries at shortening a sequence. What is gained after that is little, and calls may be slow.
_SHORTENINGS = 60


@dataclass(frozen=True, slots=True)
class Break:
    """A promise that a sequence broke, and the sequence."""

    broken: Broken
    operation_id: str
    steps: tuple[Step, ...]
    trace: tuple[Exchange, ...]

    @property
    def rule(self) -> str:
        """How reports call it."""
        return f"sequence-{self.steps[-1].action}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes two of them the same."""
        return self.operation_id, self.rule


@dataclass
class Round:
    """What the machines of one round share, and what they found."""

    lab: Callable[[], Lab]
    is_over: Callable[[], bool]
    known: set[tuple[str, str]] = field(default_factory=set)  # not told again
    barred: set[str] = field(default_factory=set)  # nouns that may not be made
    found: Break | None = None
    unreachable: Inconclusive | None = None
    played: list[Exchange] = field(default_factory=list)
    shortened: int = 0  # sequences that were tried since one broke something

    @property
    def is_enough(self) -> bool:
        """Whether nothing is played any more: what Hypothesis still wants then costs nothing."""
        return self.is_over() or self.unreachable is not None or self.shortened > _SHORTENINGS


def replay(steps: Iterable[Step], lab: Lab) -> None:
    """Play steps from scratch, the sweep at the end as well.

    Raises:
        Broken: they break a promise.
        Inconclusive: the target could not be asked.
    """
    try:
        play = Play(lab)
        for step in steps:
            play_step(play, step)
    except (Refused, Unreached):
        return


def play_step(play: Play, step: Step) -> None:
    """Play one step, or the sweep at the end."""
    if step == SWEEP:
        reads.sweep(play)
    else:
        play.take(step, ACTIONS)


_MANY: Final = st.integers(0, 2**16)
_FEW: Final = st.integers(0, 40)


class Sequences(RuleBasedStateMachine):
    """Each rule is one step; the sweep comes last. `machine` gives it the round it plays in."""

    shared: Round

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.shared.shortened += self.shared.found is not None
        self.stopped = self.shared.is_enough
        self.play = None if self.stopped else Play(self.shared.lab(), self.shared.barred)

    def step(self, step: Step) -> None:
        """Play a step, unless something stopped the sequence."""
        if self.stopped or self.play is None or self.shared.is_enough:
            return
        self.steps.append(step)
        try:
            play_step(self.play, step)
        except Inconclusive as reason:
            self.stopped, self.shared.unreachable = True, reason
        except (Refused, Unreached):
            self.stopped = True
        except Broken as broken:
            self.stopped = True
            self.tell(broken)

    def tell(self, broken: Broken) -> None:
        """Note what broke, and fail; what is known already only ends the sequence.

        Raises:
            Broken: it is news.
        """
        play = self.play
        if play is None:
            return
        steps, trace = tuple(self.steps), tuple(play.lab.trace)
        found = Break(broken, play.operation, steps, trace)
        if found.key not in self.shared.known:
            self.shared.found = found
            raise broken

    @initialize(first=_FEW, second=_FEW, third=_FEW)
    def choose(self, first: int, second: int, third: int) -> None:
        """Choose the nouns of the sequence."""
        self.step(Step("choose", first, 0, second, third))

    @rule(noun=_FEW, place=st.integers(0, 1), pick=_FEW, twist=_FEW)
    def create(self, noun: int, place: int, pick: int, twist: int) -> None:
        """Make a record."""
        self.step(Step("create", noun, place, pick, twist))

    @rule(noun=_FEW, place=st.integers(0, 1), pick=_FEW, twist=_FEW)
    def create_another(self, noun: int, place: int, pick: int, twist: int) -> None:
        """Make a record: creating is twice as likely as the rest."""
        self.step(Step("create", noun, place, pick, twist))

    @rule(masks=_MANY, pick=_FEW, twist=_FEW)
    def update(self, masks: int, pick: int, twist: int) -> None:
        """Update a record."""
        self.step(Step("update", masks, 0, pick, twist))

    @rule(pick=_FEW)
    def delete(self, pick: int) -> None:
        """Delete a record."""
        self.step(Step("delete", pick=pick))

    @rule(pick=_FEW, twist=_FEW)
    def touch_the_dead(self, pick: int, twist: int) -> None:
        """Use a record that was deleted."""
        self.step(Step("touch-the-dead", pick=pick, twist=twist))

    @rule(pick=_FEW)
    def get(self, pick: int) -> None:
        """Read a record."""
        self.step(Step("get", pick=pick))

    @rule(pick=_FEW, twist=_FEW)
    def listing(self, pick: int, twist: int) -> None:
        """Read a list."""
        self.step(Step("list", pick=pick, twist=twist))

    @rule(filters=_MANY, pick=_FEW, twist=_FEW)
    def filtered(self, filters: int, pick: int, twist: int) -> None:
        """Read a list by what a record has."""
        self.step(Step("filter", filters, 0, pick, twist))

    @rule(masks=_FEW, pick=_FEW, twist=_FEW)
    def from_elsewhere(self, masks: int, pick: int, twist: int) -> None:
        """Use a record through the other project."""
        self.step(Step("from-elsewhere", masks, 0, pick, twist))

    def teardown(self) -> None:
        """Sweep: everything must be what the model says."""
        if not self.stopped:
            self.step(SWEEP)
        if self.play is not None:
            self.shared.played += self.play.lab.trace


def machine(shared: Round) -> type[Sequences]:
    """Return the class of a state machine that plays in the labs of a round."""
    return type("Sequences", (Sequences,), {"shared": shared})
