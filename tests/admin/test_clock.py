"""The clock through the control plane: told, set, turned."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.simulation.clock import SECOND
from tests.client import Client
from tests.conftest import START, make_mock
from tests.installing import place


@pytest.fixture
def control(mock: Mock) -> Client:
    return Client(mock, key=None, prefix="/__admin")


def advance(control: Client, **body: Any) -> Any:
    answer = control.post("/clock", body)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_frozen_clock_tells_where_it_stands(control: Client):
    found = control.get("/clock").json

    assert (found["mode"], found["now"]) == ("frozen", START)
    assert found["jobs"] >= 0


def test_turning_it_says_what_happened(control: Client, client: Client, mock: Mock):
    here = place(client, mock)
    made = here.installed()

    report = advance(control, seconds=1)

    assert (report["from"], report["to"]) == (START, "2026-02-01T12:00:01.000000Z")
    assert report["complete"] is True
    assert {line["kind"] for line in report["jobs"]} == {"read.step"}
    assert report["jobsRun"] == len(report["jobs"])
    path = f"{here.path}/{made['id']}/objects/contact/backfill-progress"
    assert client.get(path).json["recordsProcessed"] == 25


def test_a_clock_that_runs_is_turned_by_nothing_too():
    assert advance(Client(make_mock(clock="real"), key=None, prefix="/__admin"), seconds=0)


def test_it_is_turned_to_an_instant(control: Client):
    assert advance(control, to="2026-02-01T14:00:00+01:00")["to"] == "2026-02-01T13:00:00.000000Z"
    assert control.get("/clock").json["now"] == "2026-02-01T13:00:00.000000Z"


def test_turning_it_by_nothing_does_what_is_due_now(control: Client):
    assert advance(control, seconds=0)["from"] == START


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": -1},
        {"seconds": "1"},
        {"to": "yesterday"},
        {"to": "2026-02-01T11:59:59Z"},
        {"to": "9500-01-01T00:00:00Z"},
        {"to": "2026-02-30T00:00:00Z"},
        {"seconds": 1e11, "to": START},
        {"hours": 1},
        [],
    ],
)
def test_it_cannot_be_turned_like_this(control: Client, mock: Mock, body: Any):
    before = mock.sandbox.root.clock

    refused = control.post("/clock", body)

    assert refused.status in {400, 422}
    assert refused.issues
    assert mock.sandbox.root.clock == before


def test_it_is_set_to_stand_at_an_instant_and_to_run_with_an_offset(control: Client, mock: Mock):
    wall = mock.scheduler.wall()
    body = {"mode": "frozen", "instant": "2027-01-01T00:00:00Z"}
    assert control.put("/clock", body).json["now"] == "2027-01-01T00:00:00.000000Z"

    shown = control.put("/clock", {"mode": "offset", "offsetSeconds": 3600}).json
    assert (shown["mode"], shown["offsetSeconds"]) == ("offset", 3600)
    assert mock.scheduler.now(mock.sandbox) >= wall + 3600 * SECOND

    assert control.put("/clock", {"mode": "real"}).json["mode"] == "real"
    held = control.put("/clock", {"mode": "frozen"}).json
    assert held["mode"] == "frozen"
    assert control.get("/clock").json["now"] == held["now"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "fast"},
        {"mode": "frozen", "instant": "soon"},
        {"mode": "frozen", "instant": "9999-01-01T00:00:00Z"},
        {"mode": "offset", "offsetSeconds": "1"},
        {"mode": "offset", "offsetSeconds": 1e300},
    ],
)
def test_it_cannot_be_set_like_this(control: Client, mock: Mock, body: Any):
    before = mock.sandbox.root.clock

    assert control.put("/clock", body).status in {400, 422}
    assert mock.sandbox.root.clock == before


def test_setting_it_does_what_is_due_by_then(control: Client, client: Client, mock: Mock):
    here = place(client, mock)
    made = here.installed()

    control.put("/clock", {"mode": "frozen", "instant": "2026-02-01T12:10:00Z"})

    assert here.stored(made)["lastOperationStatus"] == "success"


def test_a_real_clock_that_is_turned_runs_on_from_there():
    mock = make_mock(clock="real")
    control = Client(mock, key=None, prefix="/__admin")
    before = mock.scheduler.now(mock.sandbox)

    advance(control, seconds=3600)

    shown = control.get("/clock").json
    assert shown["mode"] == "offset"
    assert mock.scheduler.now(mock.sandbox) >= before + 3600 * SECOND
