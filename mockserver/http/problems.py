"""The one builder of problem bodies.

Source: RFC 9457; the contract's ApiProblem and InputValidationProblem, which is the same with
`issues`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from mockserver.http.exchange import Answer, Exchange, written
from mockserver.http.statuses import PREFERRED
from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.simulation.clock import stamp

PROBLEM_JSON = "application/problem+json"
_NAMED = "urn:ampersand-mockserver:errors"  # the types of problems that have a name
_RETRYABLE = frozenset({429, 503})
_SECRET = re.compile(
    r"secret|password|token|credential|privatekey|apikey|awskey|auth|headers", re.IGNORECASE
)
_LONGEST_VALUE = 256
_PHRASES: Mapping[int, str] = {status.value: status.phrase for status in HTTPStatus}
_INPUT_ERRORS = frozenset(
    {Kind.INVALID, Kind.UNPROCESSABLE, Kind.CONFLICT, Kind.TOO_LARGE, Kind.MEDIA_TYPE}
)


def problem(
    exchange: Exchange, refusal: Refused, status: int, *, with_issues: bool
) -> dict[str, Any]:
    """Return the body of a refusal.

    Args:
        exchange: the request that is refused.
        refusal: what was wrong.
        status: the HTTP status, repeated in the body.
        with_issues: whether the declared schema has `issues`; mistakes in a body, query or
            header list theirs in any case.
    """
    body: dict[str, Any] = {
        "type": f"{_NAMED}#{refusal.name}" if refusal.name else "about:blank",
        "title": title(status),
        "status": status,
        "detail": refusal.detail,
    }
    if refusal.remedy:
        body["remedy"] = refusal.remedy
    body["subsystem"] = "api"
    body["time"] = stamp(exchange.moment)  # with the next: see `particular`
    body["requestId"] = exchange.request_id
    body["retryable"] = status in _RETRYABLE
    if with_issues or is_input_error(refusal):
        body["issues"] = [_issue(issue, status) for issue in refusal.issues]
    return body


def answer(
    exchange: Exchange, refusal: Refused, headers: Sequence[tuple[bytes, bytes]] = ()
) -> Answer:
    """Return the refusal of a request that no operation answers, and note why it is refused."""
    status = PREFERRED[refusal.kind][0]
    exchange.refused(refusal)
    body = problem(exchange, refusal, status, with_issues=False)
    return Answer(status, PROBLEM_JSON, written(body), [*headers])


def particular(exchange: Exchange) -> bytes:
    """Return the one part of an encoded problem in which it differs from the next like it."""
    return f'"time":"{stamp(exchange.moment)}","requestId":"{exchange.request_id}"'.encode()


def title(status: int) -> str:
    """Return the phrase of a status; of one that has none, what its class says."""
    return _PHRASES.get(status) or ("Client Error" if status < 500 else "Server Error")


def in_words(refusal: Refused) -> str:
    """Return a refusal as one line, for the answers that are declared as plain text."""
    names = ", ".join(issue.name for issue in refusal.issues if issue.name)
    place = f"{names}: " if names and not refusal.detail.startswith(names) else ""
    return f"{place}{refusal.detail}" + (f"; {refusal.remedy}" if refusal.remedy else "")


def is_input_error(refusal: Refused) -> bool:
    """Tell whether a refusal is about what was sent, rather than about what is there."""
    return bool(refusal.issues) and refusal.kind in _INPUT_ERRORS


def _issue(issue: Issue, status: int) -> dict[str, Any]:
    written: dict[str, Any] = {
        "in": issue.place,
        "name": issue.name,
        "title": title(status),
        "status": status,
        "detail": issue.detail,
    }
    if issue.remedy:
        written["remedy"] = issue.remedy
    if _is_showable(issue):
        written["value"] = issue.value
    return written


def _is_showable(issue: Issue) -> bool:
    value = issue.value
    if value is ABSENT or issue.place == "header" or _SECRET.search(issue.name):
        return False
    if issue.name == issue.place:  # the body as a whole: nothing says what it is
        return False
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE
    # Containers may hold what must not be repeated, and are the caller's own anyway.
    return value is None or isinstance(value, bool | int | float)
