"""Requests that schemathesis generates from the contract, against a running mock.

MOCKSERVER_SCHEMATHESIS_EXAMPLES is the number of random requests for each operation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.contract.contract import load_api
from mockserver.contract.documents import read_yaml
from tests.conformance import seeded_world
from tests.conformance.generated_run import Findings, Verdict, run_schemathesis
from tests.server import serving

EXAMPLES = int(os.environ.get("MOCKSERVER_SCHEMATHESIS_EXAMPLES", "15"))
WAIVERS = Path(__file__).with_name("waivers.yaml")


# One test, so that there is one run however many processes the tests are spread over.
@pytest.mark.timeout(300 + 5 * EXAMPLES)
def test_every_generated_request_is_answered_as_the_contract_says(
    tmp_path: Path, subtests: pytest.Subtests
):
    contract = load_api()
    built = set(contract.operations)
    fixture = tmp_path / "seeded.yaml"
    seeded_world.write_fixture(fixture, 30 * EXAMPLES, customers_size=30 + EXAMPLES)

    with serving("--fixture", str(fixture), "--clock", "2026-02-01T12:00:00.000000Z") as server:
        findings = run_schemathesis(contract, server.url, tmp_path, EXAMPLES)

    with subtests.test("the run is complete"):
        check_complete(findings, len(built))
    with subtests.test("every operation has succeeded at least once"):
        assert built == {o for o, seen in findings.statuses.items() if any(map(is_success, seen))}
    waivers = read_waivers()
    for verdict, samples in findings.failures.items():
        if verdict not in waivers:
            with subtests.test(str(verdict)):
                pytest.fail(f"{len(samples)} times, the first: {samples[0]}", pytrace=False)
    with subtests.test("every waiver is needed"):
        assert set(waivers) - set(findings.failures) == set()


def check_complete(findings: Findings, operations: int) -> None:
    report = findings.report
    assert report["errors"] == []
    assert report["complete"]
    assert report["operations"]["tested"] == operations
    skipped = {name for name, phase in report["phases"].items() if phase["status"] == "skip"}
    assert skipped == {"stateful"}
    assert report["warnings"]["missing_auth"] == []
    assert report["warnings"]["missing_test_data"] == []


def is_success(status: int) -> bool:
    return 200 <= status < 300


def read_waivers() -> dict[Verdict, str]:
    """Return the reason of each waived verdict."""
    return dict(_waived())


def _waived() -> Iterator[tuple[Verdict, str]]:
    for entry in read_yaml(WAIVERS):
        for operation in entry["operations"]:
            yield Verdict(operation, entry["check"], entry["status"]), entry["reason"]
