"""Handlers of the control plane, described by its own contract."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.admin import destinations, simulation
from mockserver.admin.clock import clock_handlers
from mockserver.admin.deliveries import delivery_handlers
from mockserver.admin.rooms import Rooms
from mockserver.admin.status import status_handlers
from mockserver.handlers.call import Handler, collect

__all__ = ["Rooms", "handlers"]


def handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the control plane's handlers by operationId."""
    return {
        **status_handlers(rooms.contract),
        **clock_handlers(rooms.scheduler),
        **delivery_handlers(rooms.deliveries),
        **collect([simulation, destinations]),
    }
