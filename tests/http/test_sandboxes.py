"""Worlds beside each other: selected by header, by path, by host."""

from __future__ import annotations

import pytest

from mockserver.app import create
from mockserver.settings import read_settings
from mockserver.state.worlds import MOST
from tests.client import Client
from tests.conftest import START, make_mock

TOPICS = "/projects/my-project/topics"


@pytest.fixture
def client() -> Client:
    """Call a mock of its own: the sandboxes made here are nobody else's."""
    return Client(make_mock())


SELECTORS = [
    ("/v1", {"x-mock-sandbox": "other"}),
    ("/__sandbox/other/v1", {}),
    ("/v1", {"host": "other.localhost:4010"}),
]


@pytest.mark.parametrize(("prefix", "headers"), SELECTORS)
def test_a_sandbox_is_made_on_first_use_and_keeps_to_itself(
    client: Client, prefix: str, headers: dict[str, str]
) -> None:
    there = Client(client.mock, prefix=prefix, headers=headers)
    made = there.post("/projects/my-project/topics", {"name": "elsewhere"})
    assert (made.status, made.headers["x-mock-sandbox-created"]) == (201, "true")
    again = there.get("/projects/my-project/topics")
    assert "x-mock-sandbox-created" not in again.headers
    assert "elsewhere" in [topic["name"] for topic in again.json]
    assert "elsewhere" not in [t["name"] for t in client.get("/projects/my-project/topics").json]


@pytest.mark.parametrize("name", ["Other", "-a", "a" * 64, "read", ""])
def test_what_is_no_name_is_refused(client: Client, name: str) -> None:
    refused = client.get("/projects", headers={"x-mock-sandbox": name})
    assert refused.status == 400
    assert refused.issues[0]["name"] == "X-Mock-Sandbox"


def test_a_reserved_name_is_refused_as_such(client: Client):
    refused = client.get("/projects", headers={"x-mock-sandbox": "sink"})

    assert refused.json["detail"] == "'sink' is reserved: it means something else as a host"
    assert refused.json["remedy"] == "choose another name"


def test_a_host_that_means_something_else_selects_no_sandbox(client: Client):
    for host in (
        "sink.localhost:4010",
        "api.localhost",
        "a_b.localhost",
        "other.example",
        "a.localhost.example",
    ):
        assert client.get("/projects", headers={"host": host}).status == 200
    assert len(client.mock.worlds) == 1


def test_a_page_may_read_that_its_sandbox_was_made(client: Client):
    answer = client.get("/projects", headers={"x-mock-sandbox": "other"})

    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert "X-Mock-Sandbox-Created" in exposed


@pytest.mark.parametrize(("prefix", "headers"), SELECTORS)
def test_a_preflight_makes_no_sandbox(client: Client, prefix: str, headers: dict[str, str]):
    there = Client(client.mock, key=None, prefix=prefix, headers=headers)

    answer = there.call("OPTIONS", TOPICS, headers={"origin": "https://page.example"})

    assert answer.status == 204
    assert "x-mock-sandbox-created" not in answer.headers
    assert len(client.mock.worlds) == 1


def test_a_strict_mock_knows_the_sandboxes_that_were_created():
    client = Client(make_mock(sandboxes="strict"))
    control = Client(client.mock, key=None, prefix="/__admin")
    assert control.post("/sandboxes", {"name": "checkout-1"}).status == 201

    refused = client.get("/projects", headers={"x-mock-sandbox": "checkout-2"})

    assert refused.status == 404
    assert refused.json["detail"] == (
        "there is no sandbox 'checkout-2'; the nearest name is 'checkout-1'"
    )
    assert "access-control-allow-origin" in refused.headers
    assert client.get("/projects", headers={"x-mock-sandbox": "checkout-1"}).status == 200
    assert len(client.mock.worlds) == 2


def test_when_there_are_as_many_as_there_may_be_the_next_is_refused(client: Client):
    for number in range(MOST - 1):
        client.mock.worlds.make(f"s{number}")

    refused = client.get("/projects", headers={"x-mock-sandbox": "one-more"})

    assert refused.status == 503
    assert refused.media_type == "application/problem+json"
    assert refused.json["detail"] == (
        "sandbox 'one-more' cannot be made: there are 256, which is the most"
    )
    assert "DELETE /__admin/sandboxes/NAME" in refused.json["remedy"]
    assert client.get("/projects", headers={"x-mock-sandbox": "s7"}).status == 200


def test_a_sandbox_that_nobody_uses_goes_and_is_made_anew():
    now = [1_770_000_000_000_000]
    settings = read_settings({"clock": START, "sandbox_idle": 60})
    client = Client(create(settings, wall=lambda: now[0]), headers={"x-mock-sandbox": "mine"})
    client.post(TOPICS, {"name": "forgotten"})
    now[0] += 59_000_000
    assert "forgotten" in [topic["name"] for topic in client.get(TOPICS).json]
    now[0] += 60_000_000

    answer = client.get(TOPICS)

    assert answer.headers["x-mock-sandbox-created"] == "true"
    assert "forgotten" not in [topic["name"] for topic in answer.json]


def test_ids_are_the_same_in_every_sandbox_of_a_seed(client: Client):
    other = Client(client.mock, headers={"x-mock-sandbox": "other"})

    made = [one.post(TOPICS, {"name": "same"}).json for one in (client, other)]

    assert made[0] == made[1]


def test_a_prefix_alone_is_the_front_page_of_its_sandbox(client: Client):
    for path in ("/__sandbox/other", "/__sandbox/other/"):
        assert client.get(path, root=True).status == 200
    assert client.get("/__sandbox/", root=True).status == 400
