"""What requests probably meant: the nearest operation, the place, expected, got, a fix."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Client

TOPICS = "/projects/my-project/topics"


def missed(control: Client) -> dict[str, Any]:
    """Return the near miss of the latest request."""
    latest = control.get("/requests?limit=1").json["requests"][0]["id"]
    found: dict[str, Any] = control.get(f"/requests/{latest}").json["nearMiss"]
    return found


def test_an_unknown_path_names_the_operation_that_was_meant(control: Client, client: Client):
    client.get("/projects/my-project/topic")

    near = missed(control)
    assert near["operation"] == {
        "operationId": "listTopics",
        "method": "GET",
        "path": "/v1/projects/{projectIdOrName}/topics",
    }
    assert near["location"] == ["request", "path"]
    assert (near["expected"], near["got"]) == (
        "/v1/projects/{projectIdOrName}/topics",
        "/v1/projects/my-project/topic",
    )
    assert near["fix"] == f"call GET /v1{TOPICS}"
    assert 0 < near["matchResult"]["distance"] < 0.1


def test_a_wrong_method_names_the_methods_that_the_path_has(control: Client, client: Client):
    client.call("DELETE", "/projects")

    near = missed(control)
    assert near["operation"]["path"] == "/v1/projects"
    assert near["location"] == ["request", "method"]
    assert near["got"] == "DELETE"
    assert near["expected"] in {"GET", "POST"}


def test_a_wrong_media_type_names_the_right_ones(control: Client, client: Client):
    client.post(TOPICS, raw=b"name: x", headers={"content-type": "text/yaml"})

    near = missed(control)
    assert near["operation"]["operationId"] == "createTopic"
    assert (near["expected"], near["got"]) == ("application/json", "text/yaml")
    assert near["location"] == ["request", "header", "Content-Type"]


@pytest.mark.parametrize(
    ("body", "pointer", "expected", "got"),
    [
        ({"name": 5}, "/name", "a string", 5),
        ({}, "/name", "a value", "nothing"),
        ({"name": ["a/b"]}, "/name", "a string", ["a/b"]),
    ],
)
def test_a_wrong_body_names_the_pointer(
    control: Client, client: Client, body: Any, pointer: str, expected: str, got: Any
):
    client.post(TOPICS, body)

    near = missed(control)
    assert (near["pointer"], near["expected"], near["got"]) == (pointer, expected, got)
    assert near["fix"].startswith("name: ")


def test_a_secret_that_was_wrong_is_not_repeated(control: Client, client: Client):
    client.post(
        "/projects/my-project/provider-apps",
        {"provider": "salesforce", "clientId": "c", "clientSecret": 123456789},
    )

    near = missed(control)
    assert near["pointer"] == "/clientSecret"
    assert near["got"] == "a value that is not repeated"


def test_a_request_that_was_right_has_no_near_miss(control: Client, client: Client):
    client.get(TOPICS)
    client.get("/projects/no-such-project")

    for entry in control.get("/requests").json["requests"]:
        assert "nearMiss" not in control.get(f"/requests/{entry['id']}").json
    assert control.get("/requests/unmatched/near-misses").json == {"nearMisses": []}


def test_near_misses_are_ranked_by_distance(control: Client, client: Client):
    client.get("/something/else/entirely")
    client.get("/projets")
    client.post(TOPICS, {})

    near = control.get("/requests/unmatched/near-misses").json["nearMisses"]
    distances = [one["matchResult"]["distance"] for one in near]
    assert distances == sorted(distances)
    assert all(0 <= distance <= 1 for distance in distances)
    assert len(near) == 3 + 3 + 1
    assert near[0]["operation"]["operationId"] == "listProjects"
    assert near[0]["request"]["request"]["url"] == "/v1/projets"
    only = control.get("/requests/unmatched/near-misses?limit=1").json["nearMisses"]
    assert [one["operation"]["operationId"] for one in only] == ["createTopic"]
    assert control.get("/requests/unmatched/near-misses?limit=0").status == 400


def test_a_described_request_need_not_have_been_sent(control: Client):
    near = control.post(
        "/near-misses/request", {"method": "post", "url": "/v1/projects/p/topic?x=1"}
    ).json["nearMisses"]

    assert near[0]["operation"]["operationId"] == "createTopic"
    assert near[0]["fix"] == "call POST /v1/projects/p/topics"
    exact = control.post("/near-misses/request", {"url": "/v1/projects/sn\u00f6"}).json
    assert exact["nearMisses"][0] == {
        "operation": {
            "operationId": "getProject",
            "method": "GET",
            "path": "/v1/projects/{projectIdOrName}",
        },
        "matchResult": {"distance": 0.0},
        "fix": "none: this is getProject",
    }


@pytest.mark.parametrize(
    ("body", "status"), [({"url": "projects"}, 422), ({}, 400), ({"url": 1}, 400)]
)
def test_a_description_that_is_none_is_refused(control: Client, body: Any, status: int):
    answer = control.post("/near-misses/request", body)

    assert (answer.status, answer.issue_names) == (status, ["url"])


def test_the_nearest_requests_to_a_pattern_say_what_does_not_fit(control: Client, client: Client):
    client.post(TOPICS, {"name": "near"})
    client.get("/projects")
    pattern = {
        "method": "POST",
        "urlPathTemplate": "/v1/projects/{id}/topics",
        "headers": {"X-Trace": {"absent": False}},
        "bodyPatterns": [{"equalToJson": {"name": "other"}}],
    }

    near = control.post("/near-misses/request-pattern", pattern).json["nearMisses"]
    assert [one["request"]["operationId"] for one in near] == ["createTopic", "listProjects"]
    assert near[0]["differences"] == ["headers.X-Trace", "bodyPatterns[0]"]
    assert "method" in near[1]["differences"]
    assert 0 < near[0]["matchResult"]["distance"] < near[1]["matchResult"]["distance"] <= 1


def test_a_pattern_that_is_not_understood_is_refused(control: Client):
    answer = control.post("/near-misses/request-pattern", {"path": "/v1"})

    assert answer.status == 422
    assert answer.json["detail"] == "/path is not supported"
    assert control.post("/near-misses/request-pattern", []).status == 400
