"""Delays for all, and the rate limit, through the control plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.faulting import TOPICS, control_of

JWT_KEYS = "/projects/my-project/jwt-keys"


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


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
