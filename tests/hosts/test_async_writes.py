"""Asynchronous writes: accepted at once, done on the clock, told of at the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Response
from tests.hosting import Hosted, plain

MINUTE, HOUR = 60, 3600


@pytest.fixture
def here() -> Hosted:
    return plain()


def later(here: Hosted, **body: Any) -> Response:
    answer = here.write(mode="asynchronous", **body)
    assert answer.status == 200, answer.body
    assert set(answer.json) == {"operationId"}
    return answer


def test_a_write_is_done_and_told_of_later(here: Hosted):
    answer = later(here, record={"lastname": "Later"})

    assert here.operation(answer.json["operationId"])["status"] == "in_progress"
    assert here.found(lastname="Later") == []
    here.ear.advance(MINUTE)

    operation = here.operation(answer.json["operationId"])
    [found] = here.found(lastname="Later")
    [told] = here.notified("write.async.done")
    assert operation["status"] == "success"
    assert operation["metadata"]["successfulRecordIds"] == [found["raw"]["id"]]
    assert (told["success"], told["errors"]) == (True, [])
    assert told["successfulRecordIds"] == [found["raw"]["id"]]
    assert told["objectName"] == "contact"


def test_a_batch_that_fails_in_part_is_told_of_with_both_lists(here: Hosted):
    later(here, batch=[{"record": {"lastname": "Good"}}, {"record": {"shoe": 1}}])
    here.ear.advance(MINUTE)

    [told] = here.notified("write.async.done")
    assert told["success"] is False
    assert len(told["successfulRecordIds"]) == 1
    assert any("no field shoe" in error for error in told["errors"])


def test_an_update_may_come_later(here: Hosted):
    identifier = here.created(lastname="Park")
    later(here, kind="update", record={"id": identifier, "lastname": "Parker"})
    here.ear.advance(MINUTE)

    assert [one["raw"]["id"] for one in here.found(lastname="Parker")] == [identifier]


def test_a_throttled_provider_is_asked_again(here: Hosted):
    here.drill("provider_throttled", times=2)
    answer = later(here, record={"lastname": "Later"})
    here.ear.advance(MINUTE / 2)

    waiting = here.operation(answer.json["operationId"])
    assert waiting["status"] == "in_progress"
    assert waiting["metadata"]["retry"]["attempts"] == 1
    here.ear.advance(HOUR / 2)

    ended = here.operation(answer.json["operationId"])
    assert ended["status"] == "success"
    assert ended["metadata"]["retry"]["attempts"] == 2
    assert len(here.found(lastname="Later")) == 1


@pytest.mark.parametrize(
    ("policy", "hours"),
    [
        ({}, 1),
        ({"retryPolicy": {"deadlineHours": 3}}, 3),
        ({"autoBatchPolicy": {"maxDelayMinutes": 1, "retryDeadlineHours": 2}}, 2),
    ],
)
def test_a_write_is_given_up_at_its_deadline(here: Hosted, policy: dict[str, Any], hours: int):
    here.drill("provider_throttled")
    answer = later(here, record={"lastname": "Never"}, **policy)

    here.ear.advance(hours * HOUR - MINUTE)
    assert here.operation(answer.json["operationId"])["status"] == "in_progress"
    here.ear.advance(3 * MINUTE)

    assert here.operation(answer.json["operationId"])["status"] == "failure"
    [told] = here.notified("write.async.done")
    assert told["success"] is False
    assert "429" in told["errors"][0]


def test_writes_that_may_wait_go_together_when_the_first_has_waited_long_enough(here: Hosted):
    long, short = ({"autoBatchPolicy": {"maxDelayMinutes": minutes}} for minutes in (30, 10))
    first = later(here, record={"lastname": "First"}, **short)
    here.ear.advance(5 * MINUTE)
    second = later(here, record={"lastname": "Second"}, **long)
    alone = later(here, record={"lastname": "Alone"})
    here.ear.advance(4 * MINUTE)
    assert here.operation(alone.json["operationId"])["status"] == "success"
    assert here.operation(first.json["operationId"])["status"] == "in_progress"
    here.ear.advance(MINUTE)

    for answer in (first, second):
        assert here.operation(answer.json["operationId"])["status"] == "success"
    third = later(here, record={"lastname": "Third"}, **long)
    here.ear.advance(29 * MINUTE)
    assert here.operation(third.json["operationId"])["status"] == "in_progress"


def test_a_config_that_forbids_it_meanwhile_fails_the_write(here: Hosted):
    answer = later(here, record={"lastname": "Later"})
    here.place.configure(here.made, "write.objects", write={"objects": {}})
    here.ear.advance(MINUTE)

    assert here.operation(answer.json["operationId"])["status"] == "failure"
    assert here.notified("write.async.done")[0]["success"] is False


def test_a_write_of_an_installation_that_is_gone_is_not_done(here: Hosted):
    later(here, record={"lastname": "Later"})
    here.client.delete(f"{here.place.path}/{here.made['id']}")
    here.ear.advance(MINUTE)

    assert here.notified("write.async.done") == []


def test_what_makes_no_sense_is_refused_at_once(here: Hosted):
    assert here.write(mode="asynchronous").status == 400
