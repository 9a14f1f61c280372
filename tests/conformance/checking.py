"""Runs a check in this process, against a mock that may be odd, and reads its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from mockserver.app import Mock
from mockserver.conformance.baseline import Baseline
from mockserver.conformance.credentials import shell_names
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.inprocess import InProcess
from mockserver.conformance.layers import Layer
from mockserver.conformance.reports.document import Redaction, Report, report_of
from mockserver.conformance.reports.live import Silent
from mockserver.conformance.run import Results, Run
from mockserver.conformance.suite import Options, Prepared, layers_of, prepared
from mockserver.contract.contract import Contract, load_api
from tests.client import BUILDER, KEY

CONTRACT: Contract = load_api()
URL = "http://127.0.0.1:4010"
#: Turns an answer into another one: method, path below /v1, answer.
Twist = Callable[[str, str, httpx.Response], httpx.Response]


class Twisted(httpx.BaseTransport):
    """A mock in this process whose answers are changed on their way; remembers the requests."""

    def __init__(self, mock: Mock, twist: Twist | None = None) -> None:
        self.asked: list[httpx.Request] = []
        self._inner = InProcess(mock.asgi)
        self._twist = twist

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        response = self._inner.handle_request(request)
        if self._twist is None:
            return response
        response.read()
        return self._twist(request.method, request.url.path.removeprefix("/v1"), response)

    def close(self) -> None:
        self._inner.close()


@dataclass
class Checked:
    """A run that is over."""

    ready: Prepared
    results: Results
    report: Report
    redaction: Redaction
    exchanges: list[Exchange] = field(default_factory=list)


def options(transport: httpx.BaseTransport | None, **given: Any) -> Options:
    usual: dict[str, Any] = {"project": "my-project", "api_key": KEY, "bearer": BUILDER}
    return Options(given.pop("url", URL), **{**usual, **given}, transport=transport)


def check(
    transport: httpx.BaseTransport | None,
    *,
    only: str = "",
    layers: Sequence[Layer] | None = None,
    baseline: Baseline | None = None,
    state: Path | None = None,
    **given: Any,
) -> Checked:
    """Check a target; all rules, or those whose ids fit a pattern."""
    kept: list[Exchange] = []
    known = baseline or Baseline()
    with prepared(options(transport, state=state, **given), CONTRACT, kept.append) as ready:
        chosen = (
            layers
            if layers is not None
            else layers_of(CONTRACT, only, given.get("profile", "own-data"))
        )
        results = Run(ready.session, chosen, Silent(), known).run()
        credentials = shell_names(ready.door.target.callers)
        redaction = Redaction(credentials, ready.door.memory.secrets)
    report = report_of(
        ready, results, redaction, baseline=known, started="2026-02-01T12:00:00Z", seconds=1.0
    )
    return Checked(ready, results, report, redaction, kept)


def changed(response: httpx.Response, body: Any) -> httpx.Response:
    """Return an answer with another JSON body."""
    headers = {"content-type": response.headers["content-type"]}
    return httpx.Response(response.status_code, headers=headers, json=body)
