"""The fixture of a recording: the world as the answers showed it, without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from mockserver.contract.recordings import Exchange
from mockserver.proxy.fixture import Fixture, fixture_of
from mockserver.proxy.world import World, path_values
from tests.proxy.standing import TOPIC, TOPICS

SECRET = "s3cr3t-of-a-customer"
PROJECT_ID = TOPIC["projectId"]
TIME = "2026-02-01T12:00:00Z"
P = "/v1/projects/my-project"


def exchange(
    method: str,
    path: str,
    answer: Any = None,
    *,
    status: int = 200,
    body: Any = None,
    **headers: str,
) -> Exchange:
    return Exchange(
        method=method,
        path=path,
        query="",
        request_headers=tuple(headers.items()),
        request_body=b"" if body is None else json.dumps(body).encode(),
        status=status,
        response_headers=(("content-type", "application/json"),),
        response_body=b"" if answer is None else json.dumps(answer).encode(),
    )


def sections(world: World) -> dict[str, list[dict[str, Any]]]:
    return {name: records for name, records in fixture_of(world).sections.items() if records}


def test_records_are_kept_as_they_were_last_seen(world: World):
    world.note(exchange("GET", TOPICS, [TOPIC]), "listTopics")
    world.note(exchange("PATCH", f"{TOPICS}/1", {**TOPIC, "name": "new"}), "updateTopic")
    world.note(
        exchange("POST", TOPICS, {**TOPIC, "id": "2", "name": "b"}, status=201), "createTopic"
    )
    world.note(exchange("DELETE", f"{TOPICS}/2", status=204), "deleteTopic")
    world.note(exchange("DELETE", f"{TOPICS}/{TOPIC['id']}", status=403), "deleteTopic")

    assert [topic["name"] for topic in sections(world)["topics"]] == ["new"]


def test_a_project_that_only_a_path_named_is_made(world: World):
    world.note(exchange("GET", TOPICS, [TOPIC]), "listTopics")
    world.note(exchange("GET", "/v1/projects/empty-one/topics", []), "listTopics")

    found = sections(world)
    assert [(p["id"], p["name"]) for p in found["projects"]] == [
        (PROJECT_ID, "my-project"),
        ("empty-one", "empty-one"),
    ]
    assert {key["projectId"] for key in found["apiKeys"]} == {PROJECT_ID, "empty-one"}
    assert len(found["orgs"]) == 1


def test_a_project_called_by_its_id_gets_a_name(world: World):
    path = f"/v1/projects/{PROJECT_ID}/topics"
    world.note(exchange("GET", path, [TOPIC]), "listTopics")

    (project,) = sections(world)["projects"]
    assert (project["id"], project["name"]) == (PROJECT_ID, "recorded-project-1")


def test_keys_are_replaced_one_by_one(world: World):
    key = {"label": "Server", "scopes": ["full"], "projectId": PROJECT_ID, "active": True}
    keys = [{**key, "key": f"{SECRET}-{n}"} for n in range(3)]
    world.note(exchange("GET", f"{P}/api-keys", keys), "listApiKeys")
    world.note(exchange("DELETE", f"{P}/api-keys/{SECRET}-1", status=204), "deleteApiKey")

    found = sections(world)
    assert [key["key"] for key in found["apiKeys"]] == ["recorded-key-1", "recorded-key-3"]
    assert SECRET not in json.dumps(found)


def test_secrets_inside_of_records_are_taken_out(world: World):
    headers = {"Authorization": f"Basic {SECRET}", "X-Team": "crm"}
    hook = {"id": "d1", "name": "hook", "type": "webhook", "createTime": TIME}
    answer = {**hook, "metadata": {"url": f"https://a:{SECRET}@h.example", "headers": headers}}
    world.note(exchange("GET", f"{P}/destinations/d1", answer), "getDestination")

    found = sections(world)
    assert SECRET not in json.dumps(found)
    assert found["destinations"][0]["metadata"]["headers"]["X-Team"] == "crm"


def test_a_bearer_token_is_replaced_by_one_that_works(world: World):
    org = {"id": "o1", "label": "Acme", "defaultTeamId": "t1", "createTime": TIME}
    world.note(exchange("GET", "/v1/orgs/o1", org, authorization=f"Bearer {SECRET}"), "getOrg")

    found = sections(world)
    assert found["builderTokens"][0]["token"] == "recorded-builder-token"
    assert [(m["orgId"], m["role"]) for m in found["memberships"]] == [("o1", "owner")]


def test_what_is_nested_becomes_records_of_its_own(world: World):
    stamp = {"createTime": TIME, "projectId": PROJECT_ID}
    connection = {
        "id": "c1", **stamp, "provider": "hubspot", "authScheme": "apiKey", "status": "working",
        "group": {"groupRef": "g", "groupName": "G", **stamp},
        "consumer": {"consumerRef": "u", "consumerName": "U", **stamp},
        "apiKey": SECRET,
    }  # fmt: skip
    world.note(exchange("GET", f"{P}/connections", [connection]), "listConnections")

    found = sections(world)
    (kept,) = found["connections"]
    assert (kept["groupRef"], kept["consumerRef"]) == ("g", "u")
    assert kept["credentials"] == {"apiKey": "replaced-by-the-recording"}
    assert "group" not in kept
    assert [group["groupName"] for group in found["groups"]] == ["G"]
    assert SECRET not in json.dumps(found)


def test_what_needs_a_record_that_was_not_seen_is_left_out(world: World):
    route = {"id": "r1", "topicId": "t9", "eventType": "x", "createTime": TIME, "projectId": "p"}
    world.note(
        exchange("GET", f"{P}/notification-event-topic-routes", [route]), "listEventTopicRoutes"
    )

    made = fixture_of(world)
    assert made.sections["eventTopicRoutes"] == []
    assert made.left_out == ["eventTopicRoutes r1: its topicId 't9' was not seen in topics"]


def test_of_two_with_one_name_the_later_one_is_kept(world: World):
    world.note(exchange("GET", TOPICS, [TOPIC, {**TOPIC, "id": "later"}]), "listTopics")

    made = fixture_of(world)
    assert [topic["id"] for topic in made.sections["topics"]] == ["later"]
    assert made.left_out == ["topics lead-alerts: another one took its place"]


@pytest.mark.parametrize(
    "body", [b"", b"[1, null]", b"{", b'"text"', b'{"id": 7}', b'[{"id": ""}]']
)
def test_answers_of_any_form_do_no_harm(world: World, body: bytes):
    odd = exchange("GET", TOPICS)
    odd = Exchange(**{**{f: getattr(odd, f) for f in odd.__slots__}, "response_body": body})
    for name in ("listTopics", "getProject", "listOperations", "listInstallations", "getMyInfo"):
        world.note(odd, name)

    assert "topics" not in sections(world)


def test_a_fixture_says_where_it_came_from_and_what_is_not_in_it():
    made = Fixture({"topics": [{"id": "1"}, {"id": "2", "name": "x"}]})
    made.drop("topics", 1, "no\nreason")

    text = made.text(source="https://api.example.com", time=TIME)

    assert text.startswith("# left out: topics x: no reason\n")
    content = yaml.safe_load(text)
    assert content["description"].startswith("Recorded from https://api.example.com")
    assert content["topics"] == [{"id": "1"}]


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/a/{x}", "/a/b%2Fc", {"x": "b/c"}),
        ("/a/{x}:verb", "/a/b:verb", {"x": "b"}),
        ("/a/{x}:verb", "/a/b%3Averb", {"x": "b"}),
        ("/a/{x}/c/{y}", "/a/1/c/2", {"x": "1", "y": "2"}),
        ("/a/{x}", "/a/b/c", {}),
    ],
)
def test_a_path_tells_its_values(template: str, path: str, values: dict[str, str]):
    assert path_values(template, path) == values
