"""What the control plane shows and changes."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.contract.contract import Contract
from mockserver.events.delivery import Deliveries
from mockserver.events.scheduler import Scheduler
from mockserver.state.worlds import Worlds


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything of one mock that has routes of its own."""

    contract: Contract
    worlds: Worlds
    scheduler: Scheduler
    deliveries: Deliveries
