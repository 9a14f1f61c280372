"""A trace holds everything that a rule saw, whoever made the parents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from mockserver.app import Mock
from mockserver.conformance.callers import by_key
from mockserver.conformance.door import Door
from mockserver.conformance.lab import Lab, Parents
from mockserver.conformance.target import Project, Target
from tests.conformance.checking import CONTRACT, URL, Twisted


@pytest.fixture
def door(mock: Mock) -> Iterator[Door]:
    caller = by_key("key", "mock-full-key")
    target = Target(f"{URL}/v1", Project("my-project"), {"key": caller}, transport=Twisted(mock))
    with closing(Door(target, CONTRACT)) as opened:
        yield opened


def called(lab: Lab) -> list[str]:
    return [exchange.operation_id for exchange in lab.trace]


def made(lab: Lab) -> Lab:
    """Make a topic, and return what calls through the lab that made it."""
    lab.call("createTopic", {"name": lab.name("topic")})
    return lab


def test_a_shared_parent_is_made_once_and_stands_in_every_trace(door: Door):
    parents = Parents()
    first, second = (Lab(door, f"abc123-000{n}", parents) for n in (1, 2))
    first.shared("topic", made)
    second.call("listTopics")
    second.shared("topic", made)
    assert called(first) == ["createTopic"]
    assert called(second) == ["createTopic", "listTopics"]


def test_calls_of_a_shared_thing_stand_in_the_trace_of_who_uses_it(door: Door):
    parents = Parents()
    first, second, third = (Lab(door, f"abc123-000{n}", parents) for n in (1, 2, 3))
    first.shared("topic", made)
    second.shared("topic", made).call("listTopics")
    third.shared("topic", made).call("listTopics")
    first.shared("topic", made)
    assert called(second) == ["createTopic", "listTopics"]
    assert called(third) == ["createTopic", "listTopics"]


def test_parents_of_parents_are_followed_too(door: Door):
    parents = Parents()
    first, second, third = (Lab(door, f"abc123-000{n}", parents) for n in (1, 2, 3))
    inner = first.shared("inner", made)
    second.shared("outer", lambda lab: lab.shared("inner", made))
    assert third.shared("outer", made) is inner
    inner.call("listTopics")
    assert called(third)[-1] == "listTopics"
