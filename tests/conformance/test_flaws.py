"""Checks of one answer by itself: each fires on what it is for, and lets every legal variant be."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from mockserver.conformance.exchange import Answer, Request
from mockserver.conformance.flaws import flaws_of
from mockserver.contract.contract import load_api

CONTRACT = load_api()
TOPIC = {
    "id": "t1",
    "name": "leads",
    "projectId": "p1",
    "createTime": "2026-01-05T09:00:00Z",
    "updateTime": "2026-01-05T09:00:00Z",
}
PROBLEM = "application/problem+json"


def told(
    operation: str,
    status: int,
    body: Any = None,
    media_type: str = "application/json",
    **headers: str,
) -> list[tuple[str, str]]:
    content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
    sent = {"content-type": media_type} if content and media_type else {}
    answer = Answer(
        status, {**sent, **{n.replace("_", "-"): v for n, v in headers.items()}}, content
    )
    request = Request(operation, CONTRACT.operations[operation].method, "/")
    return [(flaw.check, flaw.pointer) for flaw in flaws_of(CONTRACT, request, answer)]


def problem(status: int, **fields: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": "x", "status": status, "detail": "y", **fields}


LEGAL: dict[str, tuple[Any, ...]] = {
    "as the contract says": ("createTopic", 201, TOPIC),
    "more fields": ("createTopic", 201, {**TOPIC, "colour": "red"}),
    "an id of another shape": ("createTopic", 201, {**TOPIC, "id": "topic_01J"}),
    "times with offset": ("createTopic", 201, {**TOPIC, "createTime": "2026-01-05T10:00:00+01:00"}),
    "times in milliseconds": (
        "createTopic",
        201,
        {**TOPIC, "createTime": "2026-01-05T09:00:00.123Z"},
    ),
    "a charset": ("createTopic", 201, TOPIC, "application/json; charset=utf-8"),
    "nothing": ("deleteTopic", 204),
    "a refusal": ("deleteTopic", 404, problem(404, issues=[]), PROBLEM),
    "another refusal": ("deleteTopic", 403, problem(403), PROBLEM),
    "text": ("oauthConnect", 200, b"https://example.com/auth?state=x", "text/plain"),
    "JSON errors of JWT keys": ("getJWTKey", 404, problem(404), "application/json"),
    "issues": ("createDestination", 400, problem(400, issues=[{"detail": "z"}]), PROBLEM),
}
FLAWED: dict[str, tuple[tuple[Any, ...], tuple[str, str]]] = {
    "a field that is missing": (
        ("createTopic", 201, {k: v for k, v in TOPIC.items() if k != "name"}),
        ("schema", "/name"),
    ),
    "a field of another type": (("createTopic", 201, {**TOPIC, "name": 7}), ("schema", "/name")),
    "null": (("createTopic", 201, {**TOPIC, "name": None}), ("schema", "/name")),
    "no time": (("createTopic", 201, {**TOPIC, "createTime": "now"}), ("schema", "/createTime")),
    "no JSON": (("createTopic", 201, b"{"), ("schema", "")),
    "UTF-16": (("createTopic", 201, json.dumps(TOPIC).encode("utf-16")), ("schema", "")),
    "another success": (("createTopic", 200, TOPIC), ("status", "")),
    "a body on 204": (("deleteTopic", 204, b"{}"), ("empty-body", "")),
    "a body where 201 is empty": (("createIntegration", 201, b"{}"), ("empty-body", "")),
    "another media type": (("createTopic", 201, TOPIC, "text/plain"), ("media-type", "")),
    "no media type": (("createTopic", 201, TOPIC, ""), ("media-type", "")),
    "a problem as JSON": (
        ("deleteTopic", 404, problem(404), "application/json"),
        ("media-type", ""),
    ),
    "a problem that says another status": (
        ("deleteTopic", 404, problem(400), PROBLEM),
        ("problem-status", "/status"),
    ),
    "a status that is not declared": (("getJWTKey", 418, problem(418)), ("status", "")),
    "quoted text": (("oauthConnect", 200, b'"https://x"', "text/plain"), ("quoted-text", "")),
    "a defect": (("listTopics", 500, problem(500), PROBLEM), ("server-error", "")),
}


@pytest.mark.parametrize("case", LEGAL.values(), ids=LEGAL)
def test_a_legal_answer_is_left_alone(case: tuple[Any, ...]):
    assert told(*case) == []


@pytest.mark.parametrize(("case", "flaw"), FLAWED.values(), ids=FLAWED)
def test_a_flaw_is_told(case: tuple[Any, ...], flaw: tuple[str, str]):
    assert flaw in told(*case)


def test_a_length_on_204_is_told():
    assert told("deleteTopic", 204, content_length="7") == [("empty-body", "")]
