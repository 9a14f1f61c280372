"""The bench in one process: a fault is told, the mock as it is is not."""

from __future__ import annotations

import pytest

from tests.mutants.inside import Inside, Task

TOPICS = frozenset({"createTopic", "listTopics"})


@pytest.fixture(scope="module")
def referee() -> Inside:
    return Inside()


def task(name: str) -> Task:
    return Task(name, "own-data", 0, 60, TOPICS, fail_on_suspect=name == "clean")


def test_a_fault_is_told(referee: Inside):
    told = referee.hold(task("lost-createTopic"))
    assert told.code == 1
    assert "created topic is not found again" in told.first


def test_the_mock_as_it_is_is_not(referee: Inside):
    told = referee.hold(task("clean"))
    assert (told.code, told.first) == (0, "")
