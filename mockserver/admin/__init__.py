"""Handlers of the control plane, described by its own contract."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.admin.status import status_handlers
from mockserver.contract.contract import Contract
from mockserver.events.scheduler import Scheduler
from mockserver.handlers.call import Handler

__all__ = ["handlers"]


def handlers(contract: Contract, _scheduler: Scheduler) -> Mapping[str, Handler]:
    """Return the control plane's handlers by operationId."""
    return {**status_handlers(contract)}
