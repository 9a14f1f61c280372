"""Runs schemathesis over the built operations of a running mock, and reads what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mockserver.contract.contract import Contract
from mockserver.contract.documents import spec_directory
from tests.conformance import seeded_world as world

_ROOT = Path(__file__).parents[2]
#: Nothing that is read from answers: what is asked must not depend on what was answered.
_CONFIGURATION = """
hooks = "tests.conformance.schemathesis_hooks"
continue-on-failure = true
cache.enabled = false
warnings.fail-on = ["missing_auth", "missing_test_data"]

[auth.openapi]
APIKeyHeader.api_key = "{key}"
Bearer.bearer = "{token}"

[generation]
max-examples = {examples}
deterministic = true
no-shrink = true

# A rule that only the contract's prose states may refuse what its schemas allow. But a generated
# request names what exists, so nothing may be unauthorized, forbidden or not found.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "409", "422"]

[phases]
examples.extra-data-sources.responses = false
coverage.extra-data-sources.responses = false
fuzzing.extra-data-sources.responses = false
stateful.enabled = false
"""


class Verdict(NamedTuple):
    """A check that failed for an operation on answers of one status."""

    operation: str
    check: str
    status: int


@dataclass
class Findings:
    """What a run reports."""

    report: dict[str, Any]  # as schemathesis sums it up
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failures: dict[Verdict, list[str]] = field(default_factory=lambda: defaultdict(list))


def run_schemathesis(contract: Contract, url: str, folder: Path, examples: int) -> Findings:
    """Run the phases examples, coverage and fuzzing.

    Raises:
        AssertionError: schemathesis itself failed.
    """
    configuration = folder / "schemathesis.toml"
    configuration.write_text(
        _CONFIGURATION.format(key=world.KEY, token=world.TOKEN, examples=examples),
        encoding="utf-8",
    )
    events, summary = folder / "events.ndjson", folder / "summary.json"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        configuration,
    ]
    command += ["run", spec_directory() / "api" / "api.yaml", "--url", f"{url}/v1"]
    command += ["--phases", "examples,coverage,fuzzing", "--report", "ndjson,json"]
    command += ["--report-ndjson-path", events, "--report-json-path", summary]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    run = subprocess.run(  # the test's own time limit ends it
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    assert summary.is_file(), run.stdout + run.stderr
    return _read(contract, events, json.loads(summary.read_text(encoding="utf-8")))


def _read(contract: Contract, events: Path, report: dict[str, Any]) -> Findings:
    names = {f"{o.method} {o.path}": o.operation_id for o in contract.operations.values()}
    findings = Findings(report)
    for recorder in _recorders(events):
        label = recorder["label"]
        answers = recorder.get("interactions", {})
        for case_id, answer in answers.items():
            if recorder["cases"][case_id]["value"]["method"] == label.partition(" ")[0]:
                findings.statuses[names[label]][_status(answer)] += 1
        for case_id, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] == "failure":
                    status = _status(answers[case_id])
                    verdict = Verdict(names[label], check["name"], status)
                    case = json.dumps(recorder["cases"][case_id]["value"])[:1500]
                    message = check["failure_info"]["failure"]["message"]
                    findings.failures[verdict].append(f"{message}\n{case}")
    return findings


def _recorders(events: Path) -> Iterator[dict[str, Any]]:
    with events.open(encoding="utf-8") as lines:
        for line in lines:
            finished = json.loads(line).get("ScenarioFinished")
            if finished is not None:
                yield finished["recorder"]


def _status(interaction: dict[str, Any]) -> int:
    response = interaction.get("response")
    return int(response["status_code"]) if response else 0
