"""Whatever is sent, the answer is one that the mock meant to give: never a 500, never none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Client
from tests.conftest import make_mock

PROJECT = "/projects/my-project"
CREATIONS = ("topics", "destinations")
REFUSALS = {400, 409, 413, 415, 422}

# One world for all examples: each of them may leave something behind, and none may matter.
PIPELINE = settings(
    max_examples=100,
    deadline=None,  # two cores are shared with other tests
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
topics = st.fixed_dictionaries({"name": json_values})
destinations = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("fine") | json_values,
        "type": st.sampled_from(["webhook", "kinesis"]) | json_values,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "url": st.text() | json_values,
                "headers": st.dictionaries(st.text(), st.text()) | json_values,
                "endpointUrl": st.text() | json_values,
            },
        )
        | json_values,
        "secrets": json_values,
    },
)
raw_texts = st.text(st.characters(max_codepoint=255, exclude_characters="?"))
header_texts = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"))
#: The headers that the mock reads.
HEADERS = ("x-api-key", "authorization", "content-type", "content-encoding", "host", "accept")


@pytest.fixture(scope="module")
def server() -> Client:
    return Client(make_mock())


def check(client: Client, name: str, **body: Any) -> None:
    answer = client.post(f"{PROJECT}/{name}", **body)

    assert answer.status in REFUSALS | {201}
    assert answer.json
    if answer.status in {400, 413, 415, 422}:
        assert answer.issue_names


@pytest.mark.parametrize("name", CREATIONS)
@PIPELINE
@given(body=st.binary(min_size=1))
def test_any_bytes_as_a_body(server: Client, name: str, body: bytes):
    check(server, name, raw=body)


@pytest.mark.parametrize("name", CREATIONS)
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@PIPELINE
@given(body=st.binary(min_size=1) | st.binary().map(lambda b: b"\x1f\x8b\x08\x00" + b))
def test_any_bytes_as_a_compressed_body(server: Client, name: str, encoding: str, body: bytes):
    answer = server.post(f"{PROJECT}/{name}", raw=body, headers={"content-encoding": encoding})

    assert answer.status in REFUSALS


@pytest.mark.parametrize("name", CREATIONS)
@PIPELINE
@given(body=json_values)
def test_any_json_value_as_a_body(server: Client, name: str, body: Any):
    check(server, name, body=body)


@PIPELINE
@given(body=topics)
def test_any_value_as_the_name_of_a_topic(server: Client, body: Any):
    check(server, "topics", body=body)


@PIPELINE
@given(body=destinations)
def test_any_values_in_a_destination(server: Client, body: Any):
    check(server, "destinations", body=body)


@pytest.mark.parametrize(
    "path",
    [
        f"{PROJECT}/topic-destination-routes",
        f"{PROJECT}/notification-event-topic-routes",
        f"{PROJECT}/destinations/defaultWebhook",
        f"{PROJECT}/jwt-keys",
    ],
)
@PIPELINE
@given(query=raw_texts | st.from_regex(r"(topicId|active|rotate|eventType)=[ -~]*", fullmatch=True))
def test_any_query_string(server: Client, path: str, query: str):
    assert server.get(f"{path}?{query}").status in {200, 400}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@PIPELINE
@given(path=raw_texts)
def test_any_path(server: Client, method: str, path: str):
    everywhere = server.call(method, f"/{path}", root=True)
    below = server.call(method, f"/{path}")
    value = server.call(method, f"{PROJECT}/topics/{path}")

    assert everywhere.status in {200, 400, 404, 405}
    assert below.status in {200, 400, 401, 403, 404, 405}
    assert value.status in {200, 400, 404, 405}


@PIPELINE
@given(text=header_texts)
def test_any_text_in_the_headers_that_are_read(server: Client, text: str):
    for name in HEADERS:
        answer = server.post(f"{PROJECT}/topics", {"name": "a b"}, headers={name: text})

        assert answer.status in {401, 415, 422}
    for token in (text, f"{text}.{text}.{text}", f"eyJhbGciOiJSUzI1NiJ9.{text}.x"):
        refused = server.as_().get(PROJECT, headers={"authorization": f"Bearer {token}"})

        assert refused.status == 401
