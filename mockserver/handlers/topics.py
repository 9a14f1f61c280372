"""Topics, and the routes from topics to destinations."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import topics
from mockserver.resources.routes import TOPIC_DESTINATION_ROUTES
from mockserver.resources.topics import TOPICS
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("createTopic")
def create_topic(call: Call, *, body: Record) -> Record:
    topics.check(body["name"])
    fields = {"name": body["name"], "projectId": call.project_id}
    return views.show(TOPICS, records.create(call.work, TOPICS, fields))


@operation("listTopics")
def list_topics(call: Call) -> list[Any]:
    found = records.listed(call.work, TOPICS, call.project_id)
    return [views.show(TOPICS, topic) for topic in found]


@operation("updateTopic")
def update_topic(call: Call, *, topic_id: str, body: Record) -> Record:
    topic = _get(call, topic_id)
    topics.check(body["name"])
    changed = records.update(call.work, TOPICS, topic, {**topic, "name": body["name"]})
    return views.show(TOPICS, changed)


@operation("deleteTopic")
def delete_topic(call: Call, *, topic_id: str) -> None:
    records.delete(call.work, TOPICS, _get(call, topic_id))


@operation("createTopicDestinationRoute")
def create_topic_destination_route(call: Call, *, body: Record) -> Record:
    fields = {
        "projectId": call.project_id,
        "topicId": body["topicId"],
        "destinationId": body["destinationId"],
    }
    route = records.create(call.work, TOPIC_DESTINATION_ROUTES, fields)
    return views.show(TOPIC_DESTINATION_ROUTES, route)


@operation("listTopicDestinationRoutes")
def list_topic_destination_routes(
    call: Call, *, topic_id: str | None, destination_id: str | None
) -> list[Any]:
    filters = {"topicId": topic_id, "destinationId": destination_id}
    found = records.listed(call.work, TOPIC_DESTINATION_ROUTES, call.project_id, filters)
    return [views.show(TOPIC_DESTINATION_ROUTES, route) for route in found]


@operation("deleteTopicDestinationRoute")
def delete_topic_destination_route(call: Call, *, route_id: str) -> None:
    route = records.get(
        call.work, TOPIC_DESTINATION_ROUTES, call.project_id, route_id, parameter="routeId"
    )
    records.delete(call.work, TOPIC_DESTINATION_ROUTES, route)


def _get(call: Call, topic_id: str) -> Record:
    return records.get(call.work, TOPICS, call.project_id, topic_id, parameter="topicId")
