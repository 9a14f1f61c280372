"""Faults on purpose: what the judge counts apart, and what it does not let pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.judge import Judge
from mockserver.contract.recordings import Exchange, Recording
from mockserver.contract.verdicts import Report

KEY = "/v1/projects/my-project/jwt-keys/1"  # declares 200, 404 and 500
TOPICS = "/v1/projects/my-project/topics"  # declares default


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


def exchange(method: str, path: str, status: int, answer: Any, **headers: str) -> Exchange:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(
        method=method,
        path=path,
        query="",
        request_headers=(("content-type", "application/json"), ("x-api-key", "k")),
        request_body=b"{}" if method in {"POST", "PUT"} else b"",
        status=status,
        response_headers=tuple({"content-type": "application/json", **named}.items()),
        response_body=b"" if answer is None else json.dumps(answer).encode(),
    )


def armed(**rule: Any) -> Exchange:
    body = {"id": "r", "request": {}, "response": {}, **rule}
    return exchange("POST", "/__admin/mappings", 201, body)


def faulty(path: str, status: int, sort: str, *, answer: Any = None, fault: str = "") -> Exchange:
    made = exchange("GET", path, status, answer, x_mock_fault=sort, matched_stub_id="r")
    return replace(made, fault=fault)


def judged(judge: Judge, *exchanges: Exchange) -> Report:
    return judge.judge_all([Recording("one", len(exchanges), exchanges)])


EXCUSED = [
    (armed(allowInvalid=True), faulty(KEY, 418, "invalid", answer={"no": "problem"})),
    (armed(allowInvalid=True), faulty(TOPICS, 200, "invalid", answer={"no": "list"})),
    (armed(response={"status": 503}), faulty(KEY, 503, "transport", answer=[])),
    (armed(response={"status": 200}), faulty("/v1/nothing", 200, "transport", answer=[])),
    (
        armed(response={"fault": "EMPTY_RESPONSE"}),
        faulty(KEY, 0, "EMPTY_RESPONSE", fault="EMPTY_RESPONSE"),
    ),
    (
        exchange("PUT", "/__admin/chaos", 200, [{"id": "r", "fault": "EMPTY_RESPONSE"}]),
        faulty(KEY, 0, "EMPTY_RESPONSE", fault="EMPTY_RESPONSE"),
    ),
    (
        exchange(
            "POST",
            "/__admin/mappings/import",
            200,
            {
                "mappings": [{"id": "r", "allowInvalid": True}],
                "meta": {"total": 1},
                "hits": {"r": 0},
            },
        ),
        faulty(KEY, 418, "invalid", answer=[]),
    ),
]


@pytest.mark.parametrize(("order", "answer"), EXCUSED)
def test_a_fault_that_was_ordered_is_counted_apart_and_reaches_nothing(
    judge: Judge, order: Exchange, answer: Exchange
):
    report = judged(judge, order, answer)

    wrong = [str(one) for one in report.disagreements if "/__admin" not in one.exchange]
    assert wrong == []
    assert report.faults == 1
    assert {name for name, _ in report.reached} <= {"createMapping", "putChaos", "importMappings"}


def test_the_rate_limit_is_an_order_too(judge: Judge):
    limit = exchange("PUT", "/__admin/rate-limit", 200, {"isLimited": True})
    answer = replace(
        faulty(KEY, 429, "transport", answer=[]),
        response_headers=(("x-mock-fault", "transport"), ("matched-stub-id", "rate-limit")),
    )

    assert judged(judge, limit, answer).faults == 1
    assert judged(judge, answer).faults == 0


HIDDEN = [
    pytest.param([], faulty(KEY, 418, "invalid", answer=[]), id="nobody armed anything"),
    pytest.param(
        [armed(id="other", allowInvalid=True)],
        faulty(KEY, 418, "invalid", answer=[]),
        id="another rule was armed",
    ),
    pytest.param(
        [replace(armed(allowInvalid=True), status=422)],
        faulty(KEY, 418, "invalid", answer=[]),
        id="the rule was refused",
    ),
    pytest.param(
        [replace(armed(allowInvalid=True), path="/v1/mappings")],
        faulty(KEY, 418, "invalid", answer=[]),
        id="it was no control plane",
    ),
    pytest.param([armed()], faulty(KEY, 418, "invalid", answer=[]), id="it may not be invalid"),
    pytest.param(
        [armed(response={"status": 404})],
        faulty(KEY, 404, "transport", answer=[]),
        id="a declared status is nothing of the transport",
    ),
    pytest.param(
        [armed(response={"status": 418})],
        faulty(KEY, 418, "transport", answer=[]),
        id="a status of an API is nothing of the transport",
    ),
    pytest.param(
        [armed(response={"status": 503})],
        faulty(TOPICS, 503, "transport", answer=[]),
        id="default declares it",
    ),
    pytest.param(
        [armed(response={"fault": "EMPTY_RESPONSE"})],
        faulty(KEY, 0, "CONNECTION_RESET_BY_PEER", fault="CONNECTION_RESET_BY_PEER"),
        id="another fault was ordered",
    ),
    pytest.param([], faulty(KEY, 0, "EMPTY_RESPONSE", fault="EMPTY_RESPONSE"), id="no order"),
    pytest.param([armed(allowInvalid=True)], faulty(KEY, 418, "weather", answer=[]), id="no sort"),
]


@pytest.mark.parametrize(("orders", "answer"), HIDDEN)
def test_a_mock_cannot_excuse_itself(judge: Judge, orders: list[Exchange], answer: Exchange):
    report = judged(judge, *orders, answer)

    assert report.faults == 0
    assert [one for one in report.disagreements if str(answer) == one.exchange]


def test_a_rule_excuses_nothing_in_another_recording(judge: Judge):
    order, answer = EXCUSED[0]
    recordings = [Recording("one", 1, (order,)), Recording("two", 1, (answer,))]

    assert judge.judge_all(recordings).faults == 0
