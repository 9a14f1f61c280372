"""Topics and their routes to destinations, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Mock
from tests import calls
from tests.client import Client

TOPICS = "/projects/my-project/topics"
TOPIC = f"{TOPICS}/{calls.INSTALLATION_EVENTS}"
ROUTES = "/projects/my-project/topic-destination-routes"
NEW_ROUTE = {"topicId": calls.INSTALLATION_EVENTS, "destinationId": calls.ALERTS_WEBHOOK}


def test_a_topic_can_be_created_and_is_listed_once(client: Client):
    created = client.post(TOPICS, {"name": "lead-alerts"})

    assert created.status == 201
    assert created.json["projectId"] == calls.MY_PROJECT
    assert [t for t in client.get(TOPICS).json if t["name"] == "lead-alerts"] == [created.json]


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 65, "a_b", "a\n"])
def test_a_topic_name_has_letters_numbers_and_dashes_only(client: Client, name: str):
    created = client.post(TOPICS, {"name": name})
    renamed = client.patch(TOPIC, {"name": name})

    assert (created.status, created.issue_names) == (422, ["name"])
    assert (renamed.status, renamed.issue_names) == (422, ["name"])


@pytest.mark.parametrize("name", ["x", "A-1", "-", "x" * 64])
def test_a_topic_name_at_the_edge_of_the_rules_is_taken(client: Client, name: str):
    assert client.post(TOPICS, {"name": name}).status == 201
    assert client.patch(TOPIC, {"name": f"{name[:-1]}y"}).status == 200


@pytest.mark.parametrize("name", [None, 5, ["a"]])
def test_a_name_of_the_wrong_type_is_400(client: Client, name: Any):
    assert client.post(TOPICS, {"name": name}).status == 400
    assert client.patch(TOPIC, {"name": name}).status == 400


def test_a_name_that_is_taken_is_409(client: Client):
    created = client.post(TOPICS, {"name": "system-alerts"})
    renamed = client.patch(TOPIC, {"name": "system-alerts"})

    assert (created.status, renamed.status) == (409, 409)
    assert client.get(TOPICS).json[0]["name"] == "installation-events"


def test_topic_names_are_compared_exactly_and_within_their_project(client: Client):
    staging = client.as_(key="mock-staging-key")

    assert client.post(TOPICS, {"name": "System-Alerts"}).status == 201
    assert (
        staging.post("/projects/mailmonkey-staging/topics", {"name": "system-alerts"}).status == 201
    )


def test_a_topic_is_renamed_without_a_mask(client: Client, advance: Callable[[float], None]):
    old = client.get(TOPICS).json[0]
    advance(60)

    renamed = client.patch(TOPIC, {"name": "renamed"})

    assert (renamed.status, renamed.json) == (
        200,
        {**old, "name": "renamed", "updateTime": "2026-02-01T12:01:00.000000Z"},
    )
    assert client.get(TOPICS).json[0] == renamed.json


def test_a_topic_may_be_renamed_to_its_own_name(client: Client):
    assert client.patch(TOPIC, {"name": "installation-events"}).status == 200


def test_a_name_is_free_again_after_a_rename_and_after_a_deletion(client: Client):
    client.patch(TOPIC, {"name": "renamed"})
    assert client.post(TOPICS, {"name": "installation-events"}).status == 201

    client.delete(TOPIC)
    assert client.post(TOPICS, {"name": "renamed"}).status == 201


def test_a_deleted_topic_is_gone_together_with_both_kinds_of_routes(client: Client):
    deleted = client.delete(TOPIC)

    assert (deleted.status, deleted.body) == (204, b"")
    assert [t["id"] for t in client.get(TOPICS).json] == [calls.SYSTEM_ALERTS]
    assert client.delete(TOPIC).status == 404
    assert client.patch(TOPIC, {"name": "a"}).status == 404
    for routes in (ROUTES, "/projects/my-project/notification-event-topic-routes"):
        assert {route["topicId"] for route in client.get(routes).json} == {calls.SYSTEM_ALERTS}


NAMES = st.sampled_from(["a", "A", "b", "c-1"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.just(0), NAMES),
        st.tuples(st.just("rename"), st.integers(0, 5), NAMES),
        st.tuples(st.just("delete"), st.integers(0, 5), st.just("")),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_the_list_of_topics_is_what_any_sequence_of_calls_made_of_it(
    shared_mock: Mock, steps: list[tuple[str, int, str]]
):
    shared_mock.sandbox.reset()
    client = Client(shared_mock, key="mock-staging-key")
    path = "/projects/mailmonkey-staging/topics"  # without any topic in the fixture
    model: dict[str, str] = {}  # name by id, oldest first
    ever: list[str] = []

    for action, chosen, name in steps:
        identifier = ever[chosen] if chosen < len(ever) else calls.NOTHING
        taken = name in [other for key, other in model.items() if key != identifier]
        if action == "create":
            answer = client.post(path, {"name": name})
            assert answer.status == (409 if name in model.values() else 201)
            if answer.status == 201:
                ever.append(answer.json["id"])
                model[answer.json["id"]] = name
        elif action == "rename":
            answer = client.patch(f"{path}/{identifier}", {"name": name})
            assert answer.status == (404 if identifier not in model else 409 if taken else 200)
            if answer.status == 200:
                model[identifier] = name
        else:
            answer = client.delete(f"{path}/{identifier}")
            assert answer.status == (204 if model.pop(identifier, None) else 404)

        assert [(t["id"], t["name"]) for t in client.get(path).json] == list(model.items())
    assert len(set(ever)) == len(ever)


def test_a_created_route_is_listed_once_and_has_no_update_time(client: Client):
    created = client.post(ROUTES, NEW_ROUTE)

    assert created.status == 201
    assert created.json.keys() == {"id", "projectId", "topicId", "destinationId", "createTime"}
    assert [r for r in client.get(ROUTES).json if r["id"] == created.json["id"]] == [created.json]


@pytest.mark.parametrize(
    "wrong",
    [
        {"topicId": calls.NOTHING},
        {"destinationId": calls.NOTHING},
        {"topicId": calls.THEIRS["topicId"]},
        {"destinationId": calls.THEIRS["destination"]},
    ],
)
def test_a_route_between_what_the_project_does_not_have_is_404(
    client: Client, wrong: dict[str, str]
):
    refused = client.post(ROUTES, {**NEW_ROUTE, **wrong})

    assert refused.status == 404


def test_the_same_route_twice_is_422(client: Client):
    client.post(ROUTES, NEW_ROUTE)

    assert client.post(ROUTES, NEW_ROUTE).status == 422


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        (f"?topicId={calls.INSTALLATION_EVENTS}", 1),
        (f"?destinationId={calls.ALERTS_WEBHOOK}", 1),
        (f"?topicId={calls.SYSTEM_ALERTS}&destinationId={calls.ALERTS_WEBHOOK}", 1),
        (f"?topicId={calls.SYSTEM_ALERTS}&destinationId={calls.DEFAULT_WEBHOOK}", 0),
        ("?topicId=unknown", 0),
        (f"?topicId={calls.THEIRS['topicId']}", 0),
    ],
)
def test_a_list_of_routes_can_be_narrowed(client: Client, query: str, number: int):
    listed = client.get(f"{ROUTES}{query}")

    assert (listed.status, len(listed.json)) == (200, number)


def test_a_deleted_route_is_gone_and_its_ends_stay(client: Client):
    path = f"{ROUTES}/{calls.DESTINATION_ROUTE}"

    deleted = client.delete(path)

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.delete(path).status == 404
    assert [r["topicId"] for r in client.get(ROUTES).json] == [calls.SYSTEM_ALERTS]
    assert len(client.get(TOPICS).json) == 2
    assert client.get("/projects/my-project/destinations/defaultWebhook").status == 200


def test_a_frontend_key_does_not_reach_topics(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    assert frontend.get(TOPICS).status == 403
    assert frontend.post(ROUTES, NEW_ROUTE).status == 403
