"""What an armed rule does to requests: its answer, its delay, its order among others."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.faulting import CREATE, TOPIC, TOPICS, arm, control_of


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


def test_an_error_is_the_operations_own_problem_and_says_who_answered(
    control: Client, client: Client, mock: Mock
):
    made = arm(control, CREATE, {"status": 409}, name="taken: always")
    before = mock.sandbox.root.tables

    answer = client.post(TOPICS, {"name": "a"})

    assert (answer.status, answer.media_type) == (409, "application/problem+json")
    assert answer.json["requestId"] == answer.headers["x-request-id"]
    assert answer.headers["matched-stub-id"] == made["id"]
    assert answer.headers["matched-stub-name"] == "taken: always"
    assert "x-mock-fault" not in answer.headers  # it is legal
    assert mock.sandbox.root.tables is before


def test_an_error_needs_no_valid_request(control: Client, anonymous: Client):
    arm(control, CREATE, {"status": 503, "headers": {"Retry-After": "7"}})

    answer = anonymous.post(TOPICS, {})

    assert (answer.status, answer.json["retryable"]) == (503, True)
    assert answer.headers["retry-after"] == "7"


def test_a_body_is_given_as_it_was_armed(control: Client, client: Client):
    arm(control, CREATE, {"status": 201, "jsonBody": TOPIC, "headers": {"X-A": ["1", "2"]}})

    answer = client.post(TOPICS, {"name": "a"})

    assert (answer.status, answer.json) == (201, TOPIC)
    assert "canned" not in [topic["name"] for topic in client.get(TOPICS).json]


def test_a_body_may_be_written_out(control: Client, client: Client):
    arm(control, {"operationId": "listTopics"}, {"body": "[]"})

    assert client.get(TOPICS).json == []


def test_without_anything_a_legal_success_is_made_the_same_each_time(
    control: Client, client: Client
):
    arm(control, CREATE)

    first, second = (client.post(TOPICS, {"name": "a"}) for _ in range(2))

    assert first.status == 201
    assert first.body == second.body


def test_an_example_of_the_contract_that_is_wrong_is_passed_over(control: Client, client: Client):
    arm(control, {"operationId": "getInstallation"})

    answer = client.get("/projects/my-project/integrations/a/installations/b")

    assert answer.status == 200
    assert answer.json["config"]["content"]["read"]["objects"]


def test_what_is_made_up_follows_from_the_seed(control: Client, client: Client):
    made = []
    for seed in ("1", "1", "2"):
        arm(control, CREATE, {"dynamic": True, "seed": seed}, id="only")
        made.append(client.post(TOPICS, {"name": "a"}).json)

    assert made[0] == made[1] != made[2]


def test_a_declared_example_is_given_by_its_name(control: Client, client: Client):
    arm(control, {"operationId": "getOperation"}, {"example": "writeSuccess"})

    assert client.get("/projects/my-project/operations/any").json["actionType"] == "write"


def test_success_is_granted_only_to_a_request_that_is_let_in(
    control: Client, client: Client, anonymous: Client
):
    arm(control, CREATE, {"jsonBody": TOPIC})

    assert anonymous.post(TOPICS, {"name": "a"}).status == 401
    assert client.post(TOPICS, {"nome": "a"}).status == 400
    assert client.post("/projects/no-project/topics", {"name": "a"}).status == 404
    assert client.post(TOPICS, {"name": "a"}).json == TOPIC


def test_a_refusal_that_is_asked_for_has_its_challenge(control: Client, client: Client):
    arm(control, CREATE, {"status": 401})

    assert client.post(TOPICS, {"name": "a"}).headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("response", "sort"),
    [
        ({"status": 503}, "transport"),
        ({"status": 429, "jsonBody": {"slow": "down"}}, "transport"),
        ({"status": 502, "body": "<html>", "headers": {"Content-Type": "text/html"}}, "transport"),
        ({"status": 418}, "invalid"),
        ({"status": 200, "jsonBody": {"no": "keys"}}, "invalid"),
        ({"status": 404, "body": "gone"}, "invalid"),
        ({"status": 404}, ""),
    ],
)
def test_what_no_contract_allows_is_marked(
    control: Client, client: Client, response: dict[str, Any], sort: str
):
    """The operation declares no default: only what it names is legal."""
    needs_leave = {"allowInvalid": True} if sort == "invalid" else {}
    arm(control, {"operationId": "getJWTKey"}, response, **needs_leave)

    answer = client.get("/projects/my-project/jwt-keys/any")

    assert answer.status == response["status"]
    assert answer.headers.get("x-mock-fault", "") == sort


def test_a_rule_may_be_for_what_no_contract_describes(control: Client, client: Client):
    arm(control, {"urlPathPattern": "/proxy/.*"}, {"status": 200, "jsonBody": {"records": []}})
    arm(control, {"urlPath": "/v1/nothing"}, {"status": 504})
    arm(control, {"urlPath": "/v1/gone"}, {"status": 204})
    arm(control, {"urlPath": "/v1/%ff"}, {"body": "plain"})

    assert client.get("/proxy/services/data", root=True).json == {"records": []}
    assert client.get("/nothing").json["status"] == 504
    assert client.get("/gone").body == b""
    assert client.get("/%ff").media_type == "text/plain"


@pytest.mark.parametrize(
    ("request_", "hits"),
    [
        ({"method": "POST"}, True),
        ({"method": "GET"}, False),
        ({"urlPath": "/v1/projects/my-project/topics"}, True),
        ({"urlPathTemplate": "/v1/projects/{projectIdOrName}/topics"}, True),
        ({"headers": {"X-Tenant": {"equalTo": "a"}}}, True),
        ({"headers": {"X-Tenant": {"equalTo": "b"}}}, False),
        ({"queryParameters": {"dry": {"equalTo": "1"}}}, True),
        ({"bodyPatterns": [{"matchesJsonPath": "$[?(@.name == 'a')]"}]}, True),
        ({"bodyPatterns": [{"equalToJson": {"name": "a"}}]}, True),
        ({"bodyPatterns": [{"contains": "zz"}]}, False),
    ],
)
def test_a_rule_hits_what_its_pattern_matches(
    control: Client, client: Client, request_: dict[str, Any], hits: bool
):
    arm(control, request_, {"status": 503})

    answer = client.post(f"{TOPICS}?dry=1", {"name": "a"}, headers={"X-Tenant": "a"})

    assert (answer.status == 503) == hits
    assert hits or answer.json["name"] == "a"  # the body that was looked at still arrives


def test_a_body_that_is_compressed_is_looked_at_plain(control: Client, client: Client):
    arm(control, {"bodyPatterns": [{"contains": "leads"}]}, {"status": 503})
    raw = gzip.compress(b'{"name":"leads"}')

    assert client.post(TOPICS, raw=raw, headers={"Content-Encoding": "gzip"}).status == 503
    # What cannot be decompressed is looked at as it was sent, and left to the operation.
    assert client.post(TOPICS, raw=b"leads", headers={"Content-Encoding": "br"}).status == 503
    assert client.post(TOPICS, raw=b"other", headers={"Content-Encoding": "br"}).status == 415


def test_the_lowest_priority_counts_then_the_newest(control: Client, client: Client):
    for number, (status, priority) in enumerate([(400, 5), (403, 1), (404, 1), (409, 9)]):
        arm(control, CREATE, {"status": status}, priority=priority, id=str(number))

    assert client.post(TOPICS, {"name": "a"}).status == 404


def test_a_rule_hits_as_often_as_it_says(control: Client, client: Client):
    arm(control, {"operationId": "listTopics"}, {"status": 500}, times=2)

    assert [client.get(TOPICS).status for _ in range(4)] == [500, 500, 200, 200]


def test_a_share_of_the_requests_is_hit_the_same_ones_for_the_same_seed(
    control: Client, client: Client
):
    def hits() -> list[int]:
        arm(control, {"operationId": "listTopics"}, {"status": 500}, probability=0.5, id="half")
        return [client.get(TOPICS).status for _ in range(40)]

    first = hits()
    assert first == hits()
    assert 8 < first.count(500) < 32


def test_the_control_plane_is_never_hit(control: Client, client: Client):
    arm(control, {}, {"status": 503})

    assert client.get("/my-info").status == 503
    assert control.get("/health").status == 200
    assert control.delete("/mappings").status == 204


def test_a_sandbox_has_rules_of_its_own(mock: Mock, client: Client):
    there = Client(mock, key=None, prefix="/__sandbox/elsewhere/__admin")
    arm(there, {}, {"status": 503})

    assert client.get(TOPICS).status == 200
    assert client.get(TOPICS, headers={"X-Mock-Sandbox": "elsewhere"}).status == 503
    mock.worlds.drop("elsewhere")


def test_browsers_get_their_headers_with_a_fault_too(control: Client, client: Client):
    arm(control, {}, {"status": 503})

    answer = client.get(TOPICS, headers={"Origin": "http://localhost:5173"})

    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_request_that_came_over_no_socket_says_what_it_could_not_do(mock: Mock):
    """A server that can break connections may be called in process as well."""
    mock.armory.breaks_sockets = True
    try:
        arm(control_of(mock), {}, {"fault": "EMPTY_RESPONSE"})
    finally:
        mock.armory.breaks_sockets = False

    answer = Client(mock).get(TOPICS)

    assert (answer.status, answer.headers["x-mock-fault"]) == (503, "transport")
    assert "EMPTY_RESPONSE" in answer.json["detail"]
