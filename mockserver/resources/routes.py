"""The two kinds of routes: event type to topic, and topic to destination."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource, Unique

EVENT_TOPIC_ROUTES = Resource(
    name="eventTopicRoutes",
    noun="route",
    component="NotificationEventTopicRoute",
    scope="projectId",
    owner="projects",
    filters=("topicId", "eventType"),
    # Assumed: the same route twice is a mistake.
    unique=(
        Unique(
            ("projectId", "topicId", "eventType"),
            "this event type is already routed to this topic",
            "use the route that exists",
        ),
    ),
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference("topicId", "topics", "topic", on_delete="cascade"),
    ),
)

TOPIC_DESTINATION_ROUTES = Resource(
    name="topicDestinationRoutes",
    noun="route",
    component="TopicDestinationRoute",
    scope="projectId",
    owner="projects",
    filters=("topicId", "destinationId"),
    # Assumed: the same route twice is a mistake.
    unique=(
        Unique(
            ("projectId", "topicId", "destinationId"),
            "this topic is already routed to this destination",
            "use the route that exists",
        ),
    ),
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference("topicId", "topics", "topic", on_delete="cascade"),
        Reference("destinationId", "destinations", "destination", on_delete="cascade"),
    ),
)
