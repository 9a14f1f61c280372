"""What the control plane shows and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation
from mockserver.coverage.tally import Tallies
from mockserver.events.delivery import Deliveries
from mockserver.events.ending import Ending
from mockserver.events.scheduler import Scheduler
from mockserver.faults.armory import Armory
from mockserver.journal.observed import Observed
from mockserver.seeding.fixtures import Fixtures
from mockserver.settings import Settings
from mockserver.state.worlds import Worlds


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything of one mock that has routes of its own."""

    contract: Contract
    worlds: Worlds
    scheduler: Scheduler
    deliveries: Deliveries
    fixtures: Fixtures
    settings: Settings
    ending: Ending
    armory: Armory
    observed: Observed
    tallies: Tallies
    counted: Mapping[str, Mapping[str, Operation]]  # what coverage is of: operations by base path
