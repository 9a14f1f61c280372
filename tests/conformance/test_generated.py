"""Generated requests: what they find, that they reach something, that nothing goes around."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from mockserver.app import Mock
from mockserver.conformance import callers, registry
from mockserver.conformance.belongings import Belongings
from mockserver.conformance.callers import by_bearer, by_key
from mockserver.conformance.door import Door
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.generated.layer import REACH, Generated
from mockserver.conformance.generated.requests import Draft
from mockserver.conformance.generated.shrinking import shrunk
from mockserver.conformance.inprocess import InProcess
from mockserver.conformance.keeper import Keeper
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Session, Trial
from mockserver.conformance.ledger import Ledger
from mockserver.conformance.pace import Watch, within
from mockserver.conformance.profiles import OBSERVE, load_profile
from mockserver.conformance.rules import Broken
from mockserver.conformance.target import Project, Target
from tests.client import BUILDER, KEY
from tests.conformance import faults as f
from tests.conformance import matrix_faults as m
from tests.conformance.twisting import CONTRACT, Twisted, World, at

SOME = ("createTopic", "updateDestination", "listOperations", "getConnection", "listProviders")
ENOUGH = 10_000.0  # more seconds than any test takes


@dataclass
class Recorder(httpx.BaseTransport):
    """Passes requests on, and remembers them."""

    inner: httpx.BaseTransport
    seen: list[tuple[str, str, bytes]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append((request.method, str(request.url), request.read()))
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


@contextmanager
def session(
    transport: httpx.BaseTransport,
    operations: Iterable[str] = SOME,
    *,
    seed: int = 1,
    keeper: Keeper | None = None,
) -> Iterator[Session]:
    given = {callers.KEY: by_key(callers.KEY, KEY), callers.BEARER: by_bearer("bearer", BUILDER)}
    url = "http://127.0.0.1:4010/v1"
    door = Door(
        Target(url, Project("my-project"), given, transport=transport), CONTRACT, keeper=keeper
    )
    right = {name: registry.right_calls()[name] for name in operations}
    try:
        yield Session(door, "0a1b2c", seed, within(ENOUGH, Watch()), right)
    finally:
        door.close()


def slices(of: Session, number: int) -> list[Trial]:
    """Return the first trials of the layer: one of each operation's boundaries, then random."""
    return list(itertools.islice(Generated().run(of), number))


def findings(trials: Iterable[Trial]) -> list[Finding]:
    return [one.finding for one in trials if one.finding.verdict is not Verdict.HELD]


def test_the_mock_answers_generated_requests_right(mock: Mock):
    with session(InProcess(mock.asgi)) as of:
        trials = slices(of, 4 * len(SOME))
    assert findings(trials) == []
    sent = [exchange for lab in of.taken for exchange in lab.trace]
    assert [(str(e), e.flaws) for e in sent if e.flaws] == []
    reached = {e.operation_id for e in sent if e.answer.is_success}
    assert reached >= set(SOME)


def test_what_must_be_refused_is_not_granted_unseen(mock: Mock):
    fault = at("createTopic", m.mends(m.as_text("name")))
    with session(Twisted(World(mock), fault), ["createTopic"]) as of:
        trials = slices(of, 4)
        found = [one for one in trials if one.finding.verdict is Verdict.VIOLATION]
        again = found[0].again
        assert again is not None
        lab = of.lab()
        with pytest.raises(Broken, match="schema forbids"):
            again(lab)
    # Made small: nothing is left that it fails without.
    assert list(lab.trace[-1].request.body) == ["name"]


def test_what_is_never_found_proves_nothing(mock: Mock):
    fault = at("createTopic", f.refuses(404, lambda _: True))
    with session(Twisted(World(mock), fault), ["createTopic"]) as of:
        (found,) = {one.rule: one for one in findings(slices(of, 6)) if one.rule == REACH}.values()
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.detail.startswith("missing_test_data")


def test_who_is_never_let_in_proves_nothing(mock: Mock):
    fault = at("createTopic", f.refuses(401, lambda _: True))
    with session(Twisted(World(mock), fault), ["createTopic"]) as of:
        (found,) = {one.rule: one for one in findings(slices(of, 6)) if one.rule == REACH}.values()
    assert found.detail.startswith("missing_auth")


def test_nothing_gets_around_the_profile(mock: Mock):
    recorder = Recorder(InProcess(mock.asgi))
    profile = load_profile(OBSERVE, CONTRACT)
    ledger = Ledger(None, run="0a1b2c", url="http://127.0.0.1:4010/v1")
    keeper = Keeper(profile, CONTRACT, Belongings("0a1b2c"), ledger)
    with session(recorder, registry.right_calls(), keeper=keeper) as of:
        slices(of, 90)
    assert recorder.seen
    assert {method for method, _, _ in recorder.seen} == {"GET"}


def test_a_seed_gives_the_same_requests(mock: Mock):
    def sent(seed: int) -> list[tuple[str, str, bytes]]:
        with mock_state(mock):
            recorder = Recorder(InProcess(mock.asgi))
            with session(recorder, ["createTopic", "listOperations"], seed=seed) as of:
                slices(of, 4)
        return [(method, url, body) for method, url, body in recorder.seen if "topics" in url]

    assert sent(7) == sent(7)
    assert sent(7) != sent(8)


@contextmanager
def mock_state(mock: Mock) -> Iterator[None]:
    root = mock.sandbox.snapshot()
    yield
    mock.sandbox.restore(root)


def test_a_failing_request_is_made_small():
    said = Draft({"a": "1", "b": "2"}, {"x": [1, {"y": 2}], "z": 3}, True, False, False)

    def fails(one: Draft) -> bool:
        return isinstance(one.body, dict) and one.body.get("x") != []

    small = shrunk(said, fails, within(ENOUGH, Watch()))
    assert (small.query, small.body) == ({}, {})


def test_without_time_nothing_is_tried(mock: Mock):
    with session(InProcess(mock.asgi)) as of:
        of.deadline = within(0, Watch(lambda: 5.0))
        assert slices(of, 1) == []


def test_a_lab_is_taken_for_each_slice(mock: Mock):
    with session(InProcess(mock.asgi), ["createTopic", "listProviders"]) as of:
        slices(of, 2)
        runs = {lab.run for lab in of.taken}
    assert len(runs) == 2
    assert all(isinstance(lab, Lab) for lab in of.taken)
