"""Delays: how they spread."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

from mockserver.simulation.delays import LONGEST, Delay, compile_delay
from mockserver.simulation.identity import Identity


def delay(**document: Any) -> Delay:
    found = compile_delay(document, "", "fixedDelay")
    assert found is not None
    return found


def drawn(one: Delay) -> list[float]:
    draw = Identity(0).fraction
    return [one.seconds(draw("a", number), draw("b", number)) * 1000 for number in range(2000)]


def test_nothing_is_no_delay():
    assert compile_delay({}, "", "fixedDelay") is None


def test_a_fixed_delay_and_a_distribution_add_up():
    spread = {"type": "uniform", "lower": 10, "upper": 20}

    times = drawn(delay(fixedDelay=100, delayDistribution=spread))

    assert 110 <= min(times) < 111
    assert 119 < max(times) <= 120
    assert 114 < median(times) < 116


def test_a_lognormal_delay_has_its_median_and_its_spread():
    times = drawn(delay(delayDistribution={"type": "lognormal", "median": 80, "sigma": 0.4}))

    assert 76 < median(times) < 84
    logs = [math.log(time / 80) for time in times]
    assert 0.36 < math.sqrt(sum(one * one for one in logs) / len(logs)) < 0.44


def test_nobody_waits_longer_than_the_longest():
    times = drawn(delay(delayDistribution={"type": "lognormal", "median": LONGEST, "sigma": 5}))

    assert max(times) == LONGEST
