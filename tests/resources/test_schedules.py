"""Cron expressions, and how close their ticks may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.resources import schedules


@pytest.mark.parametrize(
    "text",
    [
        "*/10 * * * *",
        "*/30 * * * *",
        "0 */2 * * *",
        "0 9 * * MON-FRI",
        "0,10,20 * * * *",
        "5 * * * *",
        "0 0 1 JAN *",
        "5,50 8-18 * * 1-5",
        "0,55 3 * * *",  # 55 minutes apart, then a day
        "  0   0 * * *  ",
    ],
)
def test_ten_minutes_between_ticks_are_enough(text: str):
    assert schedules.mistake(text, least_minutes=10) is None


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "*/5 * * * *",
        "*/9 * * * *",
        "0,5 * * * *",
        "55,4 * * * *",
        "0-59/3 0 1 1 *",
        "* 0 * * *",
        "0,59 23,0 * * *",
    ],
)
def test_less_than_ten_minutes_between_ticks_are_refused(text: str):
    assert schedules.mistake(text, least_minutes=10) == "ticks more often than every 10 minutes"


@pytest.mark.parametrize(("text", "fits"), [("0 * * * *", True), ("*/30 * * * *", False)])
def test_an_hour_between_ticks_can_be_asked_for(text: str, fits: bool):
    assert (schedules.mistake(text, least_minutes=60) is None) == fits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "@hourly",
        "0 0 * *",
        "0 0 0 * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0/0 * * * *",
        "a b c d e",
        "0 0 31 2 *",
        "5-1 * * * *",
        pytest.param("9" * 5000 + " * * * *", id="long"),
    ],
)
def test_what_is_no_cron_expression_of_five_fields_is_refused(text: str):
    mistake = schedules.mistake(text, least_minutes=10)

    assert mistake is not None
    assert "no cron expression" in mistake


@given(st.lists(st.text("0123456789*/,-LW#?SUNJAN", max_size=8), min_size=5, max_size=5))
def test_no_text_is_an_accident(fields: list[str]):
    schedules.mistake(" ".join(fields), least_minutes=10)
