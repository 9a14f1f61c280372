"""What the proxy says of exchanges with implementations that are right, and with broken ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.proxy.bench import Bench
from tests import calls
from tests.client import Client, Response
from tests.proxy.standing import TOPIC, TOPICS, Canned, Running, proxying, standing, violations

PROBLEM = {"title": "No", "status": 400}
PROBLEM_JSON = "application/problem+json"
MEDIA_TYPE = ["response", "header", "content-type"]
API_KEYS = "/v1/projects/my-project/api-keys"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in TOPIC.items() if key != name}


class Outside(Client):
    """Makes the calls of the samples through a proxy."""

    running: Running

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Response:
        sent = None if body is None else json.dumps(body).encode()
        credentials = self._credentials()
        answer = self.running.call(method, f"/v1{path}", content=sent, credentials=credentials)
        assert violations(answer) == []
        return Response(answer.status_code, dict(answer.headers), answer.content)

    def as_(self, *, key: str | None = None, bearer: str | None = None) -> Outside:
        other = Outside(self.mock, key, bearer, self.prefix)
        other.running = self.running
        return other


@pytest.fixture(scope="module")
def before_the_mock(shared_mock: Mock, bench: Bench) -> Iterator[Running]:
    with standing(shared_mock.asgi) as upstream, proxying(bench, upstream) as running:
        yield running


@pytest.mark.parametrize("name", calls.names())
def test_nothing_is_said_of_the_mock(mock: Mock, before_the_mock: Running, name: str):
    client = Outside(mock)
    client.running = before_the_mock

    answer = calls.make(calls.caller(client, name), name)

    assert 200 <= answer.status < 300
    assert before_the_mock.judged[-1].verdict.operation_id == name


def test_a_dropped_field_is_named_with_its_operation_and_place(bench: Bench):
    upstream = Canned.json([TOPIC, without("createTime")])

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    assert answer.json() == [TOPIC, without("createTime")]
    assert violations(answer) == [
        {
            "location": ["response", "body", 1, "createTime"],
            "severity": "Error",
            "code": "required",
            "message": "createTime is required",
        }
    ]
    (judged,) = proxy.judged
    assert judged.verdict.operation_id == "listTopics"
    assert judged.verdict.violations[0].pointer == "/1/createTime"


@pytest.mark.parametrize(
    ("upstream", "location", "code"),
    [
        (Canned.json([{**TOPIC, "id": 7}]), ["response", "body", 0, "id"], "type"),
        (
            Canned.json([{**TOPIC, "createTime": "now"}]),
            ["response", "body", 0, "createTime"],
            "format",
        ),
        (Canned.json({}), ["response", "body"], "type"),
        (Canned(body=b"[{"), ["response", "body"], "parse"),
        (Canned(body=b"\xff\xfe"), ["response", "body"], "parse"),
        (Canned(body=b""), ["response", "body"], "required"),
        (Canned(headers=[]), MEDIA_TYPE, "mediaType"),
        (Canned(headers=[("content-type", "text/html")]), MEDIA_TYPE, "mediaType"),
        (Canned.json(PROBLEM, 500), MEDIA_TYPE, "mediaType"),
        (
            Canned.json({"title": 7}, 500, content_type=PROBLEM_JSON),
            ["response", "body", "title"],
            "type",
        ),
    ],
)
def test_what_an_answer_breaks_is_said(
    bench: Bench, upstream: Canned, location: list[Any], code: str
):
    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    found = violations(answer)
    assert [(v["location"], v["code"], v["severity"]) for v in found] == [(location, code, "Error")]
    assert answer.content == upstream.body
    assert answer.status_code == upstream.status


@pytest.mark.parametrize(
    "upstream",
    [
        Canned.json([TOPIC], content_type="application/json; charset=utf-8"),
        Canned.json([{**TOPIC, "more": {"than": "asked"}}], x_trace="1"),
        Canned.json([{**TOPIC, "id": "topic_01H", "createTime": "2026-02-01T13:00:00+01:00"}]),
        Canned.json([{**TOPIC, "createTime": "2026-02-01T12:00:00.123Z"}]),
        Canned.json({"title": "Wait", "status": 403}, 403, content_type=PROBLEM_JSON),
        Canned(429, b"slow down", [("content-type", "text/plain")]),
        Canned(503, b"<h1>Unavailable</h1>", [("content-type", "text/html")]),
    ],
)
def test_what_an_implementation_may_do_is_no_error(bench: Bench, upstream: Canned):
    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    assert [v for v in violations(answer) if v["severity"] == "Error"] == []


def test_a_request_that_was_rightly_refused_is_a_warning(bench: Bench):
    upstream = Canned.json(PROBLEM, 400, content_type=PROBLEM_JSON)

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.post(TOPICS, {"title": "no name"})

    assert [(v["location"], v["code"], v["severity"]) for v in violations(answer)] == [
        (["request", "body", "name"], "required", "Warning")
    ]


def test_a_request_that_was_wrongly_granted_is_an_error(bench: Bench):
    with standing(Canned.json(TOPIC, 201)) as url, proxying(bench, url) as proxy:
        answer = proxy.post(TOPICS, {"name": 7})

    assert [(v["location"], v["code"], v["severity"]) for v in violations(answer)] == [
        (["request", "body", "name"], "type", "Error")
    ]


def test_granting_without_credentials_is_an_error(bench: Bench):
    with standing(Canned.json([TOPIC])) as url, proxying(bench, url) as proxy:
        answer = proxy.get("/v1/my-info")

    codes = {(v["location"][0], v["code"]) for v in violations(answer)}
    assert ("request", "security") in codes  # a key where only a bearer token may


def test_a_path_of_no_operation_is_a_warning_that_says_what_is_there(bench: Bench):
    upstream = Canned.json(PROBLEM, 404, content_type=PROBLEM_JSON)

    with standing(upstream) as url, proxying(bench, url) as proxy:
        unknown = violations(proxy.get("/v1/nothing"))
        misused = violations(proxy.call("DELETE", TOPICS))

    assert [(v["code"], v["severity"]) for v in unknown] == [("operation", "Warning")]
    assert misused[0]["message"] == "the contract has GET and POST here"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ui"),
        ("GET", "/projects"),
        ("GET", "/v10/projects"),
        ("OPTIONS", TOPICS),
        ("HEAD", TOPICS),
    ],
)
def test_nothing_is_said_of_what_the_contract_does_not_speak_about(
    bench: Bench, method: str, path: str
):
    page = Canned(200, b"", [("content-type", "text/html")])
    with standing(page) as url, proxying(bench, url) as proxy:
        answer = proxy.call(method, path)

    assert "sl-violations" not in answer.headers
    assert proxy.judged[0].verdict.outside


def test_no_value_of_an_exchange_stands_in_the_header(bench: Bench):
    secret = "sk-live-0123456789"
    broken = {"key": secret, "label": 7, "scopes": secret, "projectId": {"a": secret}}

    with standing(Canned.json([broken])) as url, proxying(bench, url) as proxy:
        answer = proxy.get(API_KEYS)

    assert len(violations(answer)) == 3
    assert secret not in answer.headers["sl-violations"]


def test_an_empty_text_parameter_is_a_value(bench: Bench):
    with standing(Canned.json([])) as url, proxying(bench, url) as proxy:
        answer = proxy.get("/v1/projects/my-project/topic-destination-routes?topicId=")
        wrong = proxy.get(f"{API_KEYS}?active=")

    assert violations(answer) == []
    assert [v["location"] for v in violations(wrong)] == [["request", "query", "active"]]


def test_nesting_without_end_is_no_failure_of_the_proxy(bench: Bench):
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000

    with standing(Canned(body=deep)) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    assert answer.content == deep
    assert violations(answer)[0]["location"] == ["response", "body"]


def test_answers_alike_are_judged_alike_although_their_judgement_is_remembered(bench: Bench):
    with standing(Canned.json([without("name")])) as url, proxying(bench, url) as proxy:
        first, second = (violations(proxy.get(TOPICS)) for _ in range(2))

    assert first == second != []
