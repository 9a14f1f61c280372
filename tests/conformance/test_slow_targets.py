"""Where answers are slow several rules are tried at once, and none is the worse for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from mockserver.conformance.findings import Verdict
from mockserver.conformance.lab import Lab
from mockserver.conformance.patience import Patience
from mockserver.conformance.rules import Broken, Rule
from mockserver.conformance.sweep import Sweep
from tests.conformance.checking import Checked, Twisted, check
from tests.conformance.test_patience import Time
from tests.conftest import make_mock

ALONE = threading.main_thread()


class Slow(Twisted):
    """A mock whose answers take their time, by a clock that nobody waits for."""

    def __init__(self, seconds: float) -> None:
        super().__init__(make_mock())
        self.time = Time()
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.time.now += self._seconds
        return super().handle_request(request)


@pytest.fixture
def slow() -> Iterator[Slow]:
    with closing(Slow(0.02)) as target:
        yield target


def held(target: Slow, *rules: Rule, only: str = "") -> Checked:
    watch = target.time.watch
    layers = [Sweep(rules)] if rules else None
    return check(target, only=only, layers=layers, patience=Patience(watch=watch), watch=watch)


def verdicts(checked: Checked) -> list[tuple[str, Verdict]]:
    return [(finding.rule, finding.verdict) for _, finding in checked.results.trials]


def test_rules_are_tried_at_once_and_told_in_their_order(slow: Slow):
    both = threading.Barrier(2, timeout=10)

    def meets(_: Lab) -> None:
        both.wait()

    checked = held(slow, Rule("listTopics", "one", "", meets), Rule("listTopics", "two", "", meets))
    assert verdicts(checked) == [("one", Verdict.HELD), ("two", Verdict.HELD)]


def test_a_fast_target_is_asked_for_one_thing_after_the_other():
    seen: list[threading.Thread] = []

    def notes(_: Lab) -> None:
        seen.append(threading.current_thread())

    with closing(Slow(0.001)) as fast:
        held(fast, *[Rule("listTopics", name, "", notes) for name in ("one", "two")])
    assert seen == [ALONE, ALONE]


def test_what_broke_beside_others_is_tried_alone_before_it_counts(slow: Slow):
    def wants_to_be_alone(_: Lab) -> None:
        if threading.current_thread() is not ALONE:
            raise Broken("somebody else was there")

    checked = held(slow, Rule("listTopics", "shy", "", wants_to_be_alone))
    assert verdicts(checked) == [("shy", Verdict.HELD)]
    assert checked.results.findings == {}


def test_what_breaks_alone_as_well_is_told(slow: Slow):
    def breaks(lab: Lab) -> None:
        lab.call("listTopics")
        raise Broken("never right")

    checked = held(slow, Rule("listTopics", "wrong", "", breaks))
    assert verdicts(checked) == [("wrong", Verdict.VIOLATION)]


def test_the_real_rules_hold_beside_each_other_and_leave_nothing_behind(slow: Slow):
    checked = held(slow, only="createTopic/*")
    assert {verdict for _, verdict in verdicts(checked)} <= {Verdict.HELD, Verdict.SKIPPED}
    assert checked.results.findings == {}
    assert checked.ready.remains is not None
    assert checked.ready.remains.failed == []
