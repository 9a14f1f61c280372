"""A sandbox as tests see it: calls, clients, its clock and its inbox, in process."""

from __future__ import annotations

import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest

import mockserver
from mockserver.testing.stage import Stage

Twin = mockserver.Twin
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


#: What the fixture has.
GIVEN = {"installation-events", "system-alerts"}


def topics(mock: Twin) -> list[str]:
    names = [topic["name"] for topic in mock.call("listTopics")]
    return [name for name in names if name not in GIVEN]


# ---------------------------------------------------------------------------- calls


def test_an_operation_is_called_by_its_name(mock: Twin):
    made = mock.call("createTopic", body={"name": "invoices"})
    assert topics(mock) == ["invoices"]
    renamed = mock.call("updateTopic", topicId=made["id"], body={"name": "bills"})
    assert renamed["id"] == made["id"]
    assert topics(mock) == ["bills"]
    assert mock.call("deleteTopic", topic_id=made["id"]) is None
    assert topics(mock) == []


def test_the_project_is_the_one_of_the_key_unless_it_is_given(mock: Twin):
    assert mock.project == "my-project"
    assert mock.call("getProject")["name"] == "my-project"
    staging = mock.call(
        "getProject", projectIdOrName="mailmonkey-staging", api_key="mock-staging-key"
    )
    assert staging["name"] == "mailmonkey-staging"


def test_what_is_for_builders_is_called_by_one(mock: Twin):
    assert mock.call("getMyInfo")["builder"]["firstName"] == "Jane"
    assert mock.call("getMyInfo", bearer="mock-member-token")["builder"]["firstName"] == "John"


def test_what_is_public_is_called_by_nobody(mock: Twin):
    assert mock.call("getProvider", provider="hubspot")["name"] == "hubspot"


def test_values_are_encoded_wherever_they_go(mock: Twin):
    with pytest.raises(mockserver.CallRefused) as refused:
        mock.call("deleteTopic", topicId="a/b?c#d é")
    assert refused.value.status == 404
    assert refused.value.problem["issues"][0]["value"] == "a/b?c#d é"


def test_the_hosts_of_their_own_are_called_too(mock: Twin):
    with pytest.raises(mockserver.CallRefused, match="searchRecords -> 404"):
        mock.call(
            "searchRecords",
            integrationId="nope",
            groupRef="g",
            body={"objectName": "contact", "fieldFilters": []},
        )


def test_a_refusal_says_what_was_wrong_where_and_what_would_be_right(mock: Twin):
    with pytest.raises(mockserver.CallRefused) as refused:
        mock.call("createTopic", body={"nam": "invoices"})
    assert str(refused.value).splitlines() == [
        "createTopic -> 400 Bad Request: name is required (give name a value)",
        "  body name: is required; give name a value",
    ]
    assert refused.value.status == refused.value.problem["status"] == 400


@pytest.mark.parametrize(
    ("operation", "given", "said"),
    [
        ("createTopics", {}, "no operation is called 'createTopics'; did you mean createTopic?"),
        ("xyz", {}, "no operation is called 'xyz'"),
        ("deleteTopic", {}, "deleteTopic needs topicId"),
        (
            "deleteTopic",
            {"topicID": "x"},
            "no parameter of deleteTopic is called 'topicID'; did you",
        ),
        ("deleteTopic", {"zzz": "x"}, "there are projectIdOrName, topicId, body"),
    ],
)
def test_a_wrong_name_is_a_mistake_of_the_test(
    mock: Twin, operation: str, given: dict[str, str], said: str
):
    with pytest.raises(TypeError) as refused:
        mock.call(operation, **given)
    assert said in str(refused.value)


# ---------------------------------------------------------------------------- clients


def test_the_client_calls_the_api_with_the_key_of_the_project(mock: Twin):
    answer = mock.client.post("/projects/my-project/topics", json={"name": "invoices"})
    assert answer.status_code == 201
    assert answer.json()["name"] == "invoices"
    assert topics(mock) == ["invoices"]
    refused = mock.client.get("/projects/my-project", headers={"X-Api-Key": "wrong"})
    assert refused.status_code == 401
    assert refused.headers["x-request-id"]


def test_the_client_opens_no_port_and_reaches_every_path(stage: Stage, mock: Twin):
    elsewhere = mock.client.get(f"http://localhost/__sandbox/{mock.name}/__admin/clock")
    assert elsewhere.json()["mode"] == "real"
    page = mock.client.get("http://localhost/ui")
    assert page.headers["content-type"].startswith("text/html")


