"""Who delivers messages, as the scheduler knows them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from mockserver.events.fired import Fired
from mockserver.events.traffic import Traffic
from mockserver.rules.work import Work
from mockserver.state.outbox import Message
from mockserver.state.sandbox import Sandbox

T = TypeVar("T")
_MOST_KEPT = 10_000


class Changes(Protocol):
    """How a dispatcher changes a sandbox: in the event loop, in a unit of work that is kept."""

    @property
    def traffic(self) -> Traffic:
        """The calls that deliveries give way to."""

    def turning(self, sandbox: Sandbox) -> Fired | None:
        """Return the turn that the sandbox's clock is in, if it is turned just now."""

    def now(self, sandbox: Sandbox) -> int:
        """Return the moment by the sandbox's clock: microseconds since 1970-01-01 UTC."""

    def change(
        self, sandbox: Sandbox, act: Callable[[Work], T], *, generation: int | None = None
    ) -> T | None:
        """Run `act` and keep what it wrote, scheduled and sent; return what it returns.

        Args:
            sandbox: the world to change.
            act: the change; what it raises is raised, and nothing is kept then.
            generation: of the message that this is about. When the sandbox was put back since,
                nothing is done and None comes back: note it with `sandbox.drop`.
        """


class Dispatcher(Protocol):
    """Delivers messages. An attempt that fails comes back as a job: see `retries.retry`."""

    def attach(self, changes: Changes) -> None:
        """Take the way to change sandboxes; called once, before anything is accepted."""

    def accept(self, sandbox: Sandbox, messages: Sequence[Message]) -> None:
        """Take messages that were committed, in the order of the commits.

        Called in the event loop, on the way of a request: it must return at once. A message of an
        attempt above 1 is a retry that fell due now.
        """

    async def settled(self, sandbox: Sandbox, until: int) -> None:
        """Return when nothing of the sandbox is under way or waits for its turn.

        Args:
            sandbox: the world.
            until: the moment at which the clock stands. What waits for a later one is a job.
        """

    def pending(self, sandbox: Sandbox) -> int:
        """Return how many messages are under way or wait for their turn."""

    async def close(self) -> None:
        """End what is under way; nothing is accepted afterwards."""


@dataclass(slots=True)
class Kept:
    """Delivers nothing: keeps the latest messages for whoever asks."""

    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))

    def attach(self, changes: Changes) -> None:
        """Need no changes."""

    def accept(self, sandbox: Sandbox, messages: Sequence[Message]) -> None:  # noqa: ARG002 # it is the same for all
        """Keep messages."""
        self.messages.extend(messages)

    async def settled(self, sandbox: Sandbox, until: int) -> None:
        """Return at once: nothing is under way."""

    def pending(self, sandbox: Sandbox) -> int:  # noqa: ARG002 # it is the same for all
        """Return 0: nothing is under way."""
        return 0

    async def close(self) -> None:
        """Have nothing to end."""
