"""Request patterns: every matcher, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.journal.exchange import Exchange
from mockserver.journal.patterns import read_pattern
from mockserver.rules.errors import Kind, Refused

BODY = b'{"name": "x", "tags": ["a", "b"], "size": 1, "on": true}'


@pytest.fixture
def exchange(mock: Mock) -> Exchange:
    made = Exchange(mock.sandbox, 1, "run", 0)
    made.method, made.operation_id, made.status = "POST", "createTopic", 201
    made.path, made.query = b"/v1/projects/my%20project/topics", b"a=1&a=2&empty="
    made.headers = [(b"accept", b"text/html"), (b"x-two", b"1"), (b"x-two", b"2")]
    made.body = BODY
    return made


FITS = [
    {},
    {"method": "POST"},
    {"method": "post"},
    {"method": "ANY"},
    {"url": "/v1/projects/my%20project/topics?a=1&a=2&empty="},
    {"url": "/v1/projects/my project/topics?a=1&a=2&empty="},
    {"urlPath": "/v1/projects/my project/topics"},
    {"urlPath": "/v1/projects/my%20project/topics"},
    {"urlPattern": "/v1/.*a=1.*"},
    {"urlPathPattern": "/v1/projects/[^/]+/topics"},
    {"urlPathTemplate": "/v1/projects/{projectIdOrName}/topics"},
    {"queryParameters": {"a": {"equalTo": "2"}}},
    {"queryParameters": {"empty": {"equalTo": ""}, "b": {"absent": True}}},
    {"headers": {"Accept": {"contains": "html"}}},
    {"headers": {"ACCEPT": {"equalTo": "TEXT/HTML", "caseInsensitive": True}}},
    {"headers": {"X-Two": {"equalTo": "2"}, "X-Three": {"absent": True}}},
    {"headers": {"Accept": {"matches": "text/.*"}}},
    {"headers": {"Accept": {"doesNotMatch": "json.*"}}},
    {"headers": {"X-Three": {"doesNotContain": "x"}}},
    {"bodyPatterns": [{"contains": '"name"'}, {"doesNotContain": "nothing"}]},
    {"bodyPatterns": [{"equalToJson": {"name": "x", "size": 1.0}, "ignoreExtraElements": True}]},
    {
        "bodyPatterns": [
            {
                "equalToJson": '{"on": true, "size": 1, "tags": ["b", "a"], "name": "x"}',
                "ignoreArrayOrder": True,
            }
        ]
    },
    {"bodyPatterns": [{"matchesJsonPath": "$.tags[1]"}]},
    {"bodyPatterns": [{"matchesJsonPath": "$[?(@ == 'x')]"}]},
    {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.size", "equalTo": "1"}}]},
    {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.none", "absent": True}}]},
    {"operationId": "createTopic", "status": 201},
]
FITS_NOT = [
    {"method": "GET"},
    {"url": "/v1/projects/my%20project/topics"},
    {"urlPath": "/v1/projects/my%20project"},
    {"urlPattern": "/v1/projects"},
    {"urlPathPattern": "/projects/.*"},
    {"urlPathTemplate": "/v1/projects/{projectIdOrName}"},
    {"urlPathTemplate": "/v1/{x}/topics"},
    {"queryParameters": {"a": {"equalTo": "3"}}},
    {"queryParameters": {"b": {"equalTo": "1"}}},
    {"queryParameters": {"a": {"absent": True}}},
    {"headers": {"Accept": {"equalTo": "TEXT/HTML"}}},
    {"headers": {"Accept": {"matches": "text"}}},
    {"headers": {"Accept": {"doesNotMatch": "text/.*"}}},
    {"headers": {"Accept": {"doesNotContain": "text"}}},
    {"headers": {"X-Three": {"contains": ""}}},
    {"bodyPatterns": [{"equalToJson": {"name": "x"}}]},
    {"bodyPatterns": [{"equalToJson": {"on": 1}, "ignoreExtraElements": True}]},
    {"bodyPatterns": [{"equalToJson": {"tags": ["b"]}, "ignoreExtraElements": True}]},
    {"bodyPatterns": [{"matchesJsonPath": "$.none"}]},
    {"bodyPatterns": [{"matchesJsonPath": {"expression": "$.size", "equalTo": "2"}}]},
    {"operationId": "listTopics"},
    {"status": 200},
]


@pytest.mark.parametrize("pattern", FITS, ids=str)
def test_a_pattern_fits(exchange: Exchange, pattern: dict[str, Any]):
    read = read_pattern(pattern)

    assert read.fits(exchange)
    assert read.distance(exchange) == 0
    assert read.differences(exchange) == []


@pytest.mark.parametrize("pattern", FITS_NOT, ids=str)
def test_a_pattern_does_not_fit(exchange: Exchange, pattern: dict[str, Any]):
    read = read_pattern(pattern)

    assert not read.fits(exchange)
    assert 0 < read.distance(exchange) <= 1
    assert len(read.differences(exchange)) == 1


def test_a_body_that_is_no_json_fits_no_pattern_of_json(exchange: Exchange):
    exchange.body = b"[" * 100_000
    pattern: dict[str, Any]
    for pattern in ({"equalToJson": []}, {"matchesJsonPath": "$"}):
        assert not read_pattern({"bodyPatterns": [pattern]}).fits(exchange)


def test_the_nearer_of_two_is_nearer(exchange: Exchange):
    near = read_pattern({"method": "POST", "urlPath": "/v1/projects/my project/topic"})
    far = read_pattern({"method": "GET", "urlPath": "/v1/orgs"})

    assert near.distance(exchange) < far.distance(exchange)


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ({"path": "/v1"}, "/path"),
        ({"method": 1}, "/method"),
        ({"url": "/a", "urlPath": "/a"}, "/urlPath"),
        ({"urlPattern": "("}, "/urlPattern"),
        ({"url": "http://127.0.0.1:4010/v1"}, "/url"),
        ({"urlPath": "v1"}, "/urlPath"),
        ({"urlPath": "/v1?x=1"}, "/urlPath"),
        ({"urlPathTemplate": "/v1/{"}, "/urlPathTemplate"),
        ({"urlPathTemplate": "/v1/{p}?x"}, "/urlPathTemplate"),
        ({"bodyPatterns": [{"matchesJsonPath": "name"}]}, "/bodyPatterns/0/matchesJsonPath"),
        ({"headers": []}, "/headers"),
        ({"headers": {"A": "text"}}, "/headers/A"),
        ({"headers": {"A": {}}}, "/headers/A"),
        ({"headers": {"A/B": {"equals": "x"}}}, "/headers/A~1B/equals"),
        ({"headers": {"A": {"equalTo": "x", "contains": "y"}}}, "/headers/A"),
        ({"headers": {"A": {"contains": "x", "caseInsensitive": True}}}, "/headers/A/caseIns"),
        ({"headers": {"A": {"equalTo": "x", "caseInsensitive": 1}}}, "/headers/A/caseIns"),
        ({"headers": {"A": {"absent": "yes"}}}, "/headers/A/absent"),
        ({"bodyPatterns": {}}, "/bodyPatterns"),
        ({"bodyPatterns": [{"equalToJson": "{"}]}, "/bodyPatterns/0/equalToJson"),
        ({"bodyPatterns": [{"matchesJsonPath": "$["}]}, "/bodyPatterns/0/matchesJsonPath"),
        ({"bodyPatterns": [{"matchesJsonPath": {}}]}, "/bodyPatterns/0/matchesJsonPath/expression"),
        ({"status": "404"}, "/status"),
        ({"status": True}, "/status"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_pointer(pattern: dict[str, Any], place: str):
    with pytest.raises(Refused) as refused:
        read_pattern(pattern)

    assert refused.value.kind == Kind.UNPROCESSABLE
    assert refused.value.detail.startswith(place)
    assert refused.value.remedy
