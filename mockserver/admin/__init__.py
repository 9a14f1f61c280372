"""Handlers of the control plane, described by its own contract."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.admin import destinations, simulation
from mockserver.admin.clock import clock_handlers
from mockserver.admin.deliveries import delivery_handlers
from mockserver.admin.status import status_handlers
from mockserver.contract.contract import Contract
from mockserver.events.delivery import Deliveries
from mockserver.events.scheduler import Scheduler
from mockserver.handlers.call import Handler, collect

__all__ = ["handlers"]


def handlers(
    contract: Contract, scheduler: Scheduler, deliveries: Deliveries
) -> Mapping[str, Handler]:
    """Return the control plane's handlers by operationId."""
    return {
        **status_handlers(contract),
        **clock_handlers(scheduler),
        **delivery_handlers(deliveries),
        **collect([simulation, destinations]),
    }
