"""The clock of a sandbox: real, ahead, or standing still."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.simulation.clock import SECOND, advance, freeze, moment, now, stamp, wall_clock
from mockserver.state.root import ClockState

YEAR = 365 * 86_400 * SECOND
WALL = 1_767_603_600 * SECOND  # 2026-01-05T09:00:00Z

moments = st.integers(moment("0001-01-01T00:00:00Z"), moment("9999-12-31T23:59:59.999999Z"))
durations = st.integers(0, 1000 * YEAR)
clocks = st.sampled_from(
    [ClockState(), freeze(ClockState(), WALL), ClockState("offset", offset=90 * SECOND)]
)


def wall() -> int:
    return WALL


@given(moments)
def test_a_moment_comes_back_from_its_stamp(instant: int):
    assert moment(stamp(instant)) == instant


@given(moments)
def test_a_stamp_is_rfc_3339_in_utc_with_microseconds(instant: int):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", stamp(instant))


@given(moments, moments)
def test_stamps_sort_like_their_moments(one: int, other: int):
    assert (stamp(one) < stamp(other)) == (one < other)


def test_a_stamp_is_written_like_the_contract_writes_times():
    assert stamp(0) == "1970-01-01T00:00:00.000000Z"
    assert stamp(WALL) == "2026-01-05T09:00:00.000000Z"
    assert stamp(1) == "1970-01-01T00:00:00.000001Z"


@pytest.mark.parametrize(
    "text",
    ["2026-01-05T09:00:00Z", "2026-01-05T10:30:00+01:30", "2026-01-05T04:00:00.000000-05:00"],
)
def test_times_of_any_zone_are_the_same_moment(text: str):
    assert moment(text) == WALL


@pytest.mark.parametrize("text", ["", "soon", "2026-01-05", "2026-01-05T09:00:00", "2026-13-01Z"])
def test_what_names_no_moment_is_refused(text: str):
    with pytest.raises(ValueError, match=r"isoformat|no time zone|must be"):
        moment(text)


def test_a_real_clock_tells_the_time_of_the_machine():
    assert now(ClockState(), wall) == WALL
    before = time.time_ns() // 1000
    assert before <= now(ClockState()) <= wall_clock()
    assert datetime.fromisoformat(stamp(now(ClockState()))).tzinfo == UTC


def test_a_frozen_clock_stands_whatever_the_machine_says():
    clock = freeze(ClockState(), 42)
    assert now(clock, wall) == now(clock, lambda: 0) == 42


@given(clocks, durations)
def test_advancing_moves_the_time_by_exactly_the_duration(clock: ClockState, duration: int):
    assert now(advance(clock, duration), wall) == now(clock, wall) + duration


@given(clocks, durations, durations)
def test_two_steps_are_one_long_step(clock: ClockState, first: int, second: int):
    assert advance(advance(clock, first), second) == advance(clock, first + second)


@given(durations)
def test_a_frozen_clock_still_stands_when_it_was_advanced(duration: int):
    clock = advance(freeze(ClockState(), WALL), duration)
    assert now(clock, lambda: 0) == now(clock, lambda: 10 * YEAR)


def test_an_advanced_real_clock_runs_on_with_the_machine():
    clock = advance(ClockState(), 60 * SECOND)
    assert now(clock, lambda: WALL + 5 * SECOND) - now(clock, wall) == 5 * SECOND


@given(clocks, st.integers(max_value=-1))
def test_a_clock_is_never_turned_back(clock: ClockState, duration: int):
    with pytest.raises(ValueError, match="only turned forward"):
        advance(clock, duration)


@given(clocks)
def test_a_clock_stays_where_times_can_be_written(clock: ClockState):
    with pytest.raises(ValueError, match="a clock"):
        advance(clock, 8000 * YEAR)
    with pytest.raises(ValueError, match="before the year 9000"):
        freeze(clock, moment("9000-01-01T00:00:00Z"))


def test_turning_a_clock_leaves_the_old_one_as_it_was():
    clock = freeze(ClockState(), 1)
    advance(clock, 5)
    assert clock.instant == 1
