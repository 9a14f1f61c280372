"""An independent judge of recorded exchanges.

The mock checks its answers with compiled schemas of the bundle. This judge shares none of that:
openapi-core reads `api/api.yaml` with its siblings as they are written, plus the relaxations, and
says of every exchange whether the contract allows it. Needs the extra `check`.

`judge` is for the mock, which promises more than the contract:

- an answer of an operation: its status, media type and body;
- an answer whose status the contract cannot express: it must be listed in `gaps.yaml`, and its
  body is a problem all the same;
- a request that was granted (2xx): it must have been one that the contract allows;
- an answer below a contract's prefix that belongs to no operation: a 404 or 405 problem.

Faults that somebody ordered through the control plane are counted apart, and reach nothing.

Everything else (preflights, pages) is outside. `examine` is for any implementation of the
platform API: it holds both sides against the contract, and takes seriously only what must be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openapi_core.testing import MockRequest

from mockserver.contract.addressing import HOSTED, addressed, is_below
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.excuses import is_excused, orders
from mockserver.contract.gaps import read_gaps
from mockserver.contract.locating import violations_of
from mockserver.contract.memory import Memory
from mockserver.contract.messages import request_of, response_of, shape
from mockserver.contract.opened import Found, OpenContract
from mockserver.contract.recordings import Exchange, Recording
from mockserver.contract.relaxations import for_requests, for_responses, read_relaxations
from mockserver.contract.verdicts import Disagreement, Report, Verdict, Violation
from mockserver.contract.weighing import (
    is_not_modified,
    weighed,
    with_bare_types,
    without_operation,
)
from mockserver.contract.written import (
    INPUT_PROBLEM,
    PROBLEM,
    PROBLEM_JSON,
    PROBLEM_SERVER,
    open_document,
    write_documents,
    write_problems,
)

API_PREFIX = "/v1"
ADMIN_PREFIX = "/__admin"
#: Pages below the prefix of a contract that does not speak of them.
_PAGES = ("/__admin/ui", "/__admin/docs", "/__admin/openapi.json")
_DOOR = frozenset({400, 404, 405})  # what may be said to a request that is no operation's
_GUARDED = _DOOR | {401, 403, 415}  # where a guard stands in front of all operations
_GRANTED = "granted although the request is invalid: "
Violations = tuple[Violation, ...]


class Judge:
    """Judges exchanges. Use it in a `with` block: it keeps relaxed documents in a folder."""

    def __init__(self, spec: Path | None = None, *, most: int | None = None) -> None:
        """Load the contracts.

        Args:
            spec: the folder of the documents; None for the one that is shipped.
            most: how many judgements of each kind to remember; None for all.
        """
        source = spec or spec_directory()
        self._folder = tempfile.TemporaryDirectory(prefix="mockserver-judge-")
        folder = Path(self._folder.name)
        entries = read_relaxations(source)
        answers = write_documents(source, folder / "answers", for_responses(entries))
        requests = write_documents(source, folder / "requests", for_requests(entries, strict=False))
        api, admin = (read_yaml(source / name) for name in ("api/api.yaml", "admin/admin.yaml"))
        own = answers / "admin" / "admin.yaml"
        self._contracts = {
            API_PREFIX: OpenContract(
                api, answers / "api/api.yaml", requests / "api/api.yaml", most=most
            ),
            ADMIN_PREFIX: OpenContract(admin, own, own, most=most),
        }
        for host in HOSTED:
            path = answers / host / f"{host}.yaml"
            document = read_yaml(source / host / f"{host}.yaml")
            self._contracts[f"/{host}/v1"] = OpenContract(document, path, path, most=most)
        self._problems = open_document(write_problems(answers / "judge" / "judge.yaml"))
        self._undeclared = read_gaps(source).undeclared_pairs()
        self._verdicts: Memory[tuple[Any, ...], Verdict] = Memory(most)
        self._broken: Memory[tuple[str, bytes], Violations] = Memory(most)
        self._refusals: Memory[tuple[Any, ...], Violations] = Memory(most)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def judge_all(self, recordings: Iterable[Recording]) -> Report:
        """Judge everything that was recorded, and note what is missing."""
        report = Report()
        for recording in recordings:
            if recording.lost:
                report.lost.append(f"{recording.name}: {recording.lost} of {recording.arrived}")
            given = orders(recording.exchanges)
            for exchange in recording.exchanges:
                if is_excused(exchange, self._operation_of, given):
                    report.exchanges += 1
                    report.faults += 1
                    continue
                self._note(report, exchange, self.judge(exchange))
        report.unique = len(self._verdicts)
        return report

    @staticmethod
    def _note(report: Report, exchange: Exchange, verdict: Verdict) -> None:
        report.exchanges += 1
        report.outside += verdict.outside
        if verdict.operation_id is not None:
            pair = verdict.operation_id, verdict.status
            report.reached.add(pair)
            if verdict.through_default:
                report.by_default.add(pair)
        for reason in verdict.reasons:
            report.disagreements.append(Disagreement(verdict.operation_id, reason, str(exchange)))

    def _operation_of(self, exchange: Exchange) -> Found | None:
        path = addressed(exchange)
        for prefix, contract in self._contracts.items():
            if path.startswith(f"{prefix}/"):
                return contract.find(exchange.method, path[len(prefix) :])
        return None

    def judge(self, exchange: Exchange) -> Verdict:
        """Judge one exchange."""
        if exchange.fault:
            text = f"the connection ended with {exchange.fault}, which nobody ordered"
            violation = Violation(("response", "status"), "operation", text)
            return Verdict(None, exchange.status, violations=(violation,))
        path = addressed(exchange)
        for prefix, contract in self._contracts.items():
            if is_below(path, prefix) and not any(is_below(path, page) for page in _PAGES):
                below = path[len(prefix) :]
                found = contract.find(exchange.method, below)
                if found is not None:
                    return self._judge_operation(exchange, contract, found)
                return self._judge_door(exchange)
        is_problem = exchange.response_type == PROBLEM_JSON
        broken = self._problem_violations(exchange) if is_problem else ()
        return Verdict(None, exchange.status, violations=broken, outside=not is_problem)

    def find(self, exchange: Exchange) -> Found | None:
        """Return the operation of the platform API that an exchange is of, or None."""
        if not exchange.path.startswith(f"{API_PREFIX}/"):
            return None
        path = exchange.path.removeprefix(API_PREFIX)
        return self._contracts[API_PREFIX].find(exchange.method, path)

    def examine(self, exchange: Exchange) -> Verdict:
        """Judge both sides of an exchange with any implementation of the platform API.

        Args:
            exchange: its bodies have no content coding. Outside `/v1` nothing is judged.
        """
        contract, found = self._contracts[API_PREFIX], self.find(exchange)
        if found is None or is_not_modified(exchange):
            return without_operation(exchange, contract, API_PREFIX)
        plain = with_bare_types(exchange)
        verdict = self._answered(plain, contract, found)
        asked = self._request_violations(plain, contract, found)
        return weighed(verdict, asked, exchange, found)

    def _judge_door(self, exchange: Exchange) -> Verdict:
        """Judge an answer below a prefix that belongs to no operation."""
        if exchange.method == "OPTIONS" and exchange.status == 204:
            return Verdict(None, exchange.status, outside=True)
        broken = self._problem_violations(exchange)
        allowed = _GUARDED if is_below(addressed(exchange), ADMIN_PREFIX) else _DOOR
        if exchange.status not in allowed:
            text = f"{exchange.status} where the contract has no operation"
            broken = (Violation(("response", "status"), "operation", text), *broken)
        return Verdict(None, exchange.status, violations=broken)

    def _judge_operation(self, exchange: Exchange, contract: OpenContract, found: Found) -> Verdict:
        verdict = self._answered(exchange, contract, found)
        if not 200 <= exchange.status < 300:
            return verdict
        granted = tuple(
            replace(violation, said=_GRANTED + violation.said)
            for violation in self._request_violations(exchange, contract, found)
        )
        return replace(verdict, violations=(*verdict.violations, *granted))

    def _answered(self, exchange: Exchange, contract: OpenContract, found: Found) -> Verdict:
        body = shape(exchange.response_body)
        key = (found.operation_id, exchange.status, exchange.response_type, body)
        return self._verdicts.recall(key, lambda: self._judge_answer(exchange, contract, found))

    def _judge_answer(self, exchange: Exchange, contract: OpenContract, found: Found) -> Verdict:
        status, operation_id = exchange.status, found.operation_id
        answers = found.node["responses"]
        declared = answers.get(str(status)) or answers.get("default")
        if declared is None:
            broken = self._undeclared_violations(exchange, found)
            return Verdict(operation_id, status, violations=broken)
        if declared.get("content"):
            request = request_of(exchange, contract.server, found.below, found.path, found.values)
            errors = contract.answers.iter_response_errors(request, response_of(exchange))
            broken = tuple(v for error in errors for v in violations_of(error, "response"))
        elif exchange.response_body:
            # openapi-core asks for data even where `content` is there and empty
            text = "a body where the contract declares none"
            broken = (Violation(("response", "body"), "body", text),)
        else:
            broken = ()
        return Verdict(operation_id, status, str(status) not in answers, broken)

    def _undeclared_violations(self, exchange: Exchange, found: Found) -> Violations:
        """Judge an answer that the contract cannot express: it is a problem, written like others.

        Assumed: its media type is one that the operation has for its declared errors.
        """
        if (found.operation_id, exchange.status) not in self._undeclared:
            text = f"{exchange.status} is neither declared nor listed in gaps.yaml"
            return (Violation(("response", "status"), "status", text),)
        written = {
            media_type
            for status, answer in found.node["responses"].items()
            if not status.startswith("2")
            for media_type in answer.get("content", {})
        }
        return self._problem_violations(exchange, written)

    def _problem_violations(
        self, exchange: Exchange, media_types: Iterable[str] = (PROBLEM_JSON,)
    ) -> Violations:
        """Say why an answer is no problem document."""
        if exchange.response_type not in media_types:
            text = f"a problem as {exchange.response_type or 'no media type'}"
            return (Violation(("response", "header", "content-type"), "mediaType", text),)
        has_issues = b'"issues"' in exchange.response_body
        path = INPUT_PROBLEM if has_issues else PROBLEM
        key = path, shape(exchange.response_body)
        return self._broken.recall(key, lambda: self._judge_problem(exchange, path))

    def _judge_problem(self, exchange: Exchange, path: str) -> Violations:
        request = MockRequest(PROBLEM_SERVER, "get", path)
        response = response_of(exchange, media_type=PROBLEM_JSON)
        errors = self._problems.iter_response_errors(request, response)
        return tuple(v for error in errors for v in violations_of(error, "response"))

    def _request_violations(
        self, exchange: Exchange, contract: OpenContract, found: Found
    ) -> Violations:
        """Say why the contract does not allow a request."""
        body = exchange.plain_request_body
        kinds = tuple(sorted(_credentials(exchange)))
        key = (found.operation_id, exchange.query, exchange.request_type, kinds, shape(body))
        return self._refusals.recall(key, lambda: _judge_request(exchange, contract, found))


def _judge_request(exchange: Exchange, contract: OpenContract, found: Found) -> Violations:
    request = request_of(exchange, contract.server, found.below, found.path, found.values)
    errors = contract.requests.iter_request_errors(request)
    return tuple(v for error in errors for v in violations_of(error, "request"))


def _credentials(exchange: Exchange) -> set[str]:
    """Return the kinds of credentials that a request has."""
    names = {name.lower() for name, _ in exchange.request_headers}
    return names & {"authorization", "x-api-key"}
