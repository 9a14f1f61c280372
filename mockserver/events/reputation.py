"""How destinations have behaved lately: for how long their deliveries wait, and are waited for.

Seconds of the machine, all of them: nothing of this changes what is sent, or when by the sandbox's
clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mockserver.events.fired import Fired
from mockserver.events.traffic import Window
from mockserver.events.wire import Reply
from mockserver.settings import Settings

#: For how long a delivery gives way to calls that come one upon the other.
_SOMEBODY_WAITS = 0.1
#: Where nobody was there the last time, nobody waits for it.
_NOBODY_WAITS = 1.0
#: How often it is tried then, at most. One refused connection answers for all that waited.
_BETWEEN = 0.1


@dataclass(slots=True)
class Reputation:
    """What is known of the destinations of one sandbox."""

    settings: Settings
    #: Those that did not answer the last time, and when that attempt began.
    _absent: dict[str, float] = field(default_factory=dict)
    #: Those that left an attempt without an answer, and the turn of the clock that this held.
    _silent: dict[str, Fired] = field(default_factory=dict)

    def window(self, destination_id: str, since: float) -> Window:
        """Return when a delivery goes on that waits since a moment of the monotonic clock."""
        last = self._absent.get(destination_id)
        if last is None:
            return Window(since, since + _SOMEBODY_WAITS)
        if since <= last:  # it has been answered for
            return Window(since, since + _NOBODY_WAITS)
        return Window(last + _BETWEEN, max(last + _BETWEEN, since + _NOBODY_WAITS))

    def timeout(self, destination_id: str, turn: Fired | None) -> float:
        """Return how long an answer may take.

        A turn of the clock waits at length only once for a destination: there may be many attempts
        in it, and whoever turns the clock waits for them all.
        """
        usual = self.settings.webhook_timeout
        if turn is not None and self._silent.get(destination_id) is turn:
            return min(self.settings.webhook_turn_timeout, usual)
        return usual

    def note(self, destination_id: str, reply: Reply, began: float, turn: Fired | None) -> None:
        """Note how an attempt went, when it began, and the turn of the clock that waited for it."""
        if reply.status is not None:
            self._absent.pop(destination_id, None)
        elif reply.duration:  # without, an attempt before it has answered for it
            self._absent[destination_id] = began
        long = min(self.settings.webhook_turn_timeout, self.settings.webhook_timeout)
        if turn is not None and reply.status is None and reply.duration >= long:
            self._silent[destination_id] = turn
        else:
            self._silent.pop(destination_id, None)
