"""What the journal says of answers that were arranged."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.faulting import TOPICS, arm, control_of

LIST = {"operationId": "listTopics"}


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


def latest(control: Client) -> Any:
    return control.get("/requests?limit=1").json["requests"][0]


def test_a_rule_is_named_and_a_legal_answer_is_no_fault(control: Client, client: Client):
    made = arm(control, LIST, {"status": 503}, name="down")
    client.get(TOPICS)

    entry = latest(control)

    assert entry["rule"] == {"id": made["id"], "name": "down"}
    assert entry["operationId"] == "listTopics"
    assert "transportFault" not in entry


def test_what_no_contract_allows_is_a_transport_fault(control: Client, client: Client):
    arm(control, LIST, {"jsonBody": {"no": "list"}}, allowInvalid=True)
    client.get(TOPICS)

    assert latest(control)["transportFault"] is True


def test_what_is_preferred_is_marked(control: Client, client: Client, anonymous: Client):
    client.get(TOPICS, headers={"Prefer": "code=404, wait=1"})
    assert latest(control)["preferred"] == "code=404"

    anonymous.get(TOPICS, headers={"Prefer": "code=401"})
    entry = latest(control)
    assert entry["preferred"] == "code=401"
    assert entry["violations"] == []  # it was wanted

    client.get(TOPICS)
    assert "preferred" not in latest(control)


def test_a_delay_names_its_rule_too(control: Client, client: Client):
    made = arm(control, LIST, {"proceed": True})
    client.get(TOPICS)

    assert latest(control)["rule"]["id"] == made["id"]
    assert latest(control)["response"]["status"] == 200


def test_faults_count_for_no_coverage(control: Client, client: Client):
    control.delete("/coverage")
    arm(control, LIST, {"jsonBody": {"no": "list"}}, allowInvalid=True)
    client.get(TOPICS)

    operations = control.get("/coverage").json["operations"]
    (line,) = [one for one in operations if one["operationId"] == "listTopics"]

    assert (line["requests"], line["transportFaults"]) == (1, 1)
    assert not any(answer["count"] for answer in line["answers"] if "count" in answer)
