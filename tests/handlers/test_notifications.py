"""Routes from event types to topics, through the door users use."""

from __future__ import annotations

import pytest

from tests import calls
from tests.client import Client
from tests.conftest import make_mock

ROUTES = "/projects/my-project/notification-event-topic-routes"
NEW = {"eventType": "connection.created", "topicId": calls.SYSTEM_ALERTS}
OLD_EVENTS = [
    "connection.created",
    "connection.error",
    "connection.refreshed",
    "connection.deleted",
    "installation.created",
    "installation.updated",
    "installation.deleted",
    "read.schedule.paused",
    "read.backfill.done",
    "write.async.done",
    "destination.webhook.disabled",
]
NEW_EVENTS = ["read.triggered.done", "read.triggered.error"]


def test_a_created_route_is_listed_once(client: Client):
    created = client.post(ROUTES, NEW)

    assert created.status == 201
    assert created.json.keys() == {"id", "projectId", "eventType", "topicId", "createTime"}
    assert [r for r in client.get(ROUTES).json if r["id"] == created.json["id"]] == [created.json]


def test_all_13_event_types_can_be_routed(client: Client):
    topic = client.post("/projects/my-project/topics", {"name": "all"}).json["id"]

    for event in OLD_EVENTS + NEW_EVENTS:
        made = client.post(ROUTES, {"eventType": event, "topicId": topic})
        assert (made.status, made.json["eventType"]) == (201, event)
    assert len(client.get(f"{ROUTES}?topicId={topic}").json) == 13


def test_when_held_to_the_letter_only_11_event_types_can_be_routed():
    strict = Client(make_mock(strict=True))
    topic = strict.post("/projects/my-project/topics", {"name": "all"}).json["id"]

    def route(event: str) -> int:
        return strict.post(ROUTES, {"eventType": event, "topicId": topic}).status

    assert {route(event) for event in OLD_EVENTS} == {201}
    assert {route(event) for event in NEW_EVENTS} == {422}


@pytest.mark.parametrize(
    "event", ["connection.updated", "subscribe.create.error", "Connection.Created", ""]
)
def test_an_event_type_that_the_contract_does_not_name_is_refused(client: Client, event: str):
    created = client.post(ROUTES, {**NEW, "eventType": event})
    listed = client.get(f"{ROUTES}?eventType={event}")

    assert (created.status, created.issue_names) == (422, ["eventType"])
    assert (listed.status, listed.issue_names) == (400, ["eventType"])


@pytest.mark.parametrize("topic", [calls.NOTHING, calls.THEIRS["topicId"], "system-alerts"])
def test_a_route_to_a_topic_that_the_project_does_not_have_is_404(client: Client, topic: str):
    refused = client.post(ROUTES, {**NEW, "topicId": topic})

    assert refused.status == 404


def test_the_same_route_twice_is_422(client: Client):
    client.post(ROUTES, NEW)

    refused = client.post(ROUTES, NEW)

    assert refused.status == 422
    assert refused.issues


def test_one_event_type_may_be_routed_to_several_topics(client: Client):
    for topic in (calls.INSTALLATION_EVENTS, calls.SYSTEM_ALERTS):
        assert client.post(ROUTES, {**NEW, "topicId": topic}).status == 201

    assert len(client.get(f"{ROUTES}?eventType=connection.created").json) == 2


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("?eventType=installation.created", 1),
        (f"?topicId={calls.INSTALLATION_EVENTS}", 2),
        (f"?topicId={calls.SYSTEM_ALERTS}&eventType=installation.created", 0),
        ("?topicId=unknown", 0),
    ],
)
def test_a_list_of_routes_can_be_narrowed(client: Client, query: str, number: int):
    listed = client.get(f"{ROUTES}{query}")

    assert (listed.status, len(listed.json)) == (200, number)


def test_a_deleted_route_is_gone_and_its_topic_stays(client: Client):
    path = f"{ROUTES}/{calls.EVENT_ROUTE}"

    deleted = client.delete(path)

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.delete(path).status == 404
    assert calls.EVENT_ROUTE not in [route["id"] for route in client.get(ROUTES).json]
    assert len(client.get("/projects/my-project/topics").json) == 2


def test_a_frontend_key_does_not_reach_routes(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    assert frontend.get(ROUTES).status == 403
    assert frontend.post(ROUTES, NEW).status == 403
