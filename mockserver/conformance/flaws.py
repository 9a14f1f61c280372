"""Checks of one answer by itself: status, media type, body, problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mockserver.conformance.exchange import Answer, Flaw, Request
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Answer as Declared
from mockserver.contract.operations import Operation
from mockserver.pointers import escape, write

Check = Callable[[Contract, Operation, Request, Answer], Iterator[Flaw]]


def flaws_of(contract: Contract, request: Request, answer: Answer) -> tuple[Flaw, ...]:
    """Return everything that is wrong with an answer of an operation."""
    operation = contract.operations[request.operation_id]
    checks = (_defect, _problem) if request.is_stray else CHECKS
    found = (flaw for check in checks for flaw in check(contract, operation, request, answer))
    return tuple(found)


def pointer_of(operation: Operation, *parts: str) -> str:
    """Return the JSON pointer of a part of an operation in the bundled contract."""
    whole = ("paths", operation.path, operation.method.lower(), *parts)
    return write(whole)


def _declared(
    contract: Contract, operation: Operation, _: Request, answer: Answer
) -> Iterator[Flaw]:
    status = answer.status
    if answer.is_success and str(status) != operation.success.status:
        detail = f"answers {status} where {operation.success.status} is declared"
        yield Flaw("status", detail, contract=pointer_of(operation, "responses"))
    elif not operation.declares(status) and (
        (operation.operation_id, status) not in contract.undeclared
    ):
        detail = f"answers {status}, which is not declared"
        yield Flaw("status", detail, contract=pointer_of(operation, "responses"))


def _body(contract: Contract, operation: Operation, _: Request, answer: Answer) -> Iterator[Flaw]:
    declared = operation.answer_for(answer.status)
    if declared is None or (answer.is_success and declared.status != str(answer.status)):
        return
    where = pointer_of(operation, "responses", declared.status)
    if not declared.contents:
        if answer.content:
            yield Flaw("empty-body", "a body where none is declared", contract=where)
        return
    yield from _content(contract, declared, answer, where)


def _content(contract: Contract, declared: Declared, answer: Answer, where: str) -> Iterator[Flaw]:
    content = next((c for c in declared.contents if c.media_type == answer.media_type), None)
    if content is None:
        wanted = " or ".join(c.media_type for c in declared.contents)
        detail = f"is {answer.media_type or 'without a media type'}; declared is {wanted}"
        yield Flaw("media-type", detail, contract=f"{where}/content")
        return
    if "json" not in content.media_type or content.schema_pointer is None:
        return
    body = answer.json
    if body is None and answer.content.strip() != b"null":
        yield Flaw("schema", "the body is not JSON", contract=content.schema_pointer)
        return
    for violation in contract.response_schemas.violations(content.schema_pointer, body):
        pointer = write(violation.path)
        if violation.missing:
            pointer += f"/{escape(violation.missing)}"
        yield Flaw("schema", violation.message, pointer, content.schema_pointer)


def _problem(_: Contract, operation: Operation, __: Request, answer: Answer) -> Iterator[Flaw]:
    body: Any = answer.json
    if answer.status < 400 or not isinstance(body, dict):
        return
    status = body.get("status")
    if status is not None and status != answer.status:
        detail = f"the problem says status {status}, the answer {answer.status}"
        yield Flaw("problem-status", detail, "/status", pointer_of(operation, "responses"))


def _defect(_: Contract, operation: Operation, __: Request, answer: Answer) -> Iterator[Flaw]:
    if answer.status >= 500:
        detail = f"answers {answer.status}: no request may break the server"
        yield Flaw("server-error", detail, contract=pointer_of(operation, "responses"))


def _text(_: Contract, operation: Operation, __: Request, answer: Answer) -> Iterator[Flaw]:
    text = answer.content.strip()
    if answer.is_success and answer.media_type == "text/plain" and text[:1] == b'"':
        where = pointer_of(operation, "responses", operation.success.status)
        yield Flaw("quoted-text", "is JSON in quotes where plain text is declared", contract=where)


def _headers(_: Contract, operation: Operation, __: Request, answer: Answer) -> Iterator[Flaw]:
    where = pointer_of(operation, "responses")
    if answer.content and not answer.media_type:
        yield Flaw("media-type", "has a body but no Content-Type", contract=where)
    length = answer.headers.get("content-length", "")
    if answer.status == 204 and length not in {"", "0"}:
        yield Flaw("empty-body", f"204 with Content-Length {length}", contract=where)


CHECKS: tuple[Check, ...] = (_defect, _declared, _body, _problem, _text, _headers)
