"""Backfills: when they start, how they advance with the clock, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client, Response
from tests.installing import CONTACT, LEAD, PROJECT, Place, place
from tests.worlds import read_object, reading

Advance = Callable[[float], None]
ACCOUNT = {"objectName": "account"}
HISTORY = {"defaultPeriod": {"fullHistory": True}}
LONG = 600  # before the first scheduled read


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def progress(here: Place, made: dict[str, Any], name: str = "contact") -> Response:
    return here.client.get(f"{here.path}/{made['id']}/objects/{name}/backfill-progress")


def operations(here: Place, made: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = here.client.get(f"{here.path}/{made['id']}/operations").json[
        "results"
    ]
    return found


def test_progress_grows_with_the_clock_up_to_the_estimate(here: Place, advance: Advance):
    made = here.installed()
    found = [progress(here, made).json]
    for _ in range(12):
        advance(1)
        found.append(progress(here, made).json)

    done = [one["recordsProcessed"] for one in found]
    total = found[0]["recordsEstimatedTotal"]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, total)
    assert {one["recordsEstimatedTotal"] for one in found} == {total}
    assert found[0]["createTime"] == found[0]["updateTime"] == found[-1]["createTime"]
    assert [one["updateTime"] for one in found] == sorted(one["updateTime"] for one in found)
    assert {one["operationId"] for one in found} == {operations(here, made)[0]["id"]}


def test_a_backfill_is_an_operation_that_ends_in_success(here: Place, advance: Advance):
    made = here.installed()
    before = operations(here, made)[0]
    assert here.stored(made)["lastOperationStatus"] == before["status"] == "in_progress"
    assert before["configId"] == made["config"]["id"]

    advance(LONG)

    after = operations(here, made)[0]
    assert here.stored(made)["lastOperationStatus"] == after["status"] == "success"
    assert "Backfill completed" in after["result"]
    seen = progress(here, made).json
    assert after["metadata"]["progress"] == {
        name: value for name, value in seen.items() if not name.endswith("Time")
    }
    logs = here.client.get(f"{PROJECT}/operations/{after['id']}/logs").json
    assert [line["timestamp"] for line in logs] == sorted(line["timestamp"] for line in logs)
    assert len(logs) > 1


@pytest.mark.parametrize(
    ("provider", "name", "estimates"),
    [("salesforce", "contact", True), ("hubspot", "contacts", True), ("apollo", "contacts", False)],
)
def test_only_some_providers_estimate(
    client: Client, mock: Mock, advance: Advance, provider: str, name: str, estimates: bool
):
    read = read_object(name, requiredFields=["email"], backfill=HISTORY)
    here = place(client, mock, reading(read, provider=provider))
    made = here.installed(here.reading(**{name: {"objectName": name}}))

    for _ in range(2):
        assert ("recordsEstimatedTotal" in progress(here, made, name).json) is estimates
        advance(LONG)


@pytest.mark.parametrize(
    ("given", "starts"),
    [
        ({}, True),
        ({"backfill": {"defaultPeriod": {"days": 1}}}, True),
        ({"backfill": {"defaultPeriod": {"days": 0}}}, False),
        ({"backfill": {"defaultPeriod": {"days": 2**62}}}, True),
        ({"disabled": True}, False),
    ],
)
def test_a_backfill_starts_when_it_is_asked_for(here: Place, given: dict[str, Any], starts: bool):
    made = here.installed(here.reading(contact={**CONTACT, **given}))

    assert progress(here, made).status == (200 if starts else 404)
    assert len(operations(here, made)) == int(starts)


def test_fewer_days_mean_fewer_records(here: Place, mock: Mock):
    root, totals = mock.sandbox.root, list[int]()
    for period in ({"days": 30}, {"days": 300}, {"fullHistory": True}):
        mock.sandbox.root = root
        given = {**CONTACT, "backfill": {"defaultPeriod": period}}
        made = here.installed(here.reading(contact=given))
        totals.append(progress(here, made).json["recordsEstimatedTotal"])

    assert 0 < totals[0] < totals[1] < totals[2]


@pytest.mark.parametrize("name", ["lead", "task", "%20"])
def test_an_object_without_a_backfill_has_no_progress(here: Place, name: str):
    made = here.installed(here.reading(contact=CONTACT, lead=LEAD))

    refused = progress(here, made, name)

    assert refused.status == 404
    assert refused.json["remedy"]


def test_the_case_of_a_name_does_not_matter(here: Place):
    made = here.installed()

    assert progress(here, made, "Contact").json == progress(here, made).json


def test_an_object_that_is_added_is_read_and_no_other_again(here: Place, advance: Advance):
    made = here.installed()
    advance(LONG)
    before = progress(here, made).json

    given = {"read": {"objects": {"account": ACCOUNT}}}
    assert here.configure(made, "read.objects.account", **given).status == 200
    again = {"read": {"objects": {"contact": CONTACT}}}
    assert here.configure(made, "read.objects.contact", **again).status == 200

    assert progress(here, made, "account").json["recordsProcessed"] == 0
    assert progress(here, made).json == before
    assert [one["status"] for one in operations(here, made)] == ["in_progress", "success"]


def test_pausing_an_object_ends_its_backfill_and_no_other(here: Place, advance: Advance):
    made = here.installed(here.reading(contact=CONTACT, account=ACCOUNT))
    advance(1)
    stopped = progress(here, made).json
    pause = {"read": {"objects": {"contact": {"disabled": True}}}}

    assert here.configure(made, "read.objects.contact.disabled", **pause).status == 200
    advance(LONG)

    assert progress(here, made).json["recordsProcessed"] == stopped["recordsProcessed"] > 0
    ended = {one["metadata"]["objects"][0]: one["status"] for one in operations(here, made)}
    assert ended == {"contact": "failure", "account": "success"}
    assert "cancelled" in operations(here, made)[-1]["result"]


def test_a_backfill_that_is_done_stays_done_when_the_object_is_paused(
    here: Place, advance: Advance
):
    made = here.installed()
    advance(LONG)
    pause = {"read": {"objects": {"contact": {"disabled": True}}}}

    here.configure(made, "read.objects.contact.disabled", **pause)

    assert operations(here, made)[0]["status"] == "success"


def test_cancelled_backfills_are_nobodys_failure(client: Client, mock: Mock):
    names = ("contact", "account", "lead")
    objects = [read_object(n, requiredFields=["id"], backfill=HISTORY) for n in names]
    here = place(client, mock, reading(*objects))
    made = here.installed(here.reading(**{n: {"objectName": n} for n in names}))

    for name in names:
        pause = {"read": {"objects": {name: {"disabled": True}}}}
        assert here.configure(made, f"read.objects.{name}.disabled", **pause).status == 200

    found = here.stored(made)
    assert (found["lastOperationStatus"], found["healthStatus"]) == ("failure", "healthy")
