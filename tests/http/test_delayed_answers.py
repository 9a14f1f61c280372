"""Rules that make an answer wait, or come in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.faulting import TOPICS, arm, control_of

CREATE = {"operationId": "createTopic"}


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


def test_a_delay_goes_on_to_the_operation(
    control: Client, client: Client, monkeypatch: pytest.MonkeyPatch
):
    waited = note_waits(monkeypatch)
    made = arm(control, CREATE, {"proceed": True, "fixedDelayMilliseconds": 3})

    answer = client.post(TOPICS, {"name": "late"})

    assert (answer.status, answer.json["name"]) == (201, "late")
    assert answer.headers["matched-stub-id"] == made["id"]
    assert waited == [0.003]


def test_delays_are_spread_and_the_same_for_the_same_seed(
    control: Client, client: Client, monkeypatch: pytest.MonkeyPatch
):
    waited = note_waits(monkeypatch)
    spreads = [
        {"type": "uniform", "lower": 1, "upper": 3},
        {"type": "lognormal", "median": 2, "sigma": 0.4},
        {"type": "fixed", "milliseconds": 2},
    ]
    for number, spread in enumerate(spreads * 2):
        arm(control, CREATE, {"status": 409, "delayDistribution": spread}, id=str(number % 3))
        client.post(TOPICS, {"name": "a"})

    assert waited[:3] == waited[3:]
    assert 0.001 <= waited[0] <= 0.003
    assert waited[1] > 0
    assert waited[2] == 0.002


def note_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let nobody wait, and note how long they would have."""
    waited: list[float] = []
    sleep = asyncio.sleep

    async def noting(seconds: float) -> None:
        waited.append(round(seconds, 9))
        await sleep(0)

    monkeypatch.setattr("mockserver.http.faults.asyncio.sleep", noting)
    return waited


def test_a_body_dribbles_in_pieces_and_arrives_whole(
    control: Client, client: Client, monkeypatch: pytest.MonkeyPatch
):
    waited = note_waits(monkeypatch)
    plain = client.get(TOPICS).body
    dribble = {"numberOfChunks": 5, "totalDuration": 4}
    arm(control, {"operationId": "listTopics"}, {"proceed": True, "chunkedDribbleDelay": dribble})

    answer = client.get(TOPICS)

    assert answer.body == plain
    assert waited == [0.001] * 4


def test_the_clock_may_be_turned_while_an_answer_waits(
    control: Client, client: Client, advance: Callable[[float], None]
):
    """An operation begins when its delay is over, by the clock as it is then."""
    arm(control, CREATE, {"proceed": True, "fixedDelayMilliseconds": 1})
    advance(60)

    assert client.post(TOPICS, {"name": "a"}).json["createTime"] == "2026-02-01T12:01:00.000000Z"
