"""Operations, their logs and their pages, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources.operations import LOGS, OPERATIONS
from mockserver.rules import records
from mockserver.state.tables import Record
from tests import worlds
from tests.client import Client
from tests.installing import CONTACT, NOBODY, PROJECT, Place, everything, place
from tests.worlds import GROUP

PROD = "/projects/mailmonkey-prod"
HUBSPOT = f"{PROD}/integrations/hubspotIntegration/installations"
XYZ = "62d3e4f5-a6b7-4c8d-9e0f-1a2b3c4d5e02"
FAILED = "73e4f5a6-b7c8-4d9e-8f1a-2b3c4d5e6f02"
NEWEST = "73e4f5a6-b7c8-4d9e-8f1a-2b3c4d5e6f03"


@pytest.fixture
def prod(client: Client) -> Client:
    return client.as_(key="mock-prod-key")


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def add(mock: Mock, made: Record, count: int, status: str = "success") -> list[str]:
    """Give an installation some operations; return their ids, oldest first."""
    fields = {
        "projectId": made["projectId"],
        "integrationId": made["integrationId"],
        "installationId": made["id"],
        "configId": made["config"]["id"],
        "actionType": "write",
        "status": status,
    }
    with worlds.change(mock) as work:
        return [records.create(work, OPERATIONS, fields)["id"] for _ in range(count)]


def quiet(here: Place) -> dict[str, Any]:
    """Return an installation without any operation."""
    return here.installed(here.body({"write": {"objects": {}}}))


def path_of(here: Place, made: Record) -> str:
    return f"{here.path}/{made['id']}/operations"


def walk(client: Client, path: str, size: int) -> list[str]:
    """Return the ids of every page, one after the other."""
    ids, query = list[str](), f"?pageSize={size}"
    while True:
        page = client.get(f"{path}{query}").json
        assert 0 < len(page["results"]) <= size
        ids += [one["id"] for one in page["results"]]
        if page["pagination"] == {"done": True}:
            return ids
        assert page["pagination"].keys() == {"done", "nextPageToken"}
        assert page["pagination"]["done"] is False
        query = f"?pageSize={size}&pageToken={page['pagination']['nextPageToken']}"


def test_operations_of_the_fixture_are_listed_newest_first_and_found(prod: Client):
    page = prod.get(f"{HUBSPOT}/{XYZ}/operations").json

    assert [one["id"][-2:] for one in page["results"]] == ["03", "02", "01"]
    assert page["pagination"] == {"done": True}
    for one in page["results"]:
        assert prod.get(f"{PROD}/operations/{one['id']}").json == one


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_walk_meets_every_operation_once_in_order(here: Place, mock: Mock, size: int):
    made = quiet(here)
    ids = add(mock, made, 7)

    assert walk(here.client, path_of(here, made), size) == ids[::-1]


def test_without_operations_there_is_one_empty_page(here: Place):
    page = here.client.get(path_of(here, quiet(here))).json

    assert page == {"results": [], "pagination": {"done": True}}


def test_a_page_has_200_unless_told_otherwise(here: Place, mock: Mock):
    made = quiet(here)
    add(mock, made, 201)

    page = here.client.get(path_of(here, made)).json

    assert (len(page["results"]), page["pagination"]["done"]) == (200, False)


def test_pages_stay_what_they_are_while_operations_are_added(here: Place, mock: Mock):
    made = quiet(here)
    ids = add(mock, made, 4)[::-1]
    path = f"{path_of(here, made)}?pageSize=2"
    first = here.client.get(path).json
    late = add(mock, made, 3)[::-1]

    second = here.client.get(f"{path}&pageToken={first['pagination']['nextPageToken']}").json

    assert [one["id"] for one in second["results"]] == ids[2:]
    assert walk(here.client, path_of(here, made), 3) == [*late, *ids]


@pytest.mark.parametrize("size", ["0", "1001", "-1", "abc", "1.5", "", "9" * 40])
def test_a_page_has_1_to_1000_operations(here: Place, size: str):
    refused = here.client.get(f"{path_of(here, quiet(here))}?pageSize={size}")

    assert (refused.status, refused.issue_names) == (400, ["pageSize"])
    assert refused.issues[0]["in"] == "query"


@pytest.mark.parametrize("token", ["", "x", "AAAA", "%00", "%C3%A9", "/+==", "A" * 22, "A" * 500])
def test_a_token_that_was_never_given_out_is_400(here: Place, mock: Mock, token: str):
    made = quiet(here)
    add(mock, made, 2)

    refused = here.client.get(f"{path_of(here, made)}?pageToken={token}")

    assert (refused.status, refused.issue_names) == (400, ["pageToken"])


def test_a_token_belongs_to_one_installation_and_cannot_be_altered(here: Place, mock: Mock):
    worlds.add_connection(mock, group_ref="other-group")
    made = quiet(here)
    other = here.installed(here.body({"write": {"objects": {}}}, groupRef="other-group"))
    add(mock, made, 3)
    add(mock, other, 3)
    page = here.client.get(f"{path_of(here, made)}?pageSize=1").json
    token = page["pagination"]["nextPageToken"]

    assert here.client.get(f"{path_of(here, made)}?pageToken={token}").status == 200
    assert here.client.get(f"{path_of(here, other)}?pageToken={token}").status == 400
    for number, letter in enumerate(token):
        altered = f"{token[:number]}{'B' if letter != 'B' else 'C'}{token[number + 1 :]}"
        assert here.client.get(f"{path_of(here, made)}?pageToken={altered}").status == 400


def test_the_list_of_an_absent_installation_is_404(here: Place):
    assert here.client.get(f"{here.path}/{NOBODY}/operations").status == 404


@pytest.mark.parametrize("path", ["", "/logs"])
def test_an_absent_operation_and_that_of_another_project_are_404(client: Client, path: str):
    for wanted in (NOBODY, NEWEST):
        refused = client.get(f"{PROJECT}/operations/{wanted}{path}")

        assert refused.status == 404
        assert refused.json["retryable"] is False
        assert refused.json["remedy"]


def test_logs_are_told_oldest_first(prod: Client):
    lines = prod.get(f"{PROD}/operations/{FAILED}/logs").json

    assert [line["severity"] for line in lines] == ["INFO", "ERROR"]
    assert all(line["message"]["operation_id"] == FAILED for line in lines)
    assert prod.get(f"{PROD}/operations/{NEWEST}/logs").json == []


def test_the_last_status_is_that_of_the_newest_operation(here: Place, mock: Mock):
    made = quiet(here)

    for status in ("success", "failure", "in_progress", "success"):
        add(mock, made, 1, status)
        newest = here.client.get(f"{path_of(here, made)}?pageSize=1").json["results"][0]
        assert here.stored(made)["lastOperationStatus"] == newest["status"] == status


@pytest.mark.parametrize(
    ("statuses", "health"),
    [
        (["failure"] * 2, "healthy"),
        (["failure"] * 3, "unhealthy"),
        (["success"] + ["failure"] * 3, "unhealthy"),
        (["failure"] * 3 + ["success"], "healthy"),
        (["failure"] * 3 + ["in_progress"], "healthy"),
    ],
)
def test_three_failures_in_a_row_are_unhealthy_until_something_works(
    here: Place, mock: Mock, statuses: list[str], health: str
):
    made = quiet(here)
    for status in statuses:
        add(mock, made, 1, status)

    assert here.stored(made)["healthStatus"] == health


def test_operations_stay_readable_by_id_when_their_installation_is_gone(here: Place):
    made = here.installed(here.reading(contact=CONTACT))
    operation = here.client.get(path_of(here, made)).json["results"][0]
    before = here.client.get(f"{PROJECT}/operations/{operation['id']}").json

    here.client.delete(f"{here.path}/{made['id']}")

    after = here.client.get(f"{PROJECT}/operations/{operation['id']}").json
    assert after["id"] == before["id"]
    assert (before["status"], after["status"]) == ("in_progress", "failure")
    assert here.client.get(f"{PROJECT}/operations/{operation['id']}/logs").status == 200


def test_frontends_and_customers_do_not_see_operations(here: Place):
    made = here.installed(here.reading(contact=CONTACT))

    assert here.client.as_(key="mock-frontend-key").get(path_of(here, made)).status == 403


def test_logs_hold_the_lines_that_were_written_and_only_their_own_fields(here: Place, mock: Mock):
    operation = add(mock, quiet(here), 1)[0]
    line = {"timestamp": "2026-02-01T12:00:00Z", "severity": "DEBUG", "message": {"msg": "hello"}}
    with worlds.change(mock) as work:
        records.create(work, LOGS, {"operationId": operation, **line})

    assert here.client.get(f"{PROJECT}/operations/{operation}/logs").json == [line]


def test_a_subscription_makes_no_operation(here: Place):
    made = here.installed(here.body())
    assert everything()["subscribe"]
    assert made["group"]["groupRef"] == GROUP

    assert here.client.get(path_of(here, made)).json["results"] == []
