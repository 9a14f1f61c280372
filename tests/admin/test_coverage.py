"""How much of the contracts was exercised, on the control plane."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.contract import load_hosts
from mockserver.coverage.report import build, merge, summarize
from tests.client import Client
from tests.conftest import make_mock
from tests.paths import path_of

PROJECT = "/projects/my-project"
TOPICS = f"{PROJECT}/topics"


def covered(control: Client, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = control.get(f"/coverage{query}").json
    return found


def row(report: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in report["operations"] if one["operationId"] == name]
    return found  # type: ignore[no-any-return] # it came as JSON


def answers(report: dict[str, Any], name: str) -> dict[str, int]:
    return {one["status"]: one["requests"] for one in row(report, name)["answers"]}


def test_nothing_is_exercised_at_first(control: Client):
    report = covered(control)

    assert report["sandboxes"] == ["default"]
    assert report["requests"] == 0
    assert report["summary"]["operations"] == {"covered": 0, "total": 87, "percent": 0.0}
    assert all(share["covered"] == 0 < share["total"] for share in report["summary"].values())


def test_answers_are_counted_as_they_are_declared(control: Client, client: Client):
    for name in ("one", "one", "two"):
        client.post(TOPICS, {"name": name})
    client.post(TOPICS, {})
    client.as_().post(TOPICS, {"name": "three"})

    report = covered(control)
    topics = row(report, "createTopic")
    assert answers(report, "createTopic") == {
        "201": 2,
        "400": 1,
        "409": 1,
        "422": 0,
        "default": 1,
    }
    assert topics["otherStatuses"] == [{"status": 401, "requests": 1}]
    assert topics["requests"] == 5
    assert topics["mediaTypes"] == [{"name": "application/json", "requests": 2}]
    created = next(one for one in topics["answers"] if one["status"] == "201")
    assert created["mediaTypes"] == [{"name": "application/json", "requests": 2}]
    summary = report["summary"]
    assert summary["operations"]["covered"] == 1
    assert summary["answers"]["covered"] == 4
    assert summary["mediaTypes"]["covered"] == 1
    assert summary["all"]["covered"] == 6


def test_parameters_count_in_calls_that_succeed(control: Client, client: Client):
    client.get("/operations?pageSize=0")
    client.get(f"{PROJECT}/connections?provider=x&other=1")
    client.get(f"{PROJECT}/connections?%70rovider=y&groupRef=")
    client.get("/projects/none/connections?consumerRef=1")

    given = {
        one["name"]: one["requests"]
        for one in row(covered(control), "listConnections")["parameters"]
    }
    assert given == {"provider": 2, "groupRef": 1, "consumerRef": 0}


def test_the_other_apis_count_too(control: Client, client: Client):
    name, operation = next(iter(load_hosts()["read"].operations.items()))
    client.call(operation.method, f"/read/v1{path_of(operation)}", root=True)

    report = covered(control)
    assert row(report, name)["requests"] == report["requests"] == 1


def test_an_answer_against_the_contract_exercises_nothing(control: Client, client: Client):
    mock = control.mock
    client.get(PROJECT)
    (entry,) = mock.observed.journals.of(mock.sandbox)
    entry.transport_fault = True
    mock.worlds.reset(mock.sandbox)
    mock.tallies.count(entry)

    project = row(covered(control), "getProject")
    assert (project["requests"], project["transportFaults"]) == (1, 1)
    assert covered(control)["summary"]["all"]["covered"] == 0


def test_a_full_journal_forgets_and_coverage_does_not():
    client = Client(make_mock(journal_entries=1))
    for _ in range(5):
        client.get(PROJECT)

    report = covered(Client(client.mock, prefix="/__admin"))
    assert answers(report, "getProject")["200"] == 5


def test_coverage_needs_no_journal():
    client = Client(make_mock(journal=False))
    client.get(PROJECT)

    assert covered(Client(client.mock, prefix="/__admin"))["requests"] == 1


def test_sandboxes_are_counted_each_or_together(client: Client):
    client = Client(make_mock())
    control = Client(client.mock, key=None, prefix="/__admin")
    client.get(PROJECT)
    client.get(TOPICS, headers={"x-mock-sandbox": "other"})

    both = covered(control, "?all=true")
    assert both["sandboxes"] == ["default", "other"]
    assert both["requests"] == 2
    assert covered(control)["requests"] == 1
    there = control.get("/coverage", headers={"x-mock-sandbox": "other"}).json
    assert answers(there, "listTopics")["200"] == 1

    assert control.delete("/coverage").status == 204
    assert covered(control)["requests"] == 0
    assert covered(control, "?all=true")["requests"] == 1
    assert control.delete("/coverage?all=true").status == 204
    assert covered(control, "?all=true")["requests"] == 0


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_switch_that_is_none_is_refused(control: Client, method: str):
    answer = control.call(method, "/coverage?all=maybe")

    assert (answer.status, answer.issue_names) == (400, ["all"])


def test_reports_are_added_up(control: Client, client: Client):
    client.get(PROJECT)
    one = covered(control)
    client.get(f"{PROJECT}?x=1")
    client.as_().get(PROJECT)
    two = covered(control)

    both = merge([one, two])
    assert answers(both, "getProject")["200"] == 3
    assert row(both, "getProject")["otherStatuses"] == [{"status": 401, "requests": 1}]
    assert both["requests"] == one["requests"] + two["requests"]
    assert both["summary"] == two["summary"]
    assert both["sandboxes"] == ["default"]
    assert merge([one]) == one


def test_reports_of_different_contracts_are_not_added_up(control: Client):
    mock = control.mock
    tally = mock.tallies.of(mock.sandbox)
    little = build({"/v1": {}}, tally, ["default"])

    with pytest.raises(ValueError, match="different contracts"):
        merge([covered(control), little])


def test_a_share_is_whole_only_when_everything_is_there():
    def of(numbers: list[int]) -> Any:
        row = {"requests": 1, "transportFaults": 0, "answers": [], "mediaTypes": []}
        return summarize([{**row, "parameters": [{"requests": one} for one in numbers]}])

    assert of([1] * 1999 + [0])["parameters"]["percent"] == 99.9
    assert of([1] * 2000)["parameters"]["percent"] == 100.0
    assert of([])["parameters"]["percent"] == 100.0
