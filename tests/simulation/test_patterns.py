"""Request patterns: what they match, how near a miss is, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.simulation.patterns import Asked, PatternError, compile_pattern

CREATE = Asked(
    method="POST",
    path="/v1/projects/my-project/topics",
    query="dry=1&tag=a&tag=b",
    headers=(("X-Api-Key", "k"), ("accept", "application/json")),
    body=b'{"name":"leads","size":1,"tags":["a","b"],"owner":{"id":7}}',
    operation_id="createTopic",
    status=201,
)


def body(matcher: dict[str, Any]) -> dict[str, Any]:
    return {"bodyPatterns": [matcher]}


MATCHING = [
    {},
    {"method": "ANY"},
    {"method": "POST"},
    {"url": "/v1/projects/my-project/topics?dry=1&tag=a&tag=b"},
    {"urlPattern": r"/v1/.*\?dry=\d.*"},
    {"urlPath": "/v1/projects/my-project/topics"},
    {"urlPathPattern": "/v1/projects/[^/]+/topics"},
    {"urlPathTemplate": "/v1/projects/{project}/topics"},
    {
        "urlPathTemplate": "/v1/projects/{project}/topics",
        "pathParameters": {"project": {"equalTo": "my-project"}},
    },
    {"operationId": "createTopic"},
    {"status": 201},
    {"headers": {"x-api-key": {"equalTo": "k"}, "If-Match": {"absent": True}}},
    {
        "headers": {
            "Accept": {
                "contains": "json",
            }
        }
    },
    {"headers": {"Accept": {"equalTo": "APPLICATION/JSON", "caseInsensitive": True}}},
    {"queryParameters": {"dry": {"matches": "[01]"}, "tag": {"equalTo": "b"}}},
    {"queryParameters": {"dry": {"doesNotMatch": "[23]"}, "none": {"doesNotContain": "x"}}},
    {"queryParameters": {"dry": {"or": [{"equalTo": "0"}, {"equalTo": "1"}]}}},
    {"queryParameters": {"dry": {"and": [{"matches": "."}, {"not": {"equalTo": "0"}}]}}},
    body({"contains": "leads"}),
    body(
        {
            "equalToJson": {"tags": ["b", "a"], "name": "leads", "size": 1.0, "owner": {"id": 7}},
            "ignoreArrayOrder": True,
        }
    ),
    body({"equalToJson": '{"owner": {}, "tags": ["a"]}', "ignoreExtraElements": True}),
    body({"matchesJsonPath": "$.name"}),
    body({"matchesJsonPath": "$.tags[1]"}),
    body({"matchesJsonPath": "$..id"}),
    body({"matchesJsonPath": "$[?(@.id == 7)]"}),
    body({"matchesJsonPath": "$[?(@.name == 'leads')]"}),
    body({"matchesJsonPath": "$.owner[?(@ > 6)]"}),
    body({"matchesJsonPath": {"expression": "$['name']", "equalTo": "leads"}}),
    body({"matchesJsonPath": {"expression": "$.absent", "absent": True}}),
]


@pytest.mark.parametrize("document", MATCHING)
def test_a_pattern_matches(document: dict[str, Any]):
    pattern = compile_pattern(document, answered=True)

    assert pattern.matches(CREATE)
    assert pattern.distance(CREATE) == 0


MISSING = [
    {"method": "GET"},
    {"url": "/v1/projects/my-project/topics"},
    {"urlPattern": "/v1/projects"},
    {"urlPath": "/v1/projects/my-project"},
    {"urlPathPattern": "/projects/.*"},
    {"urlPathTemplate": "/v1/projects/{project}"},
    {
        "urlPathTemplate": "/v1/projects/{project}/topics",
        "pathParameters": {"project": {"equalTo": "other"}},
    },
    {"operationId": "listTopics"},
    {"status": 200},
    {"headers": {"x-api-key": {"absent": True}}},
    {"headers": {"x-other": {"contains": ""}}},
    {"queryParameters": {"dry": {"not": {"equalTo": "1"}}}},
    {"queryParameters": {"tag": {"equalTo": "c"}}},
    body({"equalTo": "leads"}),
    body({"equalToJson": {"name": "leads"}}),
    body({"equalToJson": {"size": True}, "ignoreExtraElements": True}),
    body({"matchesJsonPath": "$.tags[2]"}),
    body({"matchesJsonPath": "$.tags[?(@ == 1)]"}),
    body({"matchesJsonPath": {"expression": "$.name", "matches": "lead"}}),
]


@pytest.mark.parametrize("document", MISSING)
def test_a_pattern_misses_and_says_by_how_much(document: dict[str, Any]):
    pattern = compile_pattern(document, answered=True)

    assert not pattern.matches(CREATE)
    assert 0 < pattern.distance(CREATE) <= 1


def test_a_near_miss_is_nearer_than_another():
    near = compile_pattern({"method": "POST", "urlPath": "/v1/projects/my-project/topic"})
    far = compile_pattern({"method": "DELETE", "urlPath": "/v1/my-info"})

    assert near.distance(CREATE) < 0.1 < far.distance(CREATE)


def test_a_miss_says_what_was_expected_and_what_was_there():
    pattern = compile_pattern(
        {"method": "POST", "headers": {"If-Match": {"equalTo": "1"}}, **body({"contains": "lead"})}
    )

    found = {one.part: (one.expected, one.actual) for one in pattern.differences(CREATE)}

    assert found["method"] == ("POST", "POST")
    assert found["headers.If-Match"] == ("equal to '1'", None)
    assert {one.part for one in pattern.differences(CREATE) if one.distance} == {"headers.If-Match"}


REFUSED = [
    ([], ""),
    ({"verb": "GET"}, "/verb"),
    ({"status": 200}, "/status"),
    ({"method": "FETCH"}, "/method"),
    ({"method": []}, "/method"),
    ({"urlPath": 7}, "/urlPath"),
    ({"url": "/", "urlPath": "/"}, "/urlPath"),
    ({"urlPattern": "("}, "/urlPattern"),
    ({"pathParameters": {}}, "/pathParameters"),
    ({"urlPathTemplate": "/{a}", "pathParameters": {"b": {"absent": True}}}, "/pathParameters/b"),
    ({"urlPathTemplate": "/{a}", "pathParameters": 7}, "/pathParameters"),
    ({"operationId": 7}, "/operationId"),
    ({"headers": []}, "/headers"),
    ({"headers": {"a/b": "x"}}, "/headers/a~1b"),
    ({"headers": {"A": {}}}, "/headers/A"),
    ({"headers": {"A": {"equalTo": "x", "contains": "y"}}}, "/headers/A"),
    ({"headers": {"A": {"equalTo": 1}}}, "/headers/A/equalTo"),
    ({"headers": {"A": {"equalTo": "x", "ignoreArrayOrder": True}}}, "/headers/A/ignoreArrayOrder"),
    ({"headers": {"A": {"equalTo": "x", "caseInsensitive": 1}}}, "/headers/A/caseInsensitive"),
    ({"headers": {"A": {"absent": "yes"}}}, "/headers/A/absent"),
    ({"headers": {"A": {"and": []}}}, "/headers/A/and"),
    ({"bodyPatterns": {}}, "/bodyPatterns"),
    (body({"equalToXml": "<a/>"}), "/bodyPatterns/0/equalToXml"),
    (body({"equalToJson": "{"}), "/bodyPatterns/0/equalToJson"),
    (body({"matches": "["}), "/bodyPatterns/0/matches"),
    (body({"matchesJsonPath": "name"}), "/bodyPatterns/0/matchesJsonPath"),
    (body({"matchesJsonPath": "$.a["}), "/bodyPatterns/0/matchesJsonPath"),
    (body({"matchesJsonPath": "$[?(@.a == b)]"}), "/bodyPatterns/0/matchesJsonPath"),
    (body({"matchesJsonPath": {"equalTo": "x"}}), "/bodyPatterns/0/matchesJsonPath/expression"),
]


@pytest.mark.parametrize(("document", "pointer"), REFUSED)
def test_what_is_no_pattern_is_refused_with_its_place(document: Any, pointer: str):
    with pytest.raises(PatternError) as caught:
        compile_pattern(document, "/request")

    assert caught.value.pointer == f"/request{pointer}"
    assert caught.value.detail
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("document", "method", "template", "may"),
    [
        ({}, "GET", "/v1/my-info", True),
        ({"method": "POST"}, "GET", "/v1/my-info", False),
        ({"urlPath": "/v1/projects/a"}, "GET", "/v1/projects/{id}", True),
        ({"urlPath": "/v1/projects/a/b"}, "GET", "/v1/projects/{id}", False),
        ({"url": "/v1/my-info?x=1"}, "GET", "/v1/my-info", True),
        ({"urlPathTemplate": "/v1/projects/{p}"}, "GET", "/v1/projects/{id}", True),
        ({"urlPathTemplate": "/v1/{a}/{b}"}, "GET", "/v1/projects/{id}", True),
        ({"urlPathTemplate": "/v1/orgs/{p}"}, "GET", "/v1/projects/{id}", False),
        ({"urlPath": "/v1/a:verb"}, "GET", "/v1/{id}:verb", True),
        ({"urlPath": "/v1/a:other"}, "GET", "/v1/{id}:verb", False),
        ({"urlPathPattern": "/nowhere"}, "GET", "/v1/my-info", False),
        ({"urlPathPattern": "/nowhere|/v1/.*"}, "GET", "/v1/my-info", True),
        ({"urlPathPattern": "/v1/my.*"}, "GET", "/v1/my-info", True),
        ({"urlPathPattern": "/v1/projects/a.*"}, "GET", "/v1/projects/{id}", True),
        ({"urlPathPattern": "/v1/orgs?/.*"}, "GET", "/v1/org/{id}", True),
        ({"urlPathPattern": "/v1/orgs/.*"}, "GET", "/v1/projects/{id}", False),
        ({"urlPattern": r"/v1/my\-info\?a=.*"}, "GET", "/v1/my-info", True),
        ({"urlPathPattern": ".*"}, "GET", "/v1/my-info", True),
        ({"urlPathPattern": "/v1/projects/[^/]+/topics"}, "GET", "/v1/projects/{id}/topics", True),
    ],
)
def test_which_operations_a_pattern_may_hit(
    document: dict[str, Any], method: str, template: str, may: bool
):
    assert compile_pattern(document).may_hit(method, template) == may


@pytest.mark.parametrize(
    "document",
    [
        {"method": "get"},
        {"urlPath": "/v1/projects/my project"},
        {"urlPath": "/v1/projects/my%20project"},
        {"url": "/v1/projects/my project?a=1"},
        {"urlPathPattern": "/v1/projects/my project"},
        {"urlPathTemplate": "/v1/projects/{p}", "pathParameters": {"p": {"equalTo": "my project"}}},
    ],
)
def test_a_path_is_matched_as_it_was_sent_and_as_it_reads(document: dict[str, Any]):
    assert compile_pattern(document).matches(Asked("GET", "/v1/projects/my%20project", "a=1"))
