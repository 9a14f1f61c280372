"""The independent judge: it must notice what a mock could get wrong."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.judge import Judge
from mockserver.contract.recordings import Exchange, Recording

PROBLEM_JSON = "application/problem+json"
TOPICS = "/v1/projects/my-project/topics"
JWT_KEYS = "/v1/projects/my-project/jwt-keys"
TOPIC = {
    "id": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01",
    "projectId": "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01",
    "name": "lead-alerts",
    "createTime": "2026-02-01T12:00:00.000000Z",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


def exchange(
    method: str,
    path: str,
    status: int,
    answer: Any = None,
    *,
    body: Any = None,
    media_type: str = "application/json",
    key: str | None = "mock-full-key",
    query: str = "",
) -> Exchange:
    credentials = (("x-api-key", key),) if key else ()
    return Exchange(
        method=method,
        path=path,
        query=query,
        request_headers=(("content-type", "application/json"), *credentials),
        request_body=b"" if body is None else json.dumps(body).encode(),
        status=status,
        response_headers=(("content-type", media_type),) if answer is not None else (),
        response_body=b"" if answer is None else json.dumps(answer).encode(),
    )


def problem(status: int, **more: Any) -> dict[str, Any]:
    return {"title": "No", "status": status, **more}


def test_documents_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A list of a thousand refers to a sibling a thousand times."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Judge() as judge:
        kept = [*tmp_path.rglob("*.yaml")]
        first = judge.judge(exchange("GET", TOPICS, 404, problem(404), media_type=PROBLEM_JSON))
        for path in kept:
            path.unlink()
        wrong = exchange("GET", TOPICS, 404, {"status": "no"}, media_type=PROBLEM_JSON)
        second = judge.judge(wrong)

    assert kept
    assert not first.violations
    assert second.violations


def test_an_answer_of_the_contract_is_right(judge: Judge):
    verdict = judge.judge(exchange("POST", TOPICS, 201, TOPIC, body={"name": "lead-alerts"}))

    assert (verdict.operation_id, verdict.status, verdict.reasons) == ("createTopic", 201, ())


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({**TOPIC, "name": 7}, id="type"),
        pytest.param({k: v for k, v in TOPIC.items() if k != "name"}, id="absent"),
        pytest.param({**TOPIC, "createTime": "2026-02-31T12:00:00.000000Z"}, id="no such day"),
        pytest.param({**TOPIC, "createTime": None}, id="null"),
        pytest.param([TOPIC], id="list"),
    ],
)
def test_an_answer_that_breaks_its_schema_is_noticed(judge: Judge, broken: Any):
    assert judge.judge(exchange("POST", TOPICS, 201, broken, body={"name": "x"})).reasons


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(exchange("GET", TOPICS, 200, []), id="right"),
        pytest.param(exchange("GET", TOPICS, 200, [], media_type="text/plain"), id="media type"),
        pytest.param(exchange("GET", TOPICS, 404, problem(404)), id="problem as JSON"),
        pytest.param(exchange("DELETE", f"{TOPICS}/1", 204, {}), id="body with 204"),
        pytest.param(exchange("GET", "/v1/nothing", 200, []), id="no operation, yet 200"),
        pytest.param(exchange("PUT", TOPICS, 405, problem(405)), id="405 as JSON"),
        pytest.param(
            exchange("GET", f"{JWT_KEYS}/1", 418, problem(418)), id="status of no contract"
        ),
        pytest.param(
            exchange("GET", JWT_KEYS, 401, problem(401), media_type=PROBLEM_JSON),
            id="gap in another media type",
        ),
    ],
)
def test_only_the_right_one_of_these_answers_passes(
    judge: Judge, wrong: Exchange, request: pytest.FixtureRequest
):
    is_right = request.node.callspec.id == "right"

    assert (judge.judge(wrong).reasons == ()) == is_right


def test_a_gap_is_a_problem_all_the_same(judge: Judge):
    right = exchange("GET", JWT_KEYS, 401, problem(401))
    wrong = exchange("GET", JWT_KEYS, 401, problem(401, issues=[{"in": "moon"}]))

    assert judge.judge(right).reasons == ()
    assert judge.judge(wrong).reasons


def test_a_status_without_a_name_comes_through_default(judge: Judge):
    named = judge.judge(exchange("POST", TOPICS, 409, problem(409), media_type=PROBLEM_JSON))
    other = judge.judge(exchange("POST", TOPICS, 403, problem(403), media_type=PROBLEM_JSON))

    assert (named.through_default, other.through_default) == (False, True)


@pytest.mark.parametrize(
    "granted",
    [
        pytest.param(exchange("POST", TOPICS, 201, TOPIC, body={}), id="body"),
        pytest.param(exchange("GET", TOPICS, 200, [], key=None), id="credential"),
        pytest.param(exchange("GET", JWT_KEYS, 200, [], query="active=perhaps"), id="query"),
    ],
)
def test_granting_an_invalid_request_is_noticed(judge: Judge, granted: Exchange):
    (reason,) = judge.judge(granted).reasons

    assert reason.startswith("granted although the request is invalid")


def test_a_request_that_only_a_relaxation_allows_may_be_granted(judge: Judge):
    body = {"eventType": "read.triggered.done", "topicId": TOPIC["id"]}
    route = {**body, "id": "1", "projectId": "2", "createTime": TOPIC["createTime"]}
    path = "/v1/projects/my-project/notification-event-topic-routes"

    assert judge.judge(exchange("POST", path, 201, route, body=body)).reasons == ()


def test_verbs_and_escaped_characters_lead_to_their_operation(judge: Judge):
    path = "/v1/projects/a%2Fb/connections/c%3Aoauth-update"
    answer = problem(501)

    verdict = judge.judge(exchange("PATCH", path, 501, answer, media_type=PROBLEM_JSON))

    assert (verdict.operation_id, verdict.reasons) == ("oauthUpdate", ())


def test_pages_and_preflights_are_outside(judge: Judge):
    page = exchange("GET", "/ui", 200, "page", media_type="text/html")
    preflight = replace(exchange("OPTIONS", TOPICS, 204), response_headers=())

    assert judge.judge(page).outside
    assert judge.judge(preflight).outside


def test_the_control_plane_has_a_contract_too(judge: Judge):
    right = judge.judge(exchange("GET", "/__admin/health", 200, {"status": "healthy"}, key=None))
    wrong = judge.judge(exchange("GET", "/__admin/health", 200, {"status": "unwell"}, key=None))

    assert (right.operation_id, right.reasons) == ("getHealth", ())
    assert wrong.reasons


def test_answers_that_differ_in_ids_and_times_are_judged_once():
    later = {**TOPIC, "id": TOPIC["projectId"], "createTime": "2027-03-02T01:02:03.000004Z"}
    exchanges = tuple(
        exchange("POST", TOPICS, 201, topic, body={"name": "lead-alerts"})
        for topic in (TOPIC, later, {**later, "name": "other"})
    )

    with Judge() as judge:
        report = judge.judge_all([Recording("one", 4, exchanges)])

    assert (report.exchanges, report.unique) == (3, 2)
    assert report.lost == ["one: 1 of 4"]
    assert report.reached == {("createTopic", 201)}
