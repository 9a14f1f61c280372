"""Notifications: the routes from event types to topics."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources.routes import EVENT_TOPIC_ROUTES
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("createEventTopicRoute")
def create_event_topic_route(call: Call, *, body: Record) -> Record:
    fields = {
        "projectId": call.project_id,
        "eventType": body["eventType"],
        "topicId": body["topicId"],
    }
    route = records.create(call.work, EVENT_TOPIC_ROUTES, fields)
    return views.show(EVENT_TOPIC_ROUTES, route)


@operation("listEventTopicRoutes")
def list_event_topic_routes(
    call: Call, *, topic_id: str | None, event_type: str | None
) -> list[Any]:
    filters = {"topicId": topic_id, "eventType": event_type}
    found = records.listed(call.work, EVENT_TOPIC_ROUTES, call.project_id, filters)
    return [views.show(EVENT_TOPIC_ROUTES, route) for route in found]


@operation("deleteEventTopicRoute")
def delete_event_topic_route(call: Call, *, route_id: str) -> None:
    route = records.get(
        call.work, EVENT_TOPIC_ROUTES, call.project_id, route_id, parameter="routeId"
    )
    records.delete(call.work, EVENT_TOPIC_ROUTES, route)
