"""The same world and the same requests give the same bytes."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import BUILDER, Client
from tests.conftest import make_mock

PROJECT = "/projects/my-project"
ACME = "/orgs/9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"

CONNECTION = {
    "groupRef": "group-1",
    "consumerRef": "user-1",
    "provider": "apollo",
    "apiKey": "key-1",
}
INSTALLATION = {"groupRef": "group-1", "config": {"content": {"provider": "apollo"}}}


def play(mock: Mock) -> list[tuple[int, bytes, dict[str, str]]]:
    """Send a mixture of requests, good and bad; return everything that came back."""
    client, builder = Client(mock), Client(mock, None, BUILDER)
    created = client.post(f"{PROJECT}/topics", {"name": "first"})
    answers = [
        created,
        client.post(f"{PROJECT}/topics", {"name": "first"}),
        client.post(f"{PROJECT}/topics", {"name": "not a name"}),
        client.post(f"{PROJECT}/topics", raw=b"{"),
        client.post(f"{PROJECT}/topics", {"name": "second"}),
        client.get("/nothing"),
        client.put(PROJECT),
        client.as_(key="wrong").get(PROJECT),
        client.get("/projects/globex-project"),
        client.post(f"{PROJECT}/api-keys", {"label": "a key"}),
        client.post(
            f"{PROJECT}/destinations",
            {"name": "hook", "type": "webhook", "metadata": {"url": "https://hook.example"}},
        ),
        client.get(f"{PROJECT}/destinations/hook?includeSecrets=true&rotate=true"),
        client.delete(f"{PROJECT}/topics/{created.json['id']}"),
        client.get(f"{PROJECT}/topics"),
        client.post(f"{PROJECT}/connections:generate", CONNECTION),
        client.get(f"{PROJECT}/connections"),
        client.post(f"{PROJECT}/integrations/my-integration/installations", INSTALLATION),
        client.get(f"{PROJECT}/installations"),
        builder.post("/projects", {"name": "made-here", "appName": "A", "orgId": ACME[6:]}),
        builder.post(f"{ACME}/invites", {"email": "somebody@example.com"}),
        builder.get("/my-info"),
        client.get("/providers/salesforce"),
        client.get("/__admin/version", root=True),
        client.get("/", root=True),
    ]
    statuses = {answer.status for answer in answers}
    assert {200, 201, 204, 400, 401, 403, 404, 405, 409, 422} <= statuses
    return [(answer.status, answer.body, dict(answer.headers)) for answer in answers]


def test_a_world_that_is_put_back_answers_the_same_bytes(mock: Mock):
    Client(mock).post(f"{PROJECT}/topics", {"name": "before"})
    snapshot = mock.sandbox.snapshot()

    first = play(mock)
    mock.sandbox.restore(snapshot)

    assert play(mock) == first


def test_without_putting_it_back_the_answers_differ(mock: Mock):
    first = Client(mock).get("/projects/nothing")

    second = Client(mock).get("/projects/nothing")

    assert first.body != second.body
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_two_mocks_of_one_seed_answer_the_same_bytes():
    assert play(make_mock(seed=7)) == play(make_mock(seed=7))


@pytest.mark.parametrize("path", [f"{PROJECT}/api-keys", f"{PROJECT}/topics"])
def test_another_seed_gives_other_ids_and_keys(path: str):
    one, other = (Client(make_mock(seed=seed)) for seed in (1, 2))
    body = {"label": "x"} if path.endswith("keys") else {"name": "x"}

    made = [client.post(path, body) for client in (one, other)]

    assert [answer.status for answer in made] == [201, 201]
    assert made[0].body != made[1].body
    assert made[0].headers["x-request-id"] != made[1].headers["x-request-id"]


def test_a_request_that_is_refused_uses_up_no_id(mock: Mock):
    client = Client(mock)
    start = mock.sandbox.snapshot()
    wanted = client.post(f"{PROJECT}/topics", {"name": "x"}).json["id"]
    mock.sandbox.restore(start)

    client.post(f"{PROJECT}/topics", {"name": "system-alerts"})
    client.post(f"{PROJECT}/topics", {"name": "not a name"})

    assert client.post(f"{PROJECT}/topics", {"name": "x"}).json["id"] == wanted


def test_preflights_use_up_no_request_number(mock: Mock):
    client = Client(mock)
    client.call("OPTIONS", PROJECT)

    assert client.get(PROJECT).headers["x-request-id"].endswith("#1")
