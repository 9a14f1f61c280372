"""Sequences find what only several calls show, shorten it, and hold on the mock as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockserver.app import Mock
from mockserver.conformance.door import Door
from mockserver.conformance.findings import Verdict
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Session, Trial
from mockserver.conformance.pace import Watch, within
from mockserver.conformance.rules import Broken
from mockserver.conformance.sequences.layer import Sequences
from tests.conformance import faults as f
from tests.conformance import odd_mocks as odd
from tests.conformance.test_laws import as_it_is
from tests.conformance.twisting import CONTRACT, Fault, Twisted, World, at, target
from tests.conftest import make_mock

#: Nobody's time runs here: rounds end the play.
_STANDING = Watch(read=lambda: 0.0, wait=lambda _: None)


@pytest.fixture(scope="module")
def unrecorded() -> Mock:
    # The machine judges each answer itself; the session's second judge would take minutes.
    return make_mock(record="")


@pytest.fixture
def mock(unrecorded: Mock) -> Mock:
    unrecorded.sandbox.reset()
    return unrecorded


@contextmanager
def session(mock: Mock, fault: Fault, *, seed: int = 0) -> Iterator[Session]:
    door = Door(target(Twisted(World(mock), fault)), CONTRACT)
    try:
        yield Session(door, "5e9000", seed, within(60, _STANDING))
    finally:
        door.close()


def found(trials: list[Trial]) -> list[Trial]:
    return [one for one in trials if one.finding.verdict is not Verdict.HELD]


def test_the_mock_keeps_up_with_the_model(mock: Mock):
    with session(mock, as_it_is, seed=7) as play:
        trials = list(Sequences(rounds=5).run(play))
    assert found(trials) == []
    assert len(trials) > 30  # operations that were granted at least once


@pytest.mark.parametrize(
    ("fault", "operation"),
    [
        (at("createTopic", f.forgets), "createTopic"),
        (at("createApiKey", f.forgets), "createApiKey"),
        (at("deleteDestination", f.forgets), "deleteDestination"),
        (at("updateProject", f.forgets), "updateProject"),
        (at("listIntegrations", f.answers(odd.listed_twice)), "listIntegrations"),
        (f.keeps_the_dead("/destinations/", listed=False), "getDestination"),
        (at("getConnection", f.anywhere("mailmonkey-prod", "my-project")), "getConnection"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_found_and_shortened(mock: Mock, fault: Fault, operation: str):
    with session(mock, fault) as play:
        trials = Sequences(rounds=30).run(play)
        told = next(one for one in trials if one.finding.verdict is not Verdict.HELD)
        trace = [exchange.operation_id for exchange in told.finding.trace]
        assert operation in trace
        assert len(trace) <= 12
        assert told.again is not None
        with pytest.raises(Broken):
            told.again(Lab(play.door, "5e9001"))


def test_a_seed_draws_the_same_sequences(mock: Mock):
    asked = []
    for _ in range(2):
        mock.sandbox.reset()
        with session(mock, as_it_is, seed=3) as play:
            list(Sequences(rounds=1).run(play))
            asked.append(
                [(one.request.method, one.operation_id) for lab in play.taken for one in lab.trace]
            )
    assert asked[0] == asked[1]
    assert len(asked[0]) > 50


def test_nothing_is_played_when_time_is_up(mock: Mock):
    with session(mock, as_it_is) as play:
        over = Session(play.door, "5e9002", 0, within(0, _STANDING))
        assert list(Sequences().run(over)) == []
        assert over.taken == []
