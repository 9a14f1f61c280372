"""An operation, compiled: everything its requests need, decided once at the start.

A plan runs to completion without waiting: the body was read before. The order of the checks is
the order of the lines in `_answer`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Content, Operation
from mockserver.contract.schemas import Violation, read_violations
from mockserver.events.scheduler import Scheduler
from mockserver.handlers.call import Call, Declared, Deferred, Handler, Prepared, Streamed
from mockserver.http import access, bodies, parameters, problems, strict_json
from mockserver.http.exchange import Answer, Exchange, written
from mockserver.http.statuses import choose_status
from mockserver.http.violations import refuse_body
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.settings import Settings

log = logging.getLogger("mockserver")
_PARAMETER = re.compile(r"\{(\w+)\}")
_CHALLENGE: Sequence[tuple[bytes, bytes]] = [(b"www-authenticate", b'Bearer realm="ampersand"')]


@dataclass(frozen=True, slots=True)
class House:
    """What every plan of one contract shares."""

    contract: Contract
    settings: Settings
    catalog: Catalog
    scheduler: Scheduler
    #: Whether answers follow from the request, the state and the time alone, as those of the
    #: control plane do not.
    is_pure: bool = True


@dataclass(slots=True)  # not frozen, which takes five times as long to make
class Incoming:
    """A routed request: raw values, nothing checked yet."""

    exchange: Exchange
    headers: Mapping[bytes, bytes]
    query: bytes
    values: tuple[str, ...]  # of the path parameters, decoded, in the template's order
    body: bytes | None  # None: larger than allowed
    origin: Callable[[], str]  # scheme and authority for absolute URLs


@dataclass(slots=True)
class _Answers:
    """How one declared response is checked and written."""

    content: Content | None
    validator: jsonschema_rs.Draft202012Validator | None = None


class Plan:
    """One operation, ready to run."""

    def __init__(self, operation: Operation, handler: Handler, house: House) -> None:
        """Prepare an operation, which `handler` answers."""
        self.operation = operation
        self.handler = handler
        self.house = house
        self.statuses = {kind: choose_status(operation, kind, house.settings) for kind in Kind}
        self.access = access.Access(operation)
        self.query = parameters.Query(
            parameters.plan_query(operation.parameters), house.contract.request_schemas
        )
        self.success = int(operation.success.status)
        names = _PARAMETER.findall(operation.path)
        self.named_from = int(bool(names) and names[0] == self.access.tenant)
        self.names = [parameters.snake_case(name) for name in names[self.named_from :]]
        self.media_types = tuple(content.media_type for content in operation.bodies)
        self._body_validator: jsonschema_rs.Draft202012Validator | None = None
        self._answers: dict[int, _Answers] = {}
        self._prepared: dict[str, bytes] = {}
        self._may_last = house.is_pure and operation.method == "GET"

    def run(self, incoming: Incoming) -> Answer | Deferred:
        """Answer a request: the operation's success, or the problem that stands in its way.

        An answer that takes a while comes as Deferred, for `finish`.
        """
        exchange = incoming.exchange
        work = self.house.scheduler.work(exchange.sandbox, exchange.moment)
        try:
            return self._answer(incoming, work)
        except Refused as refusal:
            answer = self.refuse(exchange, refusal)
            answer.is_lasting = self._may_last and work.is_lasting and not refusal.keeps_work
            return answer
        except Exception:
            return self._failed(exchange)

    async def finish(self, exchange: Exchange, deferred: Deferred) -> Answer:
        """Wait for an answer that takes a while."""
        try:
            return self._succeed(await deferred.act(exchange.sandbox))
        except Refused as refusal:
            return self.refuse(exchange, refusal)
        except Exception:
            return self._failed(exchange)

    def _failed(self, exchange: Exchange) -> Answer:
        log.exception("defect in %s", self.operation.operation_id)
        return self.refuse(exchange, _defect("the mock failed; see its log"))

    def refuse(self, exchange: Exchange, refusal: Refused) -> Answer:
        """Return the problem of a refusal, as this operation declares it."""
        exchange.refused(refusal)
        try:
            return self._refuse(exchange, refusal)
        except Exception:  # of validator or encoder: an answer goes out all the same
            log.exception("defect in a problem of %s", self.operation.operation_id)
            return self._refuse(exchange, _defect("the mock failed; see its log"))

    def _refuse(self, exchange: Exchange, refusal: Refused) -> Answer:
        status = self.statuses[refusal.kind]
        answers = self._answers_for(status)
        content = answers.content
        media_type = content.media_type if content else problems.PROBLEM_JSON
        if media_type == "text/plain":
            return Answer(status, media_type, problems.in_words(refusal).encode())
        lists_issues = content is not None and content.component == "InputValidationProblem"
        body = problems.problem(exchange, refusal, status, with_issues=lists_issues)
        if answers.validator is not None and not answers.validator.is_valid(body):
            log.error("defect: a problem of %s breaks its schema", self.operation.operation_id)
            if refusal.kind != Kind.DEFECT:
                return self._refuse(exchange, _defect("the mock built a wrong problem"))
        headers = list(_CHALLENGE) if status == 401 else []
        return Answer(status, media_type, written(body), headers)

    def _answer(self, incoming: Incoming, work: Work) -> Answer | Deferred:
        exchange, house = incoming.exchange, self.house
        principal, tenant = self.access.admit(work, incoming.headers, incoming.values)
        given = self.query.read(incoming.query)
        if self.names:
            given.update(zip(self.names, incoming.values[self.named_from :], strict=True))
        if self.media_types:
            given["body"] = self._body(incoming)
        call = Call(
            work,
            principal,
            tenant,
            house.catalog,
            incoming.origin,
            incoming.query,
            incoming.headers,
        )
        try:
            value = self.handler(call, **given)
            if isinstance(value, Deferred):  # it works on the sandbox later, by itself
                return value
            answer = self._succeed(value)
        except Refused as refusal:
            if refusal.keeps_work:
                house.scheduler.commit(exchange.sandbox, work)
            raise
        if not house.scheduler.commit(exchange.sandbox, work):
            answer.is_lasting = self._may_last and work.is_lasting and answer.stream is None
        return answer

    def _body(self, incoming: Incoming) -> Any:
        if incoming.body is None:
            raise bodies.too_large()
        headers = incoming.headers
        if not incoming.body:
            if self.operation.body_required:
                raise strict_json.empty()
            value: Any = {}
        else:
            media_type = headers.get(b"content-type", b"").decode("latin-1")
            bodies.check_media_type(media_type, self.media_types)
            body, encoding = incoming.body, headers.get(b"content-encoding")
            if encoding is not None:
                body = bodies.decompress(body, encoding.strip().lower())
            value = strict_json.parse(body)
        self._check_body(value)
        return value

    def _check_body(self, value: Any) -> None:
        if self._body_validator is None:
            pointer = self.operation.bodies[0].schema_pointer
            if pointer is None:
                return
            self._body_validator = self.house.contract.request_schemas.validator(pointer)
        if not self._body_validator.is_valid(value):
            refusal = refuse_body(read_violations(self._body_validator, value))
            if refusal is not None:
                raise refusal

    def _succeed(self, value: Any) -> Answer:
        if isinstance(value, Declared):
            return self._declared(value)
        if isinstance(value, Streamed):
            return Answer(self.success, value.media_type, stream=value.parts)
        answers = self._answers_for(self.success)
        content = answers.content
        if content is None:
            if value is not None:
                raise _defect("a body where the contract declares none")
            return Answer(self.success)
        if isinstance(value, Prepared):
            return Answer(self.success, content.media_type, self._encode_once(answers, value))
        return Answer(self.success, content.media_type, _encode(answers, value))

    def _declared(self, declared: Declared) -> Answer:
        answers = self._answers_for(declared.status)
        if answers.content is None or str(declared.status) not in self.operation.answers:
            raise _defect(f"the contract declares no body for {declared.status}")
        body = _encode(answers, declared.value)
        return Answer(declared.status, answers.content.media_type, body)

    def _encode_once(self, answers: _Answers, prepared: Prepared) -> bytes:
        body = self._prepared.get(prepared.name)
        if body is None:
            body = self._prepared[prepared.name] = _encode(answers, prepared.value)
        return body

    def _answers_for(self, status: int) -> _Answers:
        found = self._answers.get(status)
        if found is None:
            answer = self.operation.answer_for(status)
            content = answer.content if answer else self.operation.problem_content(status)
            found = self._answers[status] = _Answers(content)
            if content is not None and content.schema_pointer is not None:
                schemas = self.house.contract.response_schemas
                found.validator = schemas.validator(content.schema_pointer)
        return found


def _encode(answers: _Answers, value: Any) -> bytes:
    validator, content = answers.validator, answers.content
    if validator is not None and not validator.is_valid(value):
        raise _wrong_answer(list(read_violations(validator, value)))
    if content is not None and content.media_type == "text/plain":
        return str(value).encode()
    return written(value)


def _wrong_answer(violations: Sequence[Violation]) -> Refused:
    first = violations[0]
    pointer = "".join(f"/{part}" for part in first.path)
    detail = f"the mock's answer breaks the contract at {pointer or '/'}: {first.keyword}"
    log.error("defect: %s (%s)", detail, first.message)
    return _defect(detail)


def _defect(detail: str) -> Refused:
    return Refused(
        Kind.DEFECT, detail, remedy="report it: this is a mistake of the mock, not yours"
    )
