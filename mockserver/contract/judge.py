"""An independent judge of recorded exchanges.

The mock checks its answers with compiled schemas of the bundle. This judge shares none of that:
openapi-core reads `api/api.yaml` with its siblings as they are written, plus the relaxations, and
says of every exchange whether the contract allows it. Needs the extra `check`.

What is held against the contract:

- an answer of an operation: its status, media type and body;
- an answer whose status the contract cannot express: it must be listed in `gaps.yaml`, and its
  body is a problem all the same;
- a request that was granted (2xx): it must have been one that the contract allows;
- an answer below a contract's prefix that belongs to no operation: a 404 or 405 problem.

Everything else (preflights, pages) is outside.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.testing import MockRequest

from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.gaps import read_gaps
from mockserver.contract.messages import (
    explain,
    normal,
    request_of,
    response_of,
    shape,
)
from mockserver.contract.recordings import Exchange, Recording, first
from mockserver.contract.relaxations import for_requests, for_responses, read_relaxations
from mockserver.contract.verdicts import Disagreement, Report, Verdict
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
#: The APIs that are told by their host, or by a prefix of that name.
_HOSTED = ("read", "write", "search")
_DOMAINS = ("withampersand.com", "localhost")
_DOOR = frozenset({400, 404, 405})  # what may be said to a request that is no operation's


@dataclass(frozen=True, slots=True)
class _Found:
    """The operation that a method and path mean, as the contract writes it."""

    operation_id: str
    path: str  # the template
    values: Mapping[str, str]  # of its parameters
    node: Mapping[str, Any]
    below: str  # the path as it was called, without the prefix


class _Contract:
    """One contract behind a prefix: as its answers, and as its requests are judged."""

    def __init__(self, document: Mapping[str, Any], answers: Path, requests: Path) -> None:
        self.paths: Mapping[str, Any] = document["paths"]
        self.server = str(document["servers"][0]["url"])
        self.answers = open_document(answers)
        self.requests = self.answers if requests == answers else open_document(requests)
        self._finder = APICallPathFinder(self.answers.spec)
        self._found: dict[tuple[str, str], _Found | None] = {}

    def find(self, method: str, path: str) -> _Found | None:
        """Return the operation of a path below the prefix, or None."""
        key = method.lower(), normal(path)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, method: str, path: str) -> _Found | None:
        try:
            match = self._finder.find(method, self.server + path)
        except PathError:
            return None
        values = match.path_result.variables
        if not all(values.values()):
            return None  # Source: OpenAPI 3.0, "Path Templating": a path parameter is never empty
        template = match.path_result.pattern
        node = self.paths[template][method]
        return _Found(node["operationId"], template, values, node, path)


class Judge:
    """Judges exchanges. Use it in a `with` block: it keeps relaxed documents in a folder."""

    def __init__(self, spec: Path | None = None) -> None:
        """Load the contracts.

        Args:
            spec: the folder of the documents; None for the one that is shipped.
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
            API_PREFIX: _Contract(api, answers / "api/api.yaml", requests / "api/api.yaml"),
            ADMIN_PREFIX: _Contract(admin, own, own),
        }
        for host in _HOSTED:
            path = answers / host / f"{host}.yaml"
            document = read_yaml(source / host / f"{host}.yaml")
            self._contracts[f"/{host}/v1"] = _Contract(document, path, path)
        self._problems = open_document(write_problems(answers / "judge" / "judge.yaml"))
        self._undeclared = read_gaps(source).undeclared_pairs()
        self._verdicts: dict[tuple[Any, ...], Verdict] = {}
        self._broken: dict[tuple[str, bytes], tuple[str, ...]] = {}
        self._refusals: dict[tuple[Any, ...], tuple[str, ...]] = {}

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
            for exchange in recording.exchanges:
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

    def judge(self, exchange: Exchange) -> Verdict:
        """Judge one exchange."""
        path = _addressed(exchange)
        for prefix, contract in self._contracts.items():
            if path.startswith(f"{prefix}/") or path == prefix:
                below = path[len(prefix) :]
                found = contract.find(exchange.method, below)
                if found is not None:
                    return self._judge_operation(exchange, contract, found)
                return self._judge_door(exchange)
        is_problem = exchange.response_type == PROBLEM_JSON
        reasons = self._problem_reasons(exchange) if is_problem else ()
        return Verdict(None, exchange.status, reasons=reasons, outside=not is_problem)

    def _judge_door(self, exchange: Exchange) -> Verdict:
        """Judge an answer below a prefix that belongs to no operation."""
        if exchange.method == "OPTIONS" and exchange.status == 204:
            return Verdict(None, exchange.status, outside=True)
        reasons = self._problem_reasons(exchange)
        if exchange.status not in _DOOR:
            reasons = (f"{exchange.status} where the contract has no operation", *reasons)
        return Verdict(None, exchange.status, reasons=reasons)

    def _judge_operation(self, exchange: Exchange, contract: _Contract, found: _Found) -> Verdict:
        status, media_type = exchange.status, exchange.response_type
        key = (found.operation_id, status, media_type, shape(exchange.response_body))
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._judge_answer(exchange, contract, found)
        if not 200 <= status < 300:
            return verdict
        refusals = self._judge_request(exchange, contract, found)
        if not refusals:
            return verdict
        granted = tuple(f"granted although the request is invalid: {text}" for text in refusals)
        return Verdict(verdict.operation_id, status, reasons=(*verdict.reasons, *granted))

    def _judge_answer(self, exchange: Exchange, contract: _Contract, found: _Found) -> Verdict:
        status, operation_id = exchange.status, found.operation_id
        answers = found.node["responses"]
        declared = answers.get(str(status)) or answers.get("default")
        if declared is None:
            return Verdict(operation_id, status, reasons=self._undeclared_reasons(exchange, found))
        if declared.get("content"):
            request = request_of(exchange, contract.server, found.below, found.path, found.values)
            errors = contract.answers.iter_response_errors(request, response_of(exchange))
            reasons = [explain(error) for error in errors]
        else:  # openapi-core asks for data even where `content` is there and empty
            reasons = ["a body where the contract declares none"] if exchange.response_body else []
        return Verdict(operation_id, status, str(status) not in answers, tuple(reasons))

    def _undeclared_reasons(self, exchange: Exchange, found: _Found) -> tuple[str, ...]:
        """Judge an answer that the contract cannot express: it is a problem, written like others.

        Assumed: its media type is one that the operation has for its declared errors.
        """
        if (found.operation_id, exchange.status) not in self._undeclared:
            return (f"{exchange.status} is neither declared nor listed in gaps.yaml",)
        written = {
            media_type
            for status, answer in found.node["responses"].items()
            if not status.startswith("2")
            for media_type in answer.get("content", {})
        }
        return self._problem_reasons(exchange, written)

    def _problem_reasons(
        self, exchange: Exchange, media_types: Iterable[str] = (PROBLEM_JSON,)
    ) -> tuple[str, ...]:
        """Say why an answer is no problem document."""
        if exchange.response_type not in media_types:
            return (f"a problem as {exchange.response_type or 'no media type'}",)
        has_issues = b'"issues"' in exchange.response_body
        path = INPUT_PROBLEM if has_issues else PROBLEM
        key = path, shape(exchange.response_body)
        if key not in self._broken:
            self._broken[key] = self._judge_problem(exchange, path)
        return self._broken[key]

    def _judge_problem(self, exchange: Exchange, path: str) -> tuple[str, ...]:
        request = MockRequest(PROBLEM_SERVER, "get", path)
        response = response_of(exchange, media_type=PROBLEM_JSON)
        errors = self._problems.iter_response_errors(request, response)
        return tuple(explain(error) for error in errors)

    def _judge_request(
        self, exchange: Exchange, contract: _Contract, found: _Found
    ) -> tuple[str, ...]:
        """Say why the contract does not allow a request."""
        body = exchange.plain_request_body
        kinds = tuple(sorted(_credentials(exchange)))
        key = (found.operation_id, exchange.query, exchange.request_type, kinds, shape(body))
        if key not in self._refusals:
            request = request_of(exchange, contract.server, found.below, found.path, found.values)
            errors = contract.requests.iter_request_errors(request)
            self._refusals[key] = tuple(explain(error) for error in errors)
        return self._refusals[key]


def _addressed(exchange: Exchange) -> str:
    """Return the path of an exchange with the API in front that its Host header names."""
    label, _, domain = first(exchange.request_headers, "host").partition(":")[0].partition(".")
    if domain.lower() not in _DOMAINS or not exchange.path.startswith("/v1"):
        return exchange.path
    if label.lower() == "proxy":
        return f"/proxy{exchange.path}"
    return f"/{label.lower()}{exchange.path}" if label.lower() in _HOSTED else exchange.path


def _credentials(exchange: Exchange) -> set[str]:
    """Return the kinds of credentials that a request has."""
    names = {name.lower() for name, _ in exchange.request_headers}
    return names & {"authorization", "x-api-key"}
