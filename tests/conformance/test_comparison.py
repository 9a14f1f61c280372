"""What counts as the same: only what the contract knows, times as instants."""

from __future__ import annotations

import pytest

from mockserver.conformance.comparison import differences, instant
from mockserver.conformance.family import at, steps, with_value, without_value
from mockserver.conformance.laws.expect import unshown
from mockserver.contract.known import known_at
from tests.conformance.twisting import CONTRACT

_TOPIC = "/paths/~1projects~1{projectIdOrName}~1topics/post/responses/201/content"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2026-01-05T09:00:00.123456Z", "2026-01-05T09:00:00.123456Z"),
        ("2026-01-05T09:00:00.123456Z", "2026-01-05T09:00:00.123Z"),
        ("2026-01-05T09:00:00.923456Z", "2026-01-05T09:00:00Z"),
        ("2026-01-05T09:00:00.923456Z", "2026-01-05T09:00:01Z"),  # rounded up
        ("2026-01-05T09:00:00Z", "2026-01-05T14:30:00+05:30"),
        ("2026-01-05T09:00:00Z", "2026-01-05t09:00:00z"),
    ],
)
def test_times_are_the_same_as_far_as_both_are_written(left: str, right: str):
    assert list(differences({"at": left}, {"at": right})) == []
    assert list(differences({"at": right}, {"at": left})) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("2026-01-05T09:00:00.123456Z", "2026-01-05T09:00:00.123457Z"),
        ("2026-01-05T09:00:00.123456Z", "2026-01-05T09:00:00.125Z"),
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:01Z"),
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:00+05:30"),
    ],
)
def test_other_times_differ(left: str, right: str):
    (found,) = differences({"at": left}, {"at": right})
    assert found.pointer == "/at"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-05", "2026-13-05T09:00:00Z", 5, None])
def test_what_is_no_time_is_none(text: object):
    assert instant(text) is None


def test_one_time_is_before_another_only_where_both_can_tell():
    early, late = instant("2026-01-05T09:00:00.2Z"), instant("2026-01-05T09:00:00.7Z")
    coarse = instant("2026-01-05T09:00:00Z")
    assert early is not None
    assert late is not None
    assert coarse is not None
    assert early.before(late)
    assert not late.before(early)
    assert not coarse.before(late)


@pytest.mark.parametrize(
    ("expected", "got", "pointers"),
    [
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": 1}, {}, ["/a"]),
        ({}, {"a/b": None}, ["/a~1b"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["/a/0", "/a/1"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
        ({"a": "x "}, {"a": "x"}, ["/a"]),
        ({"a": {"b": "X"}}, {"a": {"b": "x"}}, ["/a/b"]),
        ({"a": 1}, {"a": 1}, []),
    ],
)
def test_differences_name_their_place(expected: object, got: object, pointers: list[str]):
    assert [one.pointer for one in differences(expected, got)] == pointers


def test_what_the_contract_does_not_know_is_left_out():
    body = {"id": "1", "name": "n", "etag": "x", "projectId": "p", "createTime": "t"}
    pointer = f"{_TOPIC}/application~1json/schema"
    assert "etag" not in known_at(CONTRACT.document, pointer, body)


def test_a_map_is_shown_as_it_was_sent_and_an_object_may_have_more():
    schema = {
        "properties": {
            "headers": {"type": "object"},
            "inner": {"properties": {"a": {}, "made": {}}},
        }
    }
    sent = {"headers": {"x": "1"}, "inner": {"a": 1}, "unknown": 1}

    def pointers(got: object) -> list[str]:
        return [one.pointer for one in unshown({}, schema, sent, got)]

    assert pointers({"headers": {"x": "1"}, "inner": {"a": 1, "made": 2}}) == []
    assert pointers({"headers": {"x": "1", "y": "2"}, "inner": {"a": 1}}) == ["/headers/y"]
    assert pointers({"headers": {"x": "1"}, "inner": {}}) == ["/inner/a"]


def test_a_path_may_have_dots_within_names():
    path = r"config.objects.interview\.leads.on"
    assert steps(path) == ["config", "objects", "interview.leads", "on"]
    record = with_value({"config": {"kept": 1}}, path, True)
    assert record == {"config": {"kept": 1, "objects": {"interview.leads": {"on": True}}}}
    assert at(record, path) is True
    assert at(record, "config.nothing.there") is None
    gone = without_value(record, path)
    assert gone == {"config": {"kept": 1, "objects": {"interview.leads": {}}}}
    assert without_value(gone, "no.such.path") == gone


def test_entries_of_maps_lose_what_no_contract_knows():
    schema = "/components/schemas/Connection"
    entry = {"value": "One", "source": "input"}
    seen = {"id": "c", "providerMetadata": {"any name": {**entry, "xExtra": 1}}, "xExtra": 1}
    kept = known_at(CONTRACT.document, schema, seen)
    assert kept == {"id": "c", "providerMetadata": {"any name": entry}}
