"""What a run means: exit codes and reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockserver.conformance.exchange import Answer, Exchange, Request
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.reach import Reach
from mockserver.conformance.reports.document import exit_code

FOUND = Finding(Verdict.VIOLATION, "listTopics", "echo")
WANTED = {"operations": 0.8, "rules": 0.8}


@pytest.mark.parametrize(
    ("verdict", "reasons", "code"),
    [
        (Verdict.VIOLATION, [], 1),
        (Verdict.VIOLATION, ["too little"], 1),  # 1 wins over 2
        (Verdict.SUSPECT, [], 0),
        (Verdict.SUSPECT, ["too little"], 2),
        (Verdict.INCONCLUSIVE, ["inconclusive"], 2),
    ],
)
def test_exit_codes(verdict: Verdict, reasons: list[str], code: int):
    assert exit_code([replace(FOUND, verdict=verdict)], reasons) == code


def test_nothing_found_conforms():
    assert exit_code([], []) == 0
    assert exit_code([], ["only 3 of 73 operations"]) == 2


def test_a_suspect_counts_when_it_is_asked_to():
    suspect = replace(FOUND, verdict=Verdict.SUSPECT)
    assert exit_code([suspect], [], fail_on_suspect=True) == 1


def test_what_is_accepted_does_not_count():
    assert exit_code([replace(FOUND, accepted="TICKET-1")], []) == 0


def seen(granted: int, tried: int, skipped: int = 0) -> Reach:
    reach = Reach()
    for number in range(granted):
        request = Request(f"operation{number}", "GET", "/")
        reach.see(Exchange(number, request, Answer(200, {}, b"")))
    verdicts = [Verdict.HELD] * tried + [Verdict.SKIPPED] * skipped
    for number, verdict in enumerate(verdicts):
        reach.count(replace(FOUND, rule=f"rule{number}", verdict=verdict))
    return reach


OPERATIONS = [f"operation{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (seen(8, 8), 0),
        (seen(7, 8), 1),
        (seen(8, 7), 1),
        (seen(8, 6, skipped=3), 0),  # what the profile forbids does not count
        (seen(0, 0), 2),
    ],
)
def test_a_run_that_reached_too_little_says_so(reach: Reach, said: int):
    assert len(reach.shortfalls(WANTED, OPERATIONS, 10)) == said


def test_a_run_without_anything_never_counts():
    assert len(Reach().shortfalls({"operations": 0.0, "rules": 0.0}, [], 0)) == 2


def test_a_key_leaves_out_positions():
    finding = replace(FOUND, pointer="/results/12/id")
    assert finding.name == "listTopics echo /results/*/id"
