"""A named world: one root at a time, and the snapshots taken of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from mockserver.state.root import Root

_MOST_DROPPED = 1000


@dataclass(frozen=True, slots=True)
class Dropped:
    """A job or a message that will not be done, and why."""

    what: str  # "job" or "message"
    id: str
    kind: str  # of a job its kind, of a message its event type
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state that was kept under a name."""

    root: Root
    taken: int  # microseconds since 1970-01-01 UTC, by the machine's clock


@dataclass(slots=True)
class Sandbox:
    """Holds the current root of one world; swapping roots is the only change it knows."""

    name: str
    seed: int
    root: Root
    baseline: Root
    #: Grows with every reset and restore: what was under way before belongs to an older one.
    generation: int = 0
    dropped: deque[Dropped] = field(default_factory=lambda: deque(maxlen=_MOST_DROPPED))
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    fixture: str = ""  # what it was made from; empty for a copy of another state
    created: int = 0  # microseconds since 1970-01-01 UTC, by the machine's clock
    used: int = 0  # when it was last selected, by the same clock
    is_gone: bool = False  # it was dropped: nothing is to be done for it any more
    #: What differences count from: the baseline, once what was due before has been done.
    began: Root = field(init=False)

    def __post_init__(self) -> None:
        """Begin where resets go."""
        self.began = self.baseline

    def reset(self) -> None:
        """Go back to the state the world was made with."""
        self.restore(self.baseline)
        self.began = self.root

    def start_anew(self, root: Root) -> None:
        """Take another state to start from, and go to it."""
        self.baseline = root
        self.reset()

    def snapshot(self) -> Root:
        """Return the current state; it stays what it is whatever happens next."""
        return self.root

    def restore(self, root: Root) -> None:
        """Make a state taken earlier the current one; drop what the present one had to do."""
        gone = "the sandbox was put back to an earlier state"
        if self.root.agenda is not root.agenda:  # mostly nothing was scheduled in between
            kept = root.agenda.jobs
            for job in self.root.agenda:
                if kept.get(job.id) is not job:
                    self.drop("job", job.id, job.kind, gone)
        for message in self.root.outbox:
            self.drop("message", message.id, message.event_type, gone)
        self.generation += 1
        # What waited to be handed out then was handed out then.
        self.root = root.with_outbox(()) if root.outbox else root

    def drop(self, what: str, identifier: str, kind: str, reason: str) -> None:
        """Note that a job or a message will not be done."""
        self.dropped.append(Dropped(what, identifier, kind, reason))
