"""What a generated request may be answered.

The door's checks judge each answer by itself; schemathesis judges it here once more, with code
that is not ours. And it is held against the request: what the contract forbids both as written
and as relaxed is not granted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

import httpx
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY, Exchange
from mockserver.conformance.flaws import pointer_of
from mockserver.conformance.generated.cases import Case
from mockserver.conformance.rules import Broken
from mockserver.conformance.shapes.bodies import json_body
from mockserver.conformance.shapes.mistakes import Mistakes
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation, Parameter

_CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
#: Spellings that some server may take for a value of a type; everything else is none.
_SPELLINGS: Mapping[str, re.Pattern[str]] = {
    "boolean": re.compile(r"(?i)\s*(true|false|t|f|1|0|yes|no|on|off|null)?\s*"),
    "integer": re.compile(r"\s*[-+]?\d+(\.0*)?\s*|\s*|null"),
}


class Judge:
    """Holds exchanges of generated requests against one contract."""

    def __init__(self, contract: Contract) -> None:
        """Take the contract."""
        self._contract = contract
        self._maker = Mistakes(contract)

    def check(self, case: Case, call: Call, exchange: Exchange) -> None:
        """Judge one exchange.

        Raises:
            Broken: what must be refused was granted, or the answer is wrong.
        """
        if exchange.answer.is_success:
            operation = self._contract.operations[call.operation_id]
            for wrong, cites in self._wrong(operation, call):
                raise Broken(f"{wrong} is answered {exchange.status}", cites=cites)
        if not exchange.flaws:  # else the door has told
            self._judge_again(case, exchange)

    def is_wrong(self, call: Call) -> bool:
        """Tell whether the contract forbids a call."""
        return any(self._wrong(self._contract.operations[call.operation_id], call))

    def _wrong(self, operation: Operation, call: Call) -> Iterator[tuple[str, str]]:
        content = json_body(operation)
        if content is not None and call.body is not NO_BODY:
            pointer = str(content.schema_pointer)
            if self._maker.is_wrong(pointer, call.body):
                yield "a body that the schema forbids", pointer
        elif operation.body_required and call.body is NO_BODY:
            yield "no body", pointer_of(operation, "requestBody")
        for parameter in operation.parameters:
            if parameter.place == "query" and _is_wrong(parameter, call.query.get(parameter.name)):
                yield (
                    f"?{parameter.name}={call.query.get(parameter.name)}",
                    (parameter.schema_pointer),
                )

    def _judge_again(self, case: Case, exchange: Exchange) -> None:
        if (exchange.operation_id, exchange.status) in self._contract.undeclared:
            return
        request = exchange.request
        response = httpx.Response(
            exchange.status,
            headers=_plain(exchange.answer.headers),
            content=exchange.answer.content,
            request=httpx.Request(request.method, f"http://target.invalid{request.path}"),
        )
        response.elapsed = timedelta()  # nothing here is about time
        try:
            case.validate_response(response, checks=list(_CHECKS))
        except FailureGroup as group:
            raise _broken(group.exceptions[0]) from None
        except Failure as failure:
            raise _broken(failure) from None


def _broken(failure: Failure) -> Broken:
    told = " ".join(str(failure.message).split())[:300]
    return Broken(f"schemathesis ({failure.code}): {failure.title}: {told}")


def _plain(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers as they are once the body was decompressed."""
    gone = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in headers.items() if name not in gone}


def _is_wrong(parameter: Parameter, text: str | None) -> bool:
    if text is None:
        return parameter.required
    schema = parameter.schema
    spelling = _SPELLINGS.get(str(schema.get("type")))
    if spelling is not None and not spelling.fullmatch(text):
        return True
    if "enum" in schema:
        return bool(text.strip()) and text not in schema["enum"]
    if schema.get("type") == "integer" and text.strip().lstrip("+-").isdigit():
        number = int(text)
        return not schema.get("minimum", number) <= number <= schema.get("maximum", number)
    return False
