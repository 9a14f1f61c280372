"""Scenarios, faults by chance, delays for all, and the rate limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.faulting import TOPICS, arm, control_of, refused

LIST = {"operationId": "listTopics"}
JWT_KEYS = "/projects/my-project/jwt-keys"


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


# ---------------------------------------------------------------- scenarios


@pytest.fixture
def outage(control: Client) -> Callable[[], str]:
    """Arm a scenario: down twice, then up; return who tells its state."""
    steps = [("Started", 503, "failing"), ("failing", 502, "over")]
    for required, status, new in steps:
        arm(
            control,
            LIST,
            {"status": status},
            scenarioName="outage",
            requiredScenarioState=required,
            newScenarioState=new,
        )

    def state() -> str:
        (one,) = control.get("/scenarios").json["scenarios"]
        return str(one["state"])

    return state


def test_a_scenario_goes_from_state_to_state(client: Client, outage: Callable[[], str]):
    assert outage() == "Started"
    assert [client.get(TOPICS).status for _ in range(4)] == [503, 502, 200, 200]
    assert outage() == "over"


def test_a_scenario_is_listed_with_its_states_and_rules(control: Client, outage: Callable[[], str]):
    (one,) = control.get("/scenarios").json["scenarios"]

    assert (one["id"], one["name"], outage()) == ("outage", "outage", "Started")
    assert one["possibleStates"] == ["Started", "failing", "over"]
    assert [rule["response"]["status"] for rule in one["mappings"]] == [503, 502]


def test_scenarios_go_back_to_the_start(control: Client, client: Client, outage: Callable[[], str]):
    client.get(TOPICS)

    assert control.post("/scenarios/reset").status == 204

    assert outage() == "Started"
    assert client.get(TOPICS).status == 503


def test_a_state_is_set_and_without_one_it_is_started(
    control: Client, client: Client, outage: Callable[[], str]
):
    answer = control.put("/scenarios/outage/state", {"state": "over"})
    assert answer.json["scenarios"][0]["state"] == "over"
    assert client.get(TOPICS).status == 200

    assert control.put("/scenarios/outage/state").status == 200
    assert outage() == "Started"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("outage", {"state": "unknown"}, 422),
        ("outage", {"state": 7}, 400),
        ("outage", {"status": "over"}, 400),
        ("other", {"state": "over"}, 404),
    ],
)
def test_a_state_that_there_is_not_is_refused(
    control: Client, outage: Callable[[], str], name: str, body: Any, status: int
):
    assert control.put(f"/scenarios/{name}/state", body).status == status
    assert outage() == "Started"


def test_a_scenario_goes_with_its_last_rule(control: Client, outage: Callable[[], str]):
    control.put("/scenarios/outage/state", {"state": "over"})
    assert outage() == "over"

    for one in control.get("/mappings").json["mappings"]:
        control.delete(f"/mappings/{one['id']}")

    assert control.get("/scenarios").json == {"scenarios": []}
    arm(control, LIST, {"status": 503}, scenarioName="outage")
    assert outage() == "Started"


# ---------------------------------------------------------------- chances


def test_faults_strike_by_chance_the_same_ones_for_the_same_seed(control: Client, client: Client):
    def strikes() -> list[int]:
        body = [{"operationId": "listTopics", "probability": 0.5, "status": 500}]
        control.delete("/chaos")
        control.post("/mappings/reset")
        control.mock.armory.empty(control.mock.sandbox)  # ids and counters begin anew
        assert control.put("/chaos", body).status == 200
        return [client.get(TOPICS).status for _ in range(40)]

    first = strikes()
    assert first == strikes()
    assert 8 < first.count(500) < 32
    (shown,) = control.get("/chaos").json
    assert (shown["tries"], shown["hits"]) == (40, first.count(500))


def test_a_budget_ends_and_another_fault_takes_over(control: Client, client: Client):
    body = [
        {"operationId": "listTopics", "status": 500, "budget": 2},
        {"status": 503, "budget": 1},
    ]
    control.put("/chaos", body)

    assert [client.get(TOPICS).status for _ in range(4)] == [500, 500, 503, 200]


def test_a_fault_is_written_as_the_operation_writes_problems(control: Client, client: Client):
    control.put("/chaos", [{"status": 503}])

    legal, other = client.get(TOPICS), client.get(JWT_KEYS)

    assert "x-mock-fault" not in legal.headers
    assert other.headers["x-mock-fault"] == "transport"
    assert legal.json["retryable"]
    assert other.json["retryable"]
    assert client.get("/proxy/any", root=True).status == 400  # no operation: nothing strikes


def test_chance_may_only_delay(control: Client, client: Client):
    control.put("/chaos", [{"fixedDelayMilliseconds": 1}])

    answer = client.get(TOPICS)

    assert answer.status == 200
    assert answer.headers["matched-stub-name"] == "chaos"


def test_rules_come_before_chance_and_chance_ends(control: Client, client: Client):
    control.put("/chaos", [{"status": 503}])
    arm(control, LIST, {"status": 404}, times=1)

    assert [client.get(TOPICS).status for _ in range(2)] == [404, 503]
    assert control.delete("/chaos").status == 204
    assert client.get(TOPICS).status == 200


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({}, "[0].status"),
        ({"status": 200}, "[0].status"),
        ({"status": 700}, "[0].status"),
        ({"status": 418}, "[0].status"),  # not every operation declares it
        ({"status": 500, "operationId": "nope"}, "[0].operationId"),
        ({"status": 500, "fault": "EMPTY_RESPONSE"}, "[0].fault"),
        ({"fault": "TIMEOUT"}, "[0].fault"),
        ({"status": 503, "budget": 0}, "[0].budget"),
        ({"status": 503, "probability": 0}, "[0].probability"),
        ({"status": 503, "service": "s3"}, "[0].service"),
        ({"delayDistribution": {"type": "fixed"}}, "[0].delayDistribution.milliseconds"),
    ],
)
def test_a_fault_that_cannot_strike_is_refused(control: Client, entry: Any, name: str):
    control.put("/chaos", [{"status": 503}])

    assert refused(control.put("/chaos", [entry]))[:2] == (422, [name])
    assert [one["status"] for one in control.get("/chaos").json] == [503]


def test_what_was_got_may_be_put_back(control: Client, client: Client):
    control.put("/chaos", [{"status": 503, "budget": 1}])
    client.get(TOPICS)

    (again,) = control.put("/chaos", control.get("/chaos").json).json

    assert (again["status"], again["tries"], again["hits"]) == (503, 0, 0)


def test_malformed_chaos_is_400(control: Client):
    assert control.put("/chaos", {}).status == 400
    assert control.put("/chaos", [{"status": "503"}]).status == 400


# ---------------------------------------------------------------- delays


def test_every_answer_waits_and_then_none(control: Client, client: Client, mock: Mock):
    body = {"fixedDelay": 1, "delayDistribution": {"type": "uniform", "lower": 0, "upper": 1}}
    assert control.put("/settings", body).json == body
    assert control.get("/settings").json["settings"].items() >= body.items()
    assert client.get(TOPICS).status == 200
    assert mock.armory.arms(mock.sandbox).waits == 1

    assert control.post("/settings", {"fixedDelay": None}).json == {}
    assert mock.armory.armed == {}
    assert "fixedDelay" not in control.get("/settings").json["settings"]


def test_settings_keep_every_secret_to_themselves():
    control = control_of(make_mock(admin_token="a-token-of-some-length-0123456789"))
    headers = {"Authorization": "Bearer a-token-of-some-length-0123456789"}

    shown = control.get("/settings", headers=headers)

    assert shown.status == 200
    assert b"a-token-of-some-length" not in shown.body


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fixedDelay": "1"}, 400),
        ({"fixedDelays": 1}, 400),
        ({"delayDistribution": {}}, 400),
        ({"fixedDelay": -1}, 422),
        ({"delayDistribution": {"type": "uniform", "lower": 2, "upper": 1}}, 422),
        ({"delayDistribution": {"type": "lognormal", "median": 1, "sigma": 9}}, 422),
        ({"delayDistribution": {"type": "fixed", "milliseconds": 1, "seconds": 1}}, 422),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_delay_that_is_none_is_refused(control: Client, method: str, body: Any, status: int):
    answer = control.call(method, "/settings", body)

    assert answer.status == status
    assert answer.issues


# ---------------------------------------------------------------- rate limit


def test_a_bucket_runs_dry_and_the_clock_fills_it(
    control: Client, client: Client, advance: Callable[[float], None]
):
    setting = {"capacity": 2, "refillPerSecond": 0.5}
    shown = control.put("/rate-limit", setting).json
    assert shown == {"isLimited": True, "tokens": 2, **setting}

    assert [client.get(TOPICS).status for _ in range(3)] == [200, 200, 429]
    refusal = client.get(TOPICS)
    assert refusal.headers["retry-after"] == "2"
    assert refusal.json["retryable"] is True
    assert refusal.json["retryAfter"] == "2026-02-01T12:00:02.000000Z"
    assert "x-mock-fault" not in refusal.headers

    advance(1)
    assert client.get(TOPICS).headers["retry-after"] == "1"
    advance(1)
    assert control.get("/rate-limit").json["tokens"] == 1
    assert [client.get(TOPICS).status for _ in range(2)] == [200, 429]


def test_a_bucket_holds_no_more_than_its_capacity(
    control: Client, client: Client, advance: Callable[[float], None]
):
    control.put("/rate-limit", {"capacity": 1, "refillPerSecond": 10})
    advance(3600)

    assert [client.get(TOPICS).status for _ in range(2)] == [200, 429]


def test_a_clock_that_is_set_back_brings_nothing_and_takes_nothing(control: Client, client: Client):
    control.put("/rate-limit", {"capacity": 1, "refillPerSecond": 1})
    client.get(TOPICS)
    control.put("/clock", {"mode": "frozen", "instant": "2025-01-01T00:00:00Z"})

    assert client.get(TOPICS).status == 429
    control.post("/clock", {"seconds": 1})
    assert client.get(TOPICS).status == 200


def test_the_limit_spares_the_control_plane_and_what_is_no_operation(
    control: Client, client: Client
):
    control.put("/rate-limit", {"capacity": 1, "refillPerSecond": 0.001})
    client.get(TOPICS)

    assert control.get("/health").status == 200
    assert client.get("/nothing").status == 404
    assert client.get(JWT_KEYS).headers["x-mock-fault"] == "transport"  # it declares no default


def test_the_limit_is_lifted(control: Client, client: Client):
    control.put("/rate-limit", {"capacity": 1, "refillPerSecond": 0.001})
    client.get(TOPICS)

    assert control.delete("/rate-limit").status == 204

    assert client.get(TOPICS).status == 200
    assert control.get("/rate-limit").json == {"isLimited": False}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"capacity": "1", "refillPerSecond": 1}, 400),
        ({"capacity": 0, "refillPerSecond": 1}, 422),
        ({"capacity": 1, "refillPerSecond": 0}, 422),
    ],
)
def test_a_limit_that_is_none_is_refused(control: Client, body: Any, status: int):
    assert control.put("/rate-limit", body).status == status
    assert control.get("/rate-limit").json == {"isLimited": False}
