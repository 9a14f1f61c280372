"""How a target is asked: not too fast, and again when it could not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from mockserver.conformance.pace import Deadline, Watch
from mockserver.conformance.rules import Inconclusive

#: Not the implementation speaking, or it asks for a pause. Source: RFC 9110, section 15.6;
#: RFC 6585, section 4.
BUSY = frozenset({429, 502, 503, 504})
_GIVEN_UP = 3  # requests in a row
_LONGEST = 60.0  # seconds: who asks for a longer pause is not waited for


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of asking."""

    rate: float = 0.0  # requests per second; 0: as fast as answers come
    tries: int = 4
    timeout: float = 15.0  # seconds for one answer
    watch: Watch = field(default_factory=Watch)


class Turnstile:
    """Lets requests through at a rate, and repeats those that were not really answered."""

    def __init__(self, patience: Patience) -> None:
        """Take the limits."""
        self.deadline: Deadline | None = None  # no wait goes beyond it
        self.repeats = 0
        self.unanswered = 0  # requests in a row that were given up
        self._patience = patience
        self._next = 0.0
        self._lock = threading.Lock()
        self._retrying = tenacity.Retrying(
            stop=self._is_hopeless,
            wait=self._pause,
            sleep=patience.watch.wait,
            retry=tenacity.retry_if_exception_type(httpx.TransportError)
            | tenacity.retry_if_result(_is_busy),
            before_sleep=self._count,
        )

    def ask(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Return the answer, after as many tries as it takes.

        Raises:
            Inconclusive: none came that says something about the implementation.
        """
        try:
            response = self._retrying(self._send, send)
        except tenacity.RetryError as error:
            self.unanswered += 1
            raise Inconclusive(_reason(error.last_attempt)) from error
        self.unanswered = 0
        return response

    @property
    def is_given_up(self) -> bool:
        """Whether so many requests in a row were not answered that nobody is there."""
        return self.unanswered >= _GIVEN_UP

    def _send(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        if self._patience.rate > 0:
            self._wait_for_turn()
        return send()

    def _wait_for_turn(self) -> None:
        watch = self._patience.watch
        with self._lock:
            now = watch.read()
            turn = max(now, self._next)
            self._next = turn + 1 / self._patience.rate
        if turn > now:
            watch.wait(turn - now)

    def _count(self, _: tenacity.RetryCallState) -> None:
        self.repeats += 1

    def _pause(self, state: tenacity.RetryCallState) -> float:
        asked = _asked_pause(state)
        backoff = tenacity.wait_random_exponential(multiplier=0.4, max=8)(state)
        return backoff if asked is None else asked

    def _is_hopeless(self, state: tenacity.RetryCallState) -> bool:
        """Whether it was tried often enough, or the wait would take longer than we have."""
        if state.attempt_number >= self._patience.tries or self.is_given_up:
            return True
        pause = _asked_pause(state) or 0.0
        left = _LONGEST if self.deadline is None else self.deadline.left
        return pause > min(_LONGEST, left)


def _is_busy(response: httpx.Response) -> bool:
    return response.status_code in BUSY


def _asked_pause(state: tenacity.RetryCallState) -> float | None:
    outcome = state.outcome
    if outcome is None or outcome.failed:
        return None
    return retry_after(outcome.result().headers)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that an answer asks to wait; None when it asks for nothing readable.

    A date is held against the answer's own `Date`, so that no clock of ours is needed.
    Source: RFC 9110, section 10.2.3.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
        now = parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (then - now).total_seconds())
    except (TypeError, ValueError):
        return None


def _reason(attempt: Any) -> str:
    tries = f"after {attempt.attempt_number} tries" if attempt.attempt_number > 1 else "once"
    error = attempt.exception()
    if error is not None:
        return f"no answer {tries}: {type(error).__name__}: {error}".removesuffix(": ")
    return f"answered {attempt.result().status_code} {tries}"
