"""Destinations."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import destinations
from mockserver.resources.destinations import DESTINATIONS
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("createDestination")
def create_destination(call: Call, *, body: Record) -> Record:
    return views.show(DESTINATIONS, destinations.create(call.work, call.project_id, body))


@operation("listDestinations")
def list_destinations(call: Call) -> list[Any]:
    found = records.listed(call.work, DESTINATIONS, call.project_id)
    return [views.show(DESTINATIONS, destination) for destination in found]


@operation("getDestination")
def get_destination(
    call: Call, *, destination: str, include_secrets: bool | None, rotate: bool | None
) -> Record:
    found = _get(call, destination)
    if rotate:
        found = destinations.rotate(call.work, found)
    shown = views.show(DESTINATIONS, found)
    if include_secrets:
        return {**shown, "secrets": destinations.shown_secrets(found)}
    return shown


@operation("updateDestination")
def update_destination(call: Call, *, destination: str, body: Record) -> Record:
    changed = destinations.change(call.work, _get(call, destination), body)
    return views.show(DESTINATIONS, changed)


@operation("deleteDestination")
def delete_destination(call: Call, *, destination: str) -> None:
    records.delete(call.work, DESTINATIONS, _get(call, destination))


def _get(call: Call, destination: str) -> Record:
    return records.get(
        call.work, DESTINATIONS, call.project_id, destination, parameter="destination"
    )
