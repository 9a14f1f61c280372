"""Routes: from event types to topics, and from topics to destinations."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families.destinations import destination
from mockserver.conformance.families.topics import topic
from mockserver.conformance.family import (
    Bound,
    Family,
    Filter,
    Place,
    Reference,
    Variant,
    in_project,
    just,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls

#: Event types that a route can be made for, by the body of createEventTopicRoute.
EVENT_TYPES = (
    "read.backfill.done",
    "connection.created",
    "connection.error",
    "connection.refreshed",
    "connection.deleted",
    "installation.created",
    "installation.updated",
    "installation.deleted",
    "read.schedule.paused",
    "write.async.done",
    "destination.webhook.disabled",
)
#: Those that only the answers and the filter name: taken by some, refused by the letter.
LATER_EVENT_TYPES = ("read.triggered.done", "read.triggered.error")


def _event(lab: Lab, place: Place, event_type: str) -> Call:
    body = {"eventType": event_type, "topicId": topic(lab, place)}
    return Call("createEventTopicRoute", in_project(lab, place), body=body)


EVENT_ROUTES = Family(
    noun="event-topic route",
    variants=(
        Variant("created", lambda lab, place: _event(lab, place, "installation.created")),
        Variant("error", lambda lab, place: _event(lab, place, "connection.error")),
    ),
    create="createEventTopicRoute",
    lists=("listEventTopicRoutes",),
    delete="deleteEventTopicRoute",
    filters=(Filter("topicId", "topicId"), Filter("eventType", "eventType", is_open=False)),
    bounds=(
        Bound(
            "eventType",
            taken=tuple(just(name) for name in EVENT_TYPES),
            refused=(just("installation.unknown"), just("INSTALLATION.CREATED"), just("")),
        ),
    ),
    references=(Reference("topicId", "topic"),),
)


def _delivery(lab: Lab, place: Place) -> Call:
    body = {"topicId": topic(lab, place), "destinationId": destination(lab, place)}
    return Call("createTopicDestinationRoute", in_project(lab, place), body=body)


DESTINATION_ROUTES = Family(
    noun="topic-destination route",
    variants=(Variant("plain", _delivery),),
    create="createTopicDestinationRoute",
    lists=("listTopicDestinationRoutes",),
    delete="deleteTopicDestinationRoute",
    filters=(Filter("topicId", "topicId"), Filter("destinationId", "destinationId")),
    references=(Reference("topicId", "topic"), Reference("destinationId", "destination")),
)

FAMILIES: tuple[Family, ...] = (EVENT_ROUTES, DESTINATION_ROUTES)
RIGHT: RightCalls = {**right_calls(EVENT_ROUTES), **right_calls(DESTINATION_ROUTES)}
