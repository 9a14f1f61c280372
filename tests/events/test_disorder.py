"""Modes that repeat and disorder deliveries, the same way each time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.posting import Post, post
from tests.sinks import sink


def modes(here: Post, **values: Any) -> Any:
    answer = here.admin.put("/delivery-modes", values)
    assert answer.status == 200, answer.body
    return answer.json


def numbers(seed: int = 0, count: int = 40, **values: Any) -> list[int]:
    """Return the events that reach a sink, in order."""
    here = post(seed=seed)
    with sink() as there:
        here.hook("first", there.url)
        modes(here, **values)
        here.emit(count)
        here.turn(60)
        return [one.json["data"]["number"] for one in there.received]


def test_all_is_well_until_a_mode_is_set():
    here = post()
    assert here.admin.get("/delivery-modes").json == {
        "duplicates": 0.0,
        "outOfOrder": 0.0,
        "longestDelay": 30.0,
    }
    assert numbers() == list(range(40))


def test_duplicates_are_the_same_message_once_more():
    got = numbers(duplicates=0.3)

    assert sorted(set(got)) == list(range(40))
    assert 40 < len(got) < 80
    assert got == sorted(got)
    assert all(got.count(number) <= 2 for number in got)
    assert numbers(duplicates=1) == [n for n in range(40) for _ in "xx"]


def test_messages_out_of_order_all_arrive_once():
    got = numbers(outOfOrder=0.5)

    assert sorted(got) == list(range(40))
    assert got != sorted(got)


def test_what_happens_follows_from_the_seed():
    values: dict[str, Any] = {"outOfOrder": 0.5, "duplicates": 0.5}

    assert numbers(**values) == numbers(**values)
    assert numbers(**values) != numbers(seed=1, **values)


def test_a_message_waits_at_most_so_long():
    here = post()
    here.hook("first", "https://sink.localhost/")
    modes(here, outOfOrder=1, longestDelay=2)
    here.emit(20)
    here.turn()
    waiting = here.deliveries(status="waiting")
    assert len(waiting) == 20
    assert all("nextAttemptTime" in one for one in waiting)
    here.turn(2)
    assert len(here.deliveries(status="delivered")) == 20


def test_setting_modes_replaces_them():
    here = post()
    modes(here, duplicates=0.5)
    assert modes(here, outOfOrder=0.5)["duplicates"] == 0
    assert here.admin.get("/delivery-modes").json["outOfOrder"] == 0.5
    assert modes(here)["outOfOrder"] == 0


@pytest.mark.parametrize(
    "body", [{"duplicates": 2}, {"outOfOrder": -0.1}, {"longestDelay": "1"}, {"other": 1}]
)
def test_wrong_modes_are_refused(body: dict[str, Any]):
    assert post().admin.put("/delivery-modes", body).status == 400


def test_what_is_redelivered_is_not_repeated():
    here = post()
    with sink() as there:
        here.hook("first", there.url)
        modes(here, duplicates=1)
        here.emit()
        here.turn()
        assert here.admin.post(f"/deliveries/{here.delivery()['id']}/redeliver").status == 200

        assert len(there.received) == 3
    triggers = [attempt["trigger"] for attempt in here.delivery()["attempts"]]
    assert triggers == ["schedule", "duplicate", "redeliver"]
