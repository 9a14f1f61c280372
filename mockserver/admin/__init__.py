"""Handlers of the control plane, described by its own contract."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.admin import destinations, simulation, tokens
from mockserver.admin.clock import clock_handlers
from mockserver.admin.coverage import coverage_handlers
from mockserver.admin.deliveries import delivery_handlers
from mockserver.admin.events import event_handlers
from mockserver.admin.lifecycle import lifecycle_handlers
from mockserver.admin.mappings import mapping_handlers
from mockserver.admin.metrics import metrics_handlers
from mockserver.admin.misbehaviour import misbehaviour_handlers
from mockserver.admin.near_misses import near_miss_handlers
from mockserver.admin.requests import request_handlers
from mockserver.admin.rooms import Rooms
from mockserver.admin.sandboxes import sandbox_handlers
from mockserver.admin.settings import settings_handlers
from mockserver.admin.snapshots import snapshot_handlers
from mockserver.admin.state import state_handlers
from mockserver.admin.status import status_handlers
from mockserver.handlers.call import Handler, collect

__all__ = ["Rooms", "handlers"]


def handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the control plane's handlers by operationId."""
    return {
        **status_handlers(rooms.contract),
        **sandbox_handlers(rooms),
        **state_handlers(rooms),
        **snapshot_handlers(rooms),
        **settings_handlers(rooms.settings, rooms.armory),
        **clock_handlers(rooms.scheduler),
        **delivery_handlers(rooms.deliveries),
        **request_handlers(rooms.observed),
        **near_miss_handlers(rooms.observed),
        **event_handlers(rooms.observed),
        **metrics_handlers(rooms),
        **coverage_handlers(rooms),
        **mapping_handlers(rooms.armory),
        **misbehaviour_handlers(rooms.armory, rooms.scheduler),
        **lifecycle_handlers(rooms.ending, rooms.worlds),
        **collect([simulation, destinations, tokens]),
    }
