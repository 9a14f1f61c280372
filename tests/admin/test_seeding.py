"""Records added to a sandbox on the control plane, through the rules of fixtures."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.connecting import CONNECTIONS
from tests.worlds import add_connection, add_integration, read_object, reading

TOPICS = "/projects/my-project/topics"


def test_records_are_added_as_from_a_fixture(admin: Client, api: Client):
    answer = admin.post(
        "/state/records",
        {
            "topics": [{"projectId": "my-project", "name": "seeded"}],
            "connect": [
                {
                    "projectId": "my-project",
                    "provider": "apollo",
                    "groupRef": "new-group",
                    "consumerRef": "ann",
                    "apiKey": "any",
                }
            ],
        },
    )

    assert answer.status == 201, answer.body
    tables = [one["table"] for one in answer.json["created"]]
    assert sorted(tables) == ["connections", "consumers", "groups", "topics"]
    assert "seeded" in [topic["name"] for topic in api.get(TOPICS).json]
    assert "new-group" in [one["group"]["groupRef"] for one in api.get(CONNECTIONS).json]


def test_what_is_added_happened_now_unless_it_says_otherwise(admin: Client, api: Client):
    now = {"topics": [{"projectId": "my-project", "name": "now"}]}
    then = {
        "time": "2025-12-24T18:00:00Z",
        "topics": [{"projectId": "my-project", "name": "then"}],
    }
    assert [admin.post("/state/records", body).status for body in (now, then)] == [201, 201]

    times = {topic["name"]: topic["createTime"] for topic in api.get(TOPICS).json}
    assert times["now"] == "2026-02-01T12:00:00.000000Z"
    assert times["then"] == "2025-12-24T18:00:00.000000Z"


def test_nobody_is_told_of_what_is_added(admin: Client):
    body = {"providerApps": [], "topics": [{"projectId": "my-project", "name": "quiet"}]}
    connections = {
        "connect": [
            {
                "projectId": "my-project",
                "provider": "apollo",
                "groupRef": "g",
                "consumerRef": "c",
                "apiKey": "k",
            }
        ]
    }
    for seeds in (body, connections):
        assert admin.post("/state/records", seeds).status == 201

    assert admin.get("/deliveries").json["total"] == 0


def test_generated_records_may_be_added_again_and_again(admin: Client):
    body = {"generate": [{"section": "topics", "count": 5, "fields": {"projectId": "my-project"}}]}

    made = [admin.post("/state/records", body) for _ in range(3)]

    assert [answer.status for answer in made] == [201] * 3
    ids = {one["id"] for answer in made for one in answer.json["created"]}
    assert len(ids) == 15


def test_an_installation_that_is_added_reads_on_its_schedule(admin: Client, worlds: Mock):
    manifest = reading(read_object("account", requiredFields=["name"]))
    integration = add_integration(worlds, manifest)
    connection = add_connection(worlds)
    before = admin.get("/state").json["jobs"]

    answer = admin.post(
        "/state/records",
        {
            "install": [
                {
                    "projectId": "my-project",
                    "integration": integration["name"],
                    "groupRef": connection["groupRef"],
                    "config": {
                        "content": {
                            "provider": "salesforce",
                            "read": {
                                "objects": {
                                    "account": {
                                        "objectName": "account",
                                        "schedule": "*/30 * * * *",
                                        "destination": "contactWebhook",
                                        "selectedFields": {"name": True},
                                    }
                                }
                            },
                        }
                    },
                }
            ]
        },
    )

    assert answer.status == 201, answer.body
    assert admin.get("/state").json["jobs"] > before


@pytest.mark.parametrize(
    ("body", "status", "place", "detail"),
    [
        ({}, 422, "body", ""),
        ([], 400, "body", ""),
        ({"planets": []}, 422, "planets", "planets"),
        ({"topics": {}}, 422, "topics", "topics is a list of records"),
        ({"topics": [3]}, 422, "topics[0]", "a record of topics is a mapping"),
        ({"topics": [{"name": "x"}]}, 422, "topics[0]", "projectId"),
        (
            {"topics": [{"projectId": "nope", "name": "x"}]},
            422,
            "topics[0].projectId",
            "no project",
        ),
        ({"topics": [{"projectId": "my-project", "name": 7}]}, 422, "topics[0].name", "name"),
        ({"time": "yesterday"}, 422, "time", "is no RFC 3339 time"),
        ({"generate": [{"section": "stars", "count": 1}]}, 422, "generate[0].section", "one of"),
        ({"connect": [{"projectId": "my-project"}]}, 422, "connect[0]", "groupRef"),
        ({"deploy": [{"projectId": "nope"}]}, 422, "deploy[0]", "project not found"),
        ({"deploy": [3]}, 422, "deploy[0]", "is a mapping with a projectId"),
        (
            {"deploy": [{"projectId": "my-project", "manifest": 3}]},
            422,
            "deploy[0].manifest",
            'is not of type "object"',
        ),
        (
            {"install": [{"projectId": "my-project", "config": 3, "integration": "x"}]},
            422,
            "install[0].config",
            'is not of type "object"',
        ),
        (
            {"install": [{"projectId": "my-project", "config": {"content": []}}]},
            422,
            "install[0].config.content",
            'is not of type "object"',
        ),
        (
            {"connect": [{"projectId": "my-project", "id": 5}]},
            422,
            "connect[0].id",
            'is not of type "string"',
        ),
        (
            {"connect": [{"projectId": "my-project", "status": "dead"}]},
            422,
            "connect[0].status",
            "status: ",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    admin: Client, body: object, status: int, place: str, detail: str
):
    answer = admin.post("/state/records", body)

    assert answer.status == status, answer.body
    assert answer.issue_names[0] == place
    assert detail in answer.issues[0]["detail"]
    assert admin.get("/state/diff").json["isEmpty"]


def test_what_is_there_is_not_overwritten(admin: Client, worlds: Mock):
    there = add_connection(worlds, "apollo")
    body = {"projectId": "my-project", "provider": "apollo", "groupRef": "g", "consumerRef": "c"}

    answer = admin.post("/state/records", {"connect": [{**body, "apiKey": "k", "id": there["id"]}]})

    assert answer.status == 422
    assert "another connection has this id" in answer.issues[0]["detail"]


def test_all_records_are_added_or_none(admin: Client):
    good = {"projectId": "my-project", "name": "good"}

    answer = admin.post("/state/records", {"topics": [good, good]})

    assert answer.status == 422
    assert answer.issue_names == ["topics[1].name"]
    assert answer.json["remedy"] == "nothing was added; mend this and send all again"
    assert admin.get("/state/diff").json["isEmpty"]
    assert admin.post("/state/records", {"topics": [good]}).status == 201
