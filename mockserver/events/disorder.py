"""Modes that make deliveries as bad as networks are: duplicates, and messages out of order.

What happens to a message is a function of the seed and its id, so that it happens again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.simulation.clock import SECOND
from mockserver.simulation.identity import Identity
from mockserver.state.sandbox import Sandbox

#: Under this name the modes are arranged in the sandbox's state.
CONTROL = "deliveryModes"
MODES: Mapping[str, float] = {"duplicates": 0.0, "outOfOrder": 0.0, "longestDelay": 30.0}


@dataclass(frozen=True, slots=True)
class Disorder:
    """What is wrong with the deliveries of a sandbox."""

    identity: Identity
    duplicates: float  # the share of delivered messages that are sent once more
    out_of_order: float  # the share of messages that wait before they are first sent
    longest_delay: float  # seconds by the sandbox's clock

    @classmethod
    def of(cls, sandbox: Sandbox) -> Disorder:
        """Return what is arranged for a sandbox."""
        modes = modes_of(sandbox.root.controls.get(CONTROL))
        values = (modes["duplicates"], modes["outOfOrder"], modes["longestDelay"])
        return cls(Identity(sandbox.seed), *values)

    def delay(self, message_id: str) -> int:
        """Return how long a message waits before it is first sent, in microseconds."""
        if not self._chosen("outOfOrder", message_id, self.out_of_order):
            return 0
        share = self.identity.fraction("outOfOrder/delay", message_id)
        return max(round(share * self.longest_delay * SECOND), 1)

    def repeats(self, message_id: str) -> bool:
        """Tell whether a message is sent once more after it was delivered."""
        return self._chosen("duplicates", message_id, self.duplicates)

    def _chosen(self, stream: str, message_id: str, share: float) -> bool:
        return share > 0 and self.identity.fraction(stream, message_id) < share


def modes_of(arranged: Any) -> dict[str, float]:
    """Return the modes in full, from what is arranged of them."""
    return {**MODES, **(arranged or {})}
