"""Not too fast, and again when the target could not answer: never held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from mockserver.conformance.pace import Watch, within
from mockserver.conformance.patience import Patience, Turnstile, retry_after
from mockserver.conformance.rules import Inconclusive


@dataclass
class Time:
    """A clock that runs only while somebody waits."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    @property
    def watch(self) -> Watch:
        return Watch(lambda: self.now, self.wait)


def answers(*statuses: int | type[Exception], **headers: str) -> Callable[[], httpx.Response]:
    waiting = list(statuses)

    def send() -> httpx.Response:
        one = waiting.pop(0)
        if isinstance(one, int):
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return httpx.Response(one, headers=names if one >= 400 else {})
        raise one("it failed")

    return send


@pytest.mark.parametrize("failure", [429, 502, 503, 504, httpx.ConnectError, httpx.ReadTimeout])
def test_what_is_no_answer_is_asked_again(failure: int | type[Exception]):
    time = Time()
    turnstile = Turnstile(Patience(watch=time.watch))
    assert turnstile.ask(answers(failure, failure, 200)).status_code == 200
    assert turnstile.repeats == 2
    assert len(time.waits) == 2


@pytest.mark.parametrize("failure", [429, 502, 503, 504, httpx.ConnectError, httpx.ReadTimeout])
def test_after_the_last_try_nothing_is_said(failure: int | type[Exception]):
    turnstile = Turnstile(Patience(tries=3, watch=Time().watch))
    with pytest.raises(Inconclusive, match="3 tries"):
        turnstile.ask(answers(*[failure] * 3))


@pytest.mark.parametrize("status", [200, 404, 500, 501])
def test_an_answer_is_an_answer(status: int):
    time = Time()
    assert Turnstile(Patience(watch=time.watch)).ask(answers(status)).status_code == status
    assert time.waits == []


def test_it_waits_as_long_as_it_is_asked_to():
    time = Time()
    Turnstile(Patience(watch=time.watch)).ask(answers(429, 200, retry_after="7"))
    assert time.waits == [7.0]


def test_it_waits_until_a_date_by_the_targets_own_clock():
    time = Time()
    Turnstile(Patience(watch=time.watch)).ask(
        answers(
            503,
            200,
            retry_after="Wed, 21 Oct 2015 07:28:09 GMT",
            date="Wed, 21 Oct 2015 07:28:00 GMT",
        )
    )
    assert time.waits == [9.0]


def test_a_pause_beyond_the_deadline_is_not_waited_for():
    time = Time()
    turnstile = Turnstile(Patience(watch=time.watch))
    turnstile.deadline = within(5, time.watch)
    with pytest.raises(Inconclusive, match="answered 429 once"):
        turnstile.ask(answers(429, retry_after="6"))
    assert time.waits == []


@pytest.mark.parametrize("value", ["", "soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_an_unreadable_pause_is_none(value: str):
    assert retry_after({"retry-after": value}) is None


def test_a_rate_is_kept():
    time = Time()
    turnstile = Turnstile(Patience(rate=4, watch=time.watch))
    for _ in range(9):
        turnstile.ask(answers(200))
    assert time.now - 1000 == pytest.approx(8 / 4)


def test_who_never_answers_is_given_up_and_not_waited_for_any_more():
    time = Time()
    turnstile = Turnstile(Patience(tries=3, watch=time.watch))
    for _ in range(3):
        with pytest.raises(Inconclusive):
            turnstile.ask(answers(*[httpx.ConnectError] * 3))
    assert turnstile.is_given_up
    waited = len(time.waits)
    with pytest.raises(Inconclusive, match="once"):
        turnstile.ask(answers(httpx.ConnectError))
    assert len(time.waits) == waited


def test_one_answer_is_enough_to_go_on():
    turnstile = Turnstile(Patience(tries=1, watch=Time().watch))
    for _ in range(3):
        with pytest.raises(Inconclusive):
            turnstile.ask(answers(httpx.ConnectError))
    turnstile.ask(answers(200))
    assert not turnstile.is_given_up
