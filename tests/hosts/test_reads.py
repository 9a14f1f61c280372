"""The read API: triggered reads, paused schedules."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.simulation.clock import SECOND, moment, stamp
from tests.conftest import START
from tests.hosting import PERSON, Hosted, install, mapped, mapped_manifest, plain
from tests.installing import NOBODY, PROJECT

MINUTE = 60
HALF_AN_HOUR = 1800  # seconds: contacts are read every half hour


@pytest.fixture
def here() -> Hosted:
    return plain()


def later(seconds: float) -> str:
    return stamp(moment(START) + int(seconds * SECOND))


def names_in(messages: list[dict[str, Any]]) -> list[Any]:
    return [entry["fields"]["lastname"] for m in messages for entry in m["result"]]


def test_a_triggered_read_delivers_what_changed_since(here: Hosted):
    here.created(lastname="Before")
    here.ear.advance(MINUTE)
    here.created(lastname="Within")
    here.ear.advance(MINUTE)
    here.created(lastname="After")
    here.ear.advance(MINUTE)

    answer = here.read(sinceTimestamp=later(MINUTE), untilTimestamp=later(2 * MINUTE))
    here.ear.advance(MINUTE)

    assert answer.status == 201
    operation = here.operation(answer.json["operationId"])
    assert (operation["actionType"], operation["status"]) == ("read", "success")
    [message] = here.heard("read")
    assert names_in([message]) == ["Within"]
    assert message["readType"] == "triggered"
    assert message["operationId"] == operation["id"]
    [done] = here.notified("read.triggered.done")
    assert done["objectName"] == "contact"
    assert done["fromTimestamp"] == later(MINUTE)


def test_without_a_beginning_everything_is_delivered(here: Hosted):
    here.created(lastname="Newest")
    here.read()
    here.ear.advance(MINUTE)

    messages = here.heard("read")
    assert names_in(messages)[-1] == "Newest"
    assert 41 <= sum(message["resultInfo"]["numRecords"] for message in messages) <= 200


def test_results_that_have_nowhere_to_go_are_told_of_in_the_log(here: Hosted):
    assert here.client.delete(f"{PROJECT}/destinations/contactWebhook").status == 204
    here.created(lastname="Within")

    answer = here.read(sinceTimestamp=START)
    here.ear.advance(MINUTE)

    assert here.operation(answer.json["operationId"])["status"] == "success"
    errors = [
        line["message"].get("error")
        for line in here.logs(answer.json["operationId"])
        if line["severity"] == "ERROR"
    ]
    assert errors == ["destination contactWebhook not found"]
    assert here.heard("read") == []


def test_a_read_that_finds_nothing_sends_nothing(here: Hosted):
    answer = here.read(sinceTimestamp=START)
    here.ear.advance(MINUTE)

    assert here.heard("read") == []
    assert here.operation(answer.json["operationId"])["result"] == "[contact] No new data found"
    assert len(here.notified("read.triggered.done")) == 1


@pytest.mark.parametrize("name", ["person", "contact", "PERSON"])
def test_an_object_may_be_named_as_it_is_mapped(name: str):
    assert mapped().read(name).status == 201


def test_a_read_fails_when_the_provider_rejects_the_credentials(here: Hosted):
    here.drill("bad_credentials")
    answer = here.read()
    here.ear.advance(MINUTE)

    assert here.operation(answer.json["operationId"])["status"] == "failure"
    [error] = here.notified("read.triggered.error")
    assert "401" in error["error"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"mode": "sync"}, "mode"),
        ({"mode": None}, "mode"),
        ({"groupRef": 1}, "groupRef"),
        ({"sinceTimestamp": "yesterday"}, "is no RFC 3339 time"),
        ({"sinceTimestamp": "2026-01-01"}, "is no RFC 3339 time"),
        ({"untilTimestamp": "2026-01-01T00:00:00"}, "is no RFC 3339 time"),
        (
            {
                "sinceTimestamp": "2026-01-02T00:00:00Z",
                "untilTimestamp": "2026-01-01T00:00:00Z",
            },
            "sinceTimestamp is after untilTimestamp",
        ),
    ],
)
def test_a_read_that_makes_no_sense_is_refused(here: Hosted, body: dict[str, Any], words: str):
    refused = here.read(**body)

    assert refused.status == 400
    assert refused.media_type == "application/json"
    assert words in refused.json["detail"] or words in str(refused.issue_names)
    assert refused.json["remedy"]


def test_an_object_that_is_not_read_is_refused(here: Hosted):
    refused = here.read("lead")

    assert refused.status == 400
    assert refused.json["detail"] == "the manifest has no read object lead"


def test_an_object_that_the_customer_did_not_choose_is_refused():
    here = install(mapped_manifest(), read={"contact": PERSON})

    refused = here.read("lead")

    assert refused.status == 400
    assert "config.content.read.objects.lead" in refused.json["remedy"]


def test_a_disabled_object_is_not_read_nor_searched(here: Hosted):
    disabled = {"contact": {"disabled": True}}
    here.place.configure(here.made, "read.objects.contact.disabled", read={"objects": disabled})

    for refused in (here.read(), here.search(lastname="Park")):
        assert refused.status == 400
        assert "disabled" in refused.json["detail"]


# ---------------------------------------------------------------- pause and unpause


def pause(here: Hosted, verb: str = "pause", body: Any = None, made: str | None = None) -> Any:
    path = f"{here.path}/installations/{made or here.made['id']}:{verb}"
    if body is None:
        return here.client.call("POST", f"/read/v1{path}", root=True)
    return here.post("read", path, body)


def scheduled(here: Hosted) -> int:
    """Return how many reads the schedule has started by now."""
    path = f"{here.place.path}/{here.made['id']}/operations"
    found = here.client.get(path).json["results"]
    return sum(1 for one in found if one["actionType"] == "read")


@pytest.mark.parametrize("body", [None, {}, {"objects": ["contact"]}, {"note": "moving house"}])
def test_a_paused_schedule_reads_nothing_until_it_is_unpaused(here: Hosted, body: Any):
    assert (pause(here, body=body).status, pause(here, body=body).status) == (204, 204)
    here.created(lastname="Meanwhile")
    here.ear.advance(2 * HALF_AN_HOUR)
    assert scheduled(here) == 0

    assert (pause(here, "unpause", body).status, pause(here, "unpause", body).status) == (204, 204)
    here.ear.advance(HALF_AN_HOUR + MINUTE)

    assert scheduled(here) == 1
    assert names_in(here.heard("read")) == ["Meanwhile"]


def test_only_the_named_object_is_paused():
    here = mapped()
    assert pause(here, body={"objects": ["person"]}).status == 204

    here.ear.advance(HALF_AN_HOUR + MINUTE)

    path = f"{here.place.path}/{here.made['id']}/operations"
    found = here.client.get(path).json["results"]
    assert [one["metadata"]["objects"] for one in found] == [["lead"]]


def test_a_paused_object_can_still_be_read_by_trigger(here: Hosted):
    pause(here)

    assert here.read().status == 201


@pytest.mark.parametrize("verb", ["pause", "unpause"])
def test_an_object_that_is_not_read_cannot_be_paused(here: Hosted, verb: str):
    refused = pause(here, verb, {"objects": ["contact", "lead"]})

    assert refused.status == 400
    assert refused.media_type == "application/problem+json"
    assert refused.issue_names == ["objects[1]"]


def test_pausing_nothing_pauses_nothing(here: Hosted):
    assert pause(here, body={"objects": []}).status == 204

    here.ear.advance(HALF_AN_HOUR + MINUTE)
    assert scheduled(here) == 1


@pytest.mark.parametrize("verb", ["pause", "unpause"])
def test_another_installation_is_not_found(here: Hosted, verb: str):
    assert pause(here, verb, made=NOBODY).status == 404


@pytest.mark.parametrize("body", [[], {"objects": "contact"}, {"note": 1}])
def test_a_body_of_the_wrong_shape_is_refused(here: Hosted, body: Any):
    assert pause(here, body=body).status == 400
