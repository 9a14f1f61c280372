"""How deliveries to destinations go, what they missed, and how bad all deliveries are."""

from __future__ import annotations

from typing import Any

from mockserver.events.disorder import CONTROL, modes_of
from mockserver.handlers.call import Call, operation
from mockserver.resources import destination_health
from mockserver.resources.destinations import DESTINATIONS
from mockserver.rules.errors import not_found
from mockserver.state.tables import Record


@operation("getDeliveryModes")
def get_delivery_modes(call: Call) -> dict[str, float]:
    return modes_of(call.work.tx.control(CONTROL))


@operation("setDeliveryModes")
def set_delivery_modes(call: Call, *, body: Record) -> dict[str, float]:
    call.work.tx.set_control(CONTROL, dict(body) or None)
    return modes_of(body)


@operation("getDestinationHealth")
def get_destination_health(call: Call, *, destination_id: str) -> dict[str, Any]:
    destination = _found(call, destination_id)
    health = destination_health.of(call.work, destination["id"])
    times = {name: health[name] for name in ("failingSince", "disabledTime") if name in health}
    failing = "failing" if "failingSince" in health else "healthy"
    return {
        "destinationId": destination["id"],
        "destinationName": destination["name"],
        "status": "disabled" if "disabledTime" in health else failing,
        **times,
        "missed": len(destination_health.missed_by(call.work, destination["id"])),
    }


@operation("recoverDestination")
def recover_destination(call: Call, *, destination_id: str) -> dict[str, Any]:
    destination = _found(call, destination_id)
    resent = destination_health.recover(call.work, destination["id"])
    return {"destinationId": destination["id"], "resent": resent}


def _found(call: Call, wanted: str) -> Record:
    """Find a destination by its id, else by a name that one project alone has."""
    tx = call.work.tx
    found = tx.get(DESTINATIONS.name, wanted)
    if found is not None:
        return found
    named = [record for record in tx.all(DESTINATIONS.name) if record["name"] == wanted]
    if len(named) != 1:
        raise not_found("destination", "destinationId", wanted)
    return named[0]