def test_a_port_is_opened_for_whoever_asks_where_it_is(mock: Twin):
    mock.call("createTopic", body={"name": "invoices"})
    assert mock.url.startswith("http://127.0.0.1:")
    assert not mock.url.endswith("/")
    request = urllib.request.Request(  # noqa: S310 # our own server
        f"{mock.url}/v1/projects/my-project/topics", headers={"X-Api-Key": mock.api_key}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 # the same
        assert "invoices" in [topic["name"] for topic in orjson.loads(answer.read())]
    # Who finds its world by the path finds it again: addresses in answers lead back.
    upload = mock.call("generateUploadUrl")["url"]
    assert upload.startswith(f"{mock.url}/_storage/")
    assert httpx.get(f"{mock.url}/__admin/health").status_code == 200


def test_threads_may_call_at_the_same_time(mock: Twin):
    together = threading.Barrier(8)

    def create(number: int) -> str:
        together.wait(timeout=20)
        if number % 2:
            return str(mock.call("createTopic", body={"name": f"topic-{number}"})["name"])
        path = "/projects/my-project/topics"
        return str(mock.client.post(path, json={"name": f"topic-{number}"}).json()["name"])

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(8)))
    assert sorted(topics(mock)) == sorted(made) == [f"topic-{n}" for n in range(8)]


# ---------------------------------------------------------------------------- worlds


def test_sandboxes_of_one_mock_do_not_see_each_other(stage: Stage, mock: Twin):
    mock.call("createTopic", body={"name": "mine"})
    mock.clock.freeze(NEW_YEAR)
    with stage.sandbox() as other:
        assert topics(other) == []
        assert other.clock.now < NEW_YEAR
        assert other.url != mock.url
        other.call("createTopic", body={"name": "yours"})
    assert topics(mock) == ["mine"]


def test_a_sandbox_is_gone_after_its_test(stage: Stage):
    with stage.sandbox() as gone:
        client, url = gone.client, gone.url
    with stage.sandbox() as next_one:
        assert next_one.name != gone.name
    assert client.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        client.get(url)


# ---------------------------------------------------------------------------- clock


def test_the_clock_stands_still_moves_and_runs_again(mock: Twin):
    assert abs(mock.clock.now - datetime.now(UTC)) < timedelta(minutes=5)
    assert mock.clock.freeze("2027-01-01T00:00:00Z") == NEW_YEAR == mock.clock.now
    mock.clock.advance(90)
    mock.clock.advance(timedelta(minutes=1), seconds=30)
    assert mock.clock.now == NEW_YEAR + timedelta(minutes=3)
    assert mock.clock.advance(hours=1)["complete"] is True
    mock.clock.advance_to(NEW_YEAR + timedelta(days=1))
    assert mock.clock.now == NEW_YEAR + timedelta(days=1)
    topic = mock.call("createTopic", body={"name": "late"})
    assert topic["createTime"].startswith("2027-01-02T00:00:00")
    assert mock.clock.freeze() == mock.clock.now
    mock.clock.run()
    assert mock.clock.now < NEW_YEAR


def test_a_clock_that_cannot_go_there_says_so(mock: Twin):
    with pytest.raises(mockserver.CallRefused, match="POST /__admin/clock -> 422 Unprocessable"):
        mock.clock.advance(-1)
    with pytest.raises(ValueError, match="no time zone"):
        mock.clock.freeze(datetime(2027, 1, 1))


# ---------------------------------------------------------------------------- deliveries


def connect(mock: Twin) -> None:
    """Let my-project's webhook hear of connections; the sink of the mock answers for it."""
    hook = mock.call(
        "createDestination",
        body={"name": "hook", "type": "webhook", "metadata": {"url": "https://sink.localhost/ok"}},
    )
    topic = mock.call("createTopic", body={"name": "connected"})
    mock.call(
        "createEventTopicRoute", body={"eventType": "connection.created", "topicId": topic["id"]}
    )
    mock.call(
        "createTopicDestinationRoute", body={"topicId": topic["id"], "destinationId": hook["id"]}
    )
    mock.call(
        "generateConnection",
        body={
            "groupRef": "acme",
            "consumerRef": "ann",
            "provider": "hubspot",
            "oauth2AuthorizationCode": {"accessToken": {"token": "t"}},
        },
    )


def test_what_was_sent_is_in_the_inbox_as_soon_as_it_is_asked_for(mock: Twin):
    assert list(mock.deliveries) == []
    connect(mock)
    (delivery,) = mock.deliveries.find("connection.created", destination="hook")
    assert delivery["status"] == "delivered"
    assert delivery["payload"]["data"]["groupRef"] == "acme"
    assert mock.deliveries.find("installation.created") == []

    again = mock.deliveries.redeliver(delivery["id"])
    assert len(again["attempts"]) == len(mock.deliveries.details(delivery["id"])["attempts"]) == 2
    assert len(mock.deliveries) == 1
    mock.deliveries.clear()
    assert len(mock.deliveries) == 0


def test_looking_into_the_inbox_leaves_a_clock_that_stands_where_it_is(mock: Twin):
    at = mock.clock.freeze(NEW_YEAR)
    connect(mock)
    assert [one["status"] for one in mock.deliveries] == ["delivered"]
    assert mock.clock.now == at
