"""The journal searched by request patterns, and what it says when it is switched off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock

TOPICS = "/projects/my-project/topics"
PROJECT = "/projects/my-project"


def test_requests_are_found_counted_and_removed_by_a_pattern(control: Client, client: Client):
    client.post(TOPICS, {"name": "one"})
    client.post(TOPICS, {"name": "two"})
    client.get(TOPICS)
    pattern = {
        "method": "POST",
        "urlPath": f"/v1{TOPICS}",
        "bodyPatterns": [{"matchesJsonPath": {"expression": "$.name", "equalTo": "two"}}],
    }

    assert control.post("/requests/count", pattern).json == {"count": 1}
    (found,) = control.post("/requests/find", pattern).json["requests"]
    assert json.loads(found["request"]["body"]) == {"name": "two"}
    assert control.post("/requests/count", {}).json == {"count": 3}
    removed = control.post("/requests/remove", pattern).json["serveEvents"]
    assert [one["id"] for one in removed] == [found["id"]]
    assert control.post("/requests/count", pattern).json == {"count": 0}
    assert control.post("/requests/remove", pattern).json == {"serveEvents": []}
    assert control.get("/requests").json["meta"]["kept"] == 2


@pytest.mark.parametrize("route", ["find", "count", "remove"])
def test_a_pattern_that_is_not_understood_is_refused(control: Client, client: Client, route: str):
    client.get(PROJECT)
    unknown = control.post(f"/requests/{route}", {"headers": {"X": {"equals": "1"}}})

    assert unknown.status == 422
    assert unknown.json["detail"] == "/headers/X/equals is not supported"
    assert control.post(f"/requests/{route}", []).status == 400
    text = control.post(f"/requests/{route}", raw=b"x", headers={"content-type": "text/plain"})
    assert text.status == 415
    assert control.get("/requests").json["meta"]["kept"] == 1


def test_requests_that_reached_no_operation_are_listed(control: Client, client: Client):
    client.get(PROJECT)
    client.get("/projets")
    client.call("DELETE", "/projects")

    found = control.get("/requests/unmatched").json
    assert [one["response"]["status"] for one in found["requests"]] == [405, 404]
    assert control.get("/requests/unmatched?limit=1").json["meta"]["total"] == 2
    assert control.get("/requests/unmatched?limit=0").status == 400


# ---------------------------------------------------------------- without a journal


@pytest.fixture(scope="module")
def off() -> Mock:
    return make_mock(journal=False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/requests"),
        ("DELETE", "/requests"),
        ("GET", "/requests/1"),
        ("DELETE", "/requests/1"),
        ("POST", "/requests/find"),
        ("POST", "/requests/count"),
        ("POST", "/requests/remove"),
        ("GET", "/requests/unmatched"),
        ("GET", "/requests/unmatched/near-misses"),
        ("POST", "/near-misses/request-pattern"),
    ],
)
def test_without_a_journal_nobody_is_told_that_nothing_was_asked(off: Mock, method: str, path: str):
    control = Client(off, key=None, prefix="/__admin")
    body: dict[str, Any] = {"body": {}} if method == "POST" else {}

    answer = control.call(method, path, **body)

    assert answer.status == 409
    assert "--no-journal" in answer.json["remedy"]
