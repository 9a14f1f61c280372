"""Answers given in the place of an operation: for a rule, by chance, or as the request prefers.

No handler runs, and nothing is written. What is granted is granted only to a request that the
operation would let in: credentials, tenant, parameters and body are checked as ever.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mockserver.contract.operations import Content
from mockserver.faults.making import is_problem, make
from mockserver.faults.preferences import Preference, check_preference, read_preference
from mockserver.faults.replies import Reply, label
from mockserver.faults.surface import Place
from mockserver.handlers.call import Call, Deferred
from mockserver.http import problems
from mockserver.http.exchange import Answer, Exchange, Headers, written
from mockserver.http.plans import Incoming, Plan
from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.simulation.clock import SECOND, stamp
from mockserver.simulation.matchers import PatternError

log = logging.getLogger("mockserver")
ORDER = "mockserver.order"  # key of the Order in the ASGI scope
_CHALLENGE = (b"www-authenticate", b'Bearer realm="ampersand"')
_SAFE = " !#$&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Order:
    """An answer that a rule wants to be given."""

    reply: Reply
    rule_id: str
    rule_name: str


class Replies:
    """Gives answers in the place of operations."""

    def __init__(self) -> None:
        """Start without a plan: they are made for the operations that need one."""
        self._checks: dict[str, tuple[Plan, Place]] = {}

    def ordered(self, plan: Plan, incoming: Incoming, order: Order) -> Answer:
        """Answer as a rule wants it.

        An error needs no valid request: it says that something went wrong before.
        """
        exchange = incoming.exchange
        checks, place = self._behind(plan)
        status = order.reply.status_at(place)
        if status < 400:
            refused = _refusal(checks, incoming)
            if refused is not None:
                return refused
        try:
            fault = label(order.reply, place)
            answer = _written(exchange, place, status, order.reply)
        except PatternError:
            log.exception("defect: the rule %s cannot be answered", order.rule_id)
            return plan.refuse(exchange, _defect(order.rule_id))
        return marked(exchange, answer, order.rule_id, order.rule_name, fault)

    def preferred(self, plan: Plan, incoming: Incoming, header: str) -> Answer | None:
        """Answer as the request prefers; None when it prefers nothing that is ours.

        The request must be one that the operation lets in, unless what it prefers is the very
        status that it would be refused with.
        """
        exchange = incoming.exchange
        checks, place = self._behind(plan)
        try:
            preference = read_preference(header)
            if preference is None:
                return None
            check_preference(preference, place)
            reply, status = preference.reply, preference.reply.status_at(place)
            refused = _refusal(checks, incoming)
            if refused is not None and refused.status != status:
                return refused
            answer = _written(exchange, place, status, reply)
        except PatternError as error:
            return plan.refuse(exchange, _broken_example(error))
        except Refused as refusal:
            return plan.refuse(exchange, refusal)
        return _preferred(exchange, answer, preference)

    def _behind(self, plan: Plan) -> tuple[Plan, Place]:
        """Return the checks of an operation, with nobody behind them, and its place."""
        operation_id = plan.operation.operation_id
        found = self._checks.get(operation_id)
        if found is None:
            place = Place(plan.house.contract, plan.operation, plan.operation.path)
            found = Plan(plan.operation, _let_in, plan.house), place
            self._checks[operation_id] = found
        return found


def marked(exchange: Exchange, answer: Answer, rule_id: str, name: str, fault: str) -> Answer:
    """Return an answer that says which rule gave it, and what sort of fault it is, if any."""
    exchange.rule, exchange.rule_name, exchange.transport_fault = rule_id, name, bool(fault)
    answer.headers = [*answer.headers, *mark_headers(rule_id, name, fault)]
    return answer


def mark_headers(rule_id: str, name: str, fault: str) -> Headers:
    """Return the headers of an answer that a rule gave. Source: WireMock, `Matched-Stub-Id`."""
    headers = [(b"matched-stub-id", rule_id.encode())]
    if name:
        headers.append((b"matched-stub-name", quote(name, safe=_SAFE).encode()))
    if fault:
        headers.append((b"x-mock-fault", fault.encode()))
    return headers


def _let_in(_: Call, **__: Any) -> Deferred:
    return Deferred(_nothing)  # a plan neither checks nor keeps anything for one


async def _nothing(_: Any) -> None:
    return None


def _refusal(checks: Plan, incoming: Incoming) -> Answer | None:
    result = checks.run(incoming)
    return result if isinstance(result, Answer) else None


def _preferred(exchange: Exchange, answer: Answer, preference: Preference) -> Answer:
    exchange.preferred = preference.applied
    exchange.refusal = None  # what is preferred may be the very refusal; it is wanted, then
    applied = preference.applied.encode("latin-1", "replace")
    answer.headers = [*answer.headers, (b"preference-applied", applied)]
    return answer


def _written(exchange: Exchange, place: Place, status: int, reply: Reply) -> Answer:
    content = place.content(status)
    headers: Headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in reply.headers
        if name.lower() != "content-type"
    ]
    if status == 401:
        headers.append(_CHALLENGE)
    if reply.retry_after is not None:
        seconds = -(-(reply.retry_after - exchange.moment) // SECOND)
        headers.append((b"retry-after", str(max(seconds, 1)).encode()))
    if reply.has_body:
        return _given(status, reply, content, headers)
    if is_problem(place, status) and reply.example is None and status >= 400:
        return _problem(exchange, place, status, reply, headers)
    if content is None:
        return Answer(status, headers=headers)
    value = make(place, status, reply, seed=exchange.sandbox.seed)
    is_text = content.media_type == "text/plain"
    body = str(value).encode() if is_text else written(value)
    return Answer(status, reply.media_type or content.media_type, body, headers)


def _given(status: int, reply: Reply, content: Content | None, headers: Headers) -> Answer:
    is_text = reply.text is not None or isinstance(reply.value, str)
    usual = "text/plain" if is_text else "application/json"
    media_type = reply.media_type or (content.media_type if content else usual)
    if reply.text is not None:
        return Answer(status, media_type, reply.text.encode(), headers)
    if media_type == "text/plain" and isinstance(reply.value, str):
        return Answer(status, media_type, reply.value.encode(), headers)
    return Answer(status, media_type, written(reply.value), headers)


def _problem(
    exchange: Exchange, place: Place, status: int, reply: Reply, headers: Headers
) -> Answer:
    content = place.content(status)
    media_type = content.media_type if content else problems.PROBLEM_JSON
    refusal = _arranged(reply)
    if media_type == "text/plain":
        return Answer(status, media_type, problems.in_words(refusal).encode(), headers)
    lists_issues = content is not None and content.component == "InputValidationProblem"
    body = problems.problem(exchange, refusal, status, with_issues=lists_issues)
    if reply.retry_after is not None:
        body["retryAfter"] = stamp(reply.retry_after)
    return Answer(status, media_type, written(body), headers)


def _arranged(reply: Reply) -> Refused:
    # The kind only tells mistakes in what was sent from others; this is none.
    return Refused(Kind.NOT_FOUND, reply.detail or "answered by a rule of the control plane")


def free_answer(exchange: Exchange, reply: Reply) -> Answer:
    """Return the answer of a rule to a request of no operation: nothing says what it must be."""
    status = reply.status or 200
    headers: Headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in reply.headers
        if name.lower() != "content-type"
    ]
    if reply.has_body:
        return _given(status, reply, None, headers)
    if status < 400:
        return Answer(status, headers=headers)
    refusal = _arranged(reply)
    body = problems.problem(exchange, refusal, status, with_issues=False)
    return Answer(status, problems.PROBLEM_JSON, written(body), headers)


def _broken_example(error: PatternError) -> Refused:
    issue = Issue("header", "Prefer", error.detail, ABSENT, error.remedy)
    return Refused(
        Kind.INVALID, error.detail, remedy=error.remedy, issues=[issue], name="VIOLATIONS"
    )


def _defect(rule_id: str) -> Refused:
    return Refused(Kind.DEFECT, f"the rule {rule_id} cannot be answered here; see the mock's log")
