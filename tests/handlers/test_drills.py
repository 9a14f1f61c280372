"""Failure drills and progressions, armed through the control plane and felt through the API."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.state.tables import Record
from tests.client import Client
from tests.connecting import CONNECTIONS, GENERATE, TOKENS, by_block
from tests.installing import CONTACT, PROJECT, Place, place
from tests.listening import Ear, ear


@pytest.fixture
def here() -> Ear:
    return ear()


@pytest.fixture
def control(here: Ear) -> Client:
    return here.control()


@pytest.fixture
def spot(here: Ear) -> Place:
    return place(here.client, here.mock)


def backfill(spot: Place, made: Record) -> Any:
    return spot.client.get(f"{spot.path}/{made['id']}/objects/contact/backfill-progress").json


def newest(spot: Place, made: Record) -> dict[str, Any]:
    path = f"{spot.path}/{made['id']}/operations?pageSize=1"
    found: dict[str, Any] = spot.client.get(path).json["results"][0]
    return found


def armed(control: Client) -> set[str]:
    return {row["name"] for row in control.get("/drills").json["drills"] if row["armed"]}


def test_a_backfill_fails_when_it_is_drilled_and_nobody_is_told_it_is_done(
    here: Ear, control: Client, spot: Place
):
    control.put("/drills/backfill_failure", {"times": 1})
    made = spot.installed()
    here.advance(60)

    ended = newest(spot, made)
    assert (ended["status"], ended["result"]) == (
        "failure",
        "[contact] Error reading from provider",
    )
    assert backfill(spot, made)["recordsProcessed"] == 0
    assert here.told("read.backfill.done") == []
    logs = here.client.get(f"{PROJECT}/operations/{ended['id']}/logs").json
    assert "500" in logs[-1]["message"]["error"]
    assert armed(control) == set()


def test_a_throttled_backfill_waits_and_goes_on(here: Ear, control: Client, spot: Place):
    made = spot.installed()
    here.advance(1)
    control.put("/drills/provider_throttled", {"times": 2})
    here.advance(30)
    assert backfill(spot, made)["recordsProcessed"] == 25

    here.advance(60)

    ended = newest(spot, made)
    assert ended["status"] == "success"
    total = ended["metadata"]["progress"]["recordsEstimatedTotal"]
    assert backfill(spot, made)["recordsProcessed"] == total


def test_a_rejected_sample_read_refuses_the_installation_once(control: Client, spot: Place):
    control.put("/drills/sample_read_rejected", {"times": 1, "objectName": "contact"})

    refused = spot.create(spot.reading(contact=CONTACT))

    assert (refused.status, refused.issue_names) == (422, ["config.content.read.objects.contact"])
    assert spot.create(spot.reading(contact=CONTACT)).status == 201


@pytest.mark.parametrize(
    ("given", "status"), [("true", 201), ("1", 201), ("false", 422), ("", 422)]
)
def test_a_caller_may_skip_the_sample_read(control: Client, spot: Place, given: str, status: int):
    control.put("/drills/sample_read_rejected", {})

    body = spot.reading(contact=CONTACT)
    answer = spot.client.post(f"{spot.path}?skipSampling={given}", body)

    assert answer.status == status


@pytest.mark.parametrize("drill", ["bad_credentials", "provider_throttled"])
def test_a_call_that_needs_the_provider_now_fails(here: Ear, control: Client, drill: str):
    here.client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", TOKENS))
    path = f"{PROJECT}/providers/hubspot/objects/contacts/metadata?groupRef=group-1"
    control.put(f"/drills/{drill}", {"times": 1})

    refused = here.client.get(path)

    assert refused.status == (429 if drill == "provider_throttled" else 400)
    [found] = here.client.get(f"{CONNECTIONS}?groupRef=group-1").json
    assert found["status"] == ("created" if drill == "provider_throttled" else "bad_credentials")
    assert here.client.get(path).status == (200 if drill == "provider_throttled" else 400)


@pytest.mark.parametrize(
    ("limits", "fires"),
    [
        ({}, True),
        ({"provider": "salesforce"}, True),
        ({"provider": "hubspot"}, False),
        ({"groupRef": "nobody"}, False),
        ({"objectName": "lead"}, False),
        ({"projectId": "another"}, False),
    ],
)
def test_a_drill_fires_only_where_it_is_limited_to(
    here: Ear, control: Client, spot: Place, limits: dict[str, str], fires: bool
):
    control.put("/drills/backfill_failure", limits)
    made = spot.installed()
    here.advance(60)

    assert newest(spot, made)["status"] == ("failure" if fires else "success")
    assert armed(control) == {"backfill_failure"}  # without `times`, until it is disarmed


def test_drills_are_disarmed_one_by_one_or_together(control: Client):
    for name in ("bad_credentials", "partial_batch_write", "backfill_failure"):
        assert control.put(f"/drills/{name}", {}).status == 200
    assert control.delete("/drills/backfill_failure").status == 204
    assert armed(control) == {"bad_credentials", "partial_batch_write"}

    assert control.delete("/drills").status == 204

    assert armed(control) == set()


def test_drills_and_progressions_go_back_with_the_sandbox(here: Ear, control: Client):
    control.put("/drills/bad_credentials", {})
    control.put("/progressions/backfill", {"progression": "immediate"})

    here.mock.sandbox.reset()

    assert armed(control) == set()
    assert control.get("/progressions").json["backfill"] == {"progression": "clock"}


@pytest.mark.parametrize("path", ["/drills/nobody", "/progressions/nobody"])
def test_what_is_not_there_is_404(control: Client, path: str):
    assert control.put(path, {"progression": "clock"} if "prog" in path else {}).status == 404


@pytest.mark.parametrize("body", [{"times": 0}, {"times": "x"}, {"often": 1}, []])
def test_an_arming_has_the_contracts_shape(control: Client, body: Any):
    assert control.put("/drills/bad_credentials", body).status in {400, 422}
    assert armed(control) == set()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"progression": "never"},
        {"progression": "manual"},
        {"progression": "time"},
        {"progression": "manual", "times": 0},
        {"progression": "time", "seconds": -1},
    ],
)
def test_a_progression_has_what_it_needs(control: Client, body: Any):
    refused = control.put("/progressions/backfill", body)

    assert refused.status in {400, 422}
    assert control.get("/progressions").json["backfill"] == {"progression": "clock"}


def test_an_immediate_backfill_is_done_when_the_next_call_looks(
    here: Ear, control: Client, spot: Place
):
    control.put("/progressions/backfill", {"progression": "immediate"})

    made = spot.installed()

    assert made["lastOperationStatus"] == "in_progress"
    assert newest(spot, made)["status"] == "success"
    assert here.types[-2:] == ["installation.created", "read.backfill.done"]


@pytest.mark.parametrize("seconds", [0, 1, 7.5, 1200])
def test_a_backfill_by_time_takes_as_long_as_it_says(
    here: Ear, control: Client, spot: Place, seconds: float
):
    control.put("/progressions/backfill", {"progression": "time", "seconds": seconds})
    made = spot.installed()
    found = [backfill(spot, made)["recordsProcessed"]]
    for _ in range(4):
        if seconds:
            assert newest(spot, made)["status"] == "in_progress"
        here.advance(seconds / 4)
        found.append(backfill(spot, made)["recordsProcessed"])

    assert newest(spot, made)["status"] == "success"
    assert found == sorted(found)


@pytest.mark.parametrize("times", [1, 2, 3, 20])
def test_a_backfill_by_reads_moves_with_each_of_them(
    here: Ear, control: Client, spot: Place, times: int
):
    control.put("/progressions/backfill", {"progression": "manual", "times": times})
    made = spot.installed()
    here.advance(1000)  # time does not move it
    found = [backfill(spot, made) for _ in range(times)]

    done = [one["recordsProcessed"] for one in found]
    assert done == sorted(done)
    assert (done[0], done[-1] < found[0]["recordsEstimatedTotal"]) == (0, True)
    assert newest(spot, made)["status"] == "success"
    assert backfill(spot, made)["recordsProcessed"] == found[0]["recordsEstimatedTotal"]
    assert len(here.told("read.backfill.done")) == 1


def test_an_operation_by_reads_counts_get_operation(here: Ear, control: Client, spot: Place):
    control.put("/progressions/operation", {"progression": "manual", "times": 2})
    lead = {"objectName": "lead", "selectedFieldMappings": {"priority": "rating"}}
    made = spot.installed(spot.reading(lead=lead))
    here.advance(1800)
    path = f"{PROJECT}/operations/{newest(spot, made)['id']}"

    statuses = [here.client.get(path).json["status"] for _ in range(3)]

    assert statuses == ["in_progress", "in_progress", "success"]


def test_a_refresh_may_take_its_time(here: Ear, control: Client):
    control.put("/progressions/refresh", {"progression": "time", "seconds": 5})
    made = here.client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", TOKENS)).json
    path = f"{CONNECTIONS}/{made['id']}"
    here.forget()

    def token() -> str:
        shown = here.client.get(f"{path}?includeCreds=true").json["oauth2AuthorizationCode"]
        return str(shown["accessToken"]["token"])

    before = token()
    for _ in range(2):  # one under way is not begun again
        assert here.client.get(f"{path}?refresh=force").status == 200
    here.advance(4)
    assert (token(), here.types) == (before, [])
    here.advance(1)

    assert token() != before
    here.advance(60)
    assert here.types == ["connection.refreshed"]


def test_a_refresh_by_reads_waits_for_them(here: Ear, control: Client):
    control.put("/progressions/refresh", {"progression": "manual", "times": 2})
    made = here.client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", TOKENS)).json
    path = f"{CONNECTIONS}/{made['id']}"
    here.client.get(f"{path}?refresh=force")
    here.forget()

    here.client.get(path)

    assert here.types == ["connection.refreshed"]


def test_what_is_under_way_keeps_its_progression(here: Ear, control: Client, spot: Place):
    made = spot.installed()
    control.put("/progressions/backfill", {"progression": "immediate"})
    here.advance(1)

    assert newest(spot, made)["status"] == "in_progress"
    assert control.delete("/progressions").status == 204
