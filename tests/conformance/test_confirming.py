"""One cause, one report: confirmed from scratch, cited, and shown by as few calls as it takes."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from mockserver.app import Mock
from mockserver.conformance.baseline import Accepted, Baseline
from tests.conformance.checking import Twisted, changed, check

SHOWN = ("name", "verdict")


def without_name(method: str, path: str, response: httpx.Response) -> httpx.Response:
    """Leave `name` out of what createTopic answers."""
    if method == "POST" and path.endswith("/topics") and response.status_code == 201:
        return changed(response, {k: v for k, v in response.json().items() if k != "name"})
    return response


def test_a_missing_field_is_named_once_with_its_operation_and_pointer(mock: Mock):
    report = check(Twisted(mock, without_name), only="*Topic*/*").report

    (finding,) = [one for one in report.findings if one.verdict == "violation"]
    assert (finding.operation, finding.rule, finding.pointer) == (
        "createTopic",
        "answer-schema",
        "/name",
    )
    assert finding.reproduced
    assert finding.explains > 3  # rules that could not hold with it are not told one by one
    assert "requires" in finding.text
    assert report.exit_code == 1


def test_the_trace_is_as_short_as_it_can_be(mock: Mock):
    def odd(method: str, path: str, response: httpx.Response) -> httpx.Response:
        if method == "PATCH" and "/topics/" in path and response.status_code == 200:
            return changed(response, {**response.json(), "createTime": "yesterday"})
        return response

    report = check(Twisted(mock, odd), only="updateTopic/*").report

    (finding,) = [one for one in report.findings if one.rule == "answer-schema"]
    assert [one["operation"] for one in finding.trace] == ["createTopic", "updateTopic"]


def test_what_is_not_seen_again_is_inconclusive(mock: Mock):
    first = itertools.count()

    def once(method: str, path: str, response: httpx.Response) -> httpx.Response:
        if method == "POST" and path.endswith("/topics") and next(first) == 0:
            return changed(response, {})
        return response

    report = check(Twisted(mock, once), only="createTopic/*").report

    assert {one.verdict for one in report.findings} == {"inconclusive"}
    assert all("seen once, not again" in one.detail for one in report.findings)
    assert report.exit_code == 2


def test_a_rule_that_is_broken_is_tried_again_from_scratch(mock: Mock):
    def forgotten(method: str, path: str, response: httpx.Response) -> httpx.Response:
        if method == "GET" and path.endswith("/topics"):
            return changed(response, [one for one in response.json() if "-" not in one["name"]])
        return response

    report = check(Twisted(mock, forgotten), only="createTopic/*").report

    finding = next(one for one in report.findings if one.verdict == "violation")
    assert finding.reproduced
    assert finding.text
    assert [one["operation"] for one in finding.trace][-1] == "listTopics"


def test_a_server_error_is_told_when_it_repeats(mock: Mock):
    def defect(method: str, path: str, response: httpx.Response) -> httpx.Response:
        return httpx.Response(500) if path.endswith("/topics") else response

    report = check(Twisted(mock, defect), only="listTopics/*").report
    assert "listTopics answer-server-error" in {one.name for one in report.findings}
    assert report.exit_code == 1


def test_a_server_error_that_does_not_repeat_is_inconclusive(mock: Mock):
    count = itertools.count()

    def defect(method: str, path: str, response: httpx.Response) -> httpx.Response:
        listed = method == "GET" and path.endswith("/topics")
        return httpx.Response(500) if listed and next(count) == 1 else response

    report = check(Twisted(mock, defect), only="listTopics/*").report
    (finding,) = report.findings
    assert (finding.rule, finding.verdict) == ("answer-unsteady", "inconclusive")


def test_what_a_baseline_accepts_does_not_count_and_explains_nothing(mock: Mock):
    key = "createTopic answer-schema /name"
    known = Baseline((Accepted(key, "known: TICKET-1", _day("2026-03-01")),), _day("2026-02-01"))

    report = check(Twisted(mock, without_name), only="createTopic/*", baseline=known).report

    (accepted,) = [one for one in report.findings if one.accepted]
    assert (accepted.name, accepted.accepted) == (key, "known: TICKET-1")
    assert accepted.explains == 0


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)
