"""Changing one object's config by JSON Patch, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.installing import LEAD, NOBODY, PROJECT, Place, content_of, place
from tests.worlds import GROUP


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def op(verb: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path, **({"value": value[0]} if value else {})}


def read_of(installation: dict[str, Any], name: str = "contact") -> dict[str, Any]:
    found: dict[str, Any] = content_of(installation)["read"]["objects"][name]
    return found


def test_changes_are_applied_in_order(here: Place):
    made = here.installed()

    changed = here.json_patch(
        "contact",
        op("replace", "/schedule", "0 * * * *"),
        op("add", "/selectedFields/title", True),
        op("remove", "/selectedFields/phone"),
        op("add", "/selectedFieldMappings", {"a": "title"}),
        op("replace", "/selectedFieldMappings/a", "department"),
    ).json

    assert read_of(changed) == {
        **read_of(made),
        "schedule": "0 * * * *",
        "selectedFields": {"email": True, "lastname": True, "title": True},
        "selectedFieldMappings": {"a": "department"},
    }
    assert changed["config"]["id"] != made["config"]["id"]
    assert here.stored(made) == changed


def test_the_installation_may_be_named_by_id(here: Place):
    made = here.installed()

    answer = here.json_patch("contact", op("add", "/disabled", True), installationId=made["id"])

    assert read_of(answer.json)["disabled"] is True


def test_lists_take_positions_and_their_end(here: Place):
    here.installed()
    one, two, three = ({"fieldName": f, "operator": "eq", "value": f} for f in ("email", "a", "b"))

    answer = here.json_patch(
        "contact",
        op("add", "/fieldFilters", [one]),
        op("add", "/fieldFilters/-", three),
        op("add", "/fieldFilters/1", two),
        op("replace", "/fieldFilters/0/value", None),
    )

    assert answer.status == 200, answer.body
    assert read_of(answer.json)["fieldFilters"] == [{**one, "value": None}, two, three]


def test_a_required_field_cannot_be_left_out_and_a_schedule_falls_back(here: Place):
    made = here.installed()

    changed = here.json_patch(
        "contact",
        op("remove", "/selectedFields"),
        op("remove", "/schedule"),
        op("remove", "/objectName"),
    ).json

    fields = {"email": True, "lastname": True}
    assert read_of(changed) == {**read_of(made), "selectedFields": fields}


@pytest.mark.parametrize("name", ["lead", "LEAD"])
def test_an_object_of_the_manifest_is_added_to_the_config(here: Place, name: str):
    here.installed()

    changed = here.json_patch(name, op("add", "/selectedFieldMappings/priority", "rating")).json

    assert read_of(changed, "lead")["selectedFieldMappings"] == LEAD["selectedFieldMappings"]
    assert read_of(changed, "lead")["schedule"] == "*/30 * * * *"


@pytest.mark.parametrize("verb", ["replace", "remove"])
def test_what_the_config_lacks_is_neither_replaced_nor_removed(here: Place, verb: str):
    here.installed()
    change = op(verb, "/schedule", *(["0 * * * *"] if verb == "replace" else []))

    refused = here.json_patch("lead", change)

    assert (refused.status, refused.issue_names) == (400, ["changes[0].path"])


def test_deletes_are_allowed_by_a_patch(here: Place):
    here.installed()

    answer = here.json_patch(
        "contact", op("add", "/deletionSettings", {"enabled": True}), action="write"
    )

    wanted = {"objectName": "contact", "deletionSettings": {"enabled": True}}
    assert content_of(answer.json)["write"]["objects"] == {"contact": wanted}


def test_a_subscription_is_changed_by_a_patch(here: Place):
    here.installed()

    answer = here.json_patch(
        "account", op("replace", "/createEvent/enabled", "never"), action="subscribe"
    )

    found = content_of(answer.json)["subscribe"]["objects"]["account"]
    assert found["createEvent"] == {"enabled": "never"}


FINE = op("add", "/disabled", True)


@pytest.mark.parametrize(
    "change",
    [
        op("remove", "/nothing"),
        op("remove", "/selectedFields/nothing"),
        op("replace", "/nothing", 1),
        op("replace", "/", 1),
        op("remove", "/"),
        op("add", "/nothing/inside", 1),
        op("add", "/nothing/-", 1),
        op("add", "/schedule/0", "x"),
        op("remove", "/schedule/0"),
        op("add", "/backfill/defaultPeriod/fullHistory/x", 1),
        op("add", "/fieldFilters/1", {}),
        op("add", "/dynamicMappingsInput/1", {}),
        op("replace", "/dynamicMappingsInput/-", {}),
        op("remove", "/dynamicMappingsInput/-"),
        op("remove", "/dynamicMappingsInput/0"),
        op("add", "/dynamicMappingsInput/-/x", {}),
        op("add", "/dynamicMappingsInput/-1", {}),
        op("add", "/dynamicMappingsInput/01", {}),
        op("add", f"/dynamicMappingsInput/{10**30}", {}),
        op("add", f"/dynamicMappingsInput/{'9' * 5000}", {}),
        op("remove", f"/dynamicMappingsInput/{'9' * 5000}"),
        op("add", "/selectedFields/~2", True),
        op("add", "/selectedFields/~", True),
        op("add", "schedule", "0 * * * *"),
        op("add", "", {}),
        op("remove", ""),
        op("add", "/a" * 2000, 1),
    ],
    ids=lambda change: f"{change['op']} {change['path'][:30]}",
)
def test_a_path_that_is_not_there_is_400_and_nothing_is_applied(here: Place, change: Any):
    made = here.installed()
    begin = op("add", "/dynamicMappingsInput", [])

    refused = here.json_patch("contact", FINE, begin, change, FINE)

    assert (refused.status, refused.issue_names) == (400, ["changes[2].path"])
    assert here.stored(made) == made


@pytest.mark.parametrize(
    "change",
    [
        op("replace", "/schedule", 5),
        op("replace", "/schedule", None),
        op("replace", "/selectedFields", []),
        op("add", "/selectedFields/email", "yes"),
        op("replace", "/selectedFieldMappings", [1]),
        op("replace", "/objectName", {}),
        op("replace", "/objectName", "lead"),
        op("add", "/disabled", "no"),
        op("replace", "/backfill", {}),
        op("replace", "/backfill/defaultPeriod", {"days": -1}),
        op("replace", "/backfill/defaultPeriod", {"days": 1.5}),
        op("replace", "/backfill/defaultPeriod", {}),
        op("add", "/fieldFilters", [1]),
        op("add", "/fieldFilters", {"0": {}}),
        op("add", "/selectedFields/no_such", True),
        op("replace", "/schedule", "* * * * *"),
    ],
)
def test_a_result_that_is_no_config_is_400_and_nothing_is_applied(here: Place, change: Any):
    made = here.installed()

    assert here.json_patch("contact", FINE, change).status == 400
    assert here.stored(made) == made


@pytest.mark.parametrize("verb", ["move", "copy", "test", "Add", ""])
def test_other_operations_are_refused(here: Place, verb: str):
    here.installed()
    change = {"op": verb, "path": "/schedule", "from": "/objectName", "value": "*/30 * * * *"}

    assert here.json_patch("contact", change).status == 400


@pytest.mark.parametrize("verb", ["add", "replace"])
def test_these_need_a_value(here: Place, verb: str):
    here.installed()

    refused = here.json_patch("contact", op(verb, "/schedule"))

    assert (refused.status, refused.issue_names) == (400, ["changes[0].value"])


def test_many_changes_cannot_nest_without_end(here: Place):
    here.installed()
    start = op("add", "/fieldFilters", [{"fieldName": "email", "operator": "eq", "value": {}}])
    deeper = [op("add", f"/fieldFilters/0/value{'/a' * n}", {}) for n in range(1, 400)]

    refused = here.json_patch("contact", start, *deeper)

    assert (refused.status, refused.issue_names) == (400, ["changes"])


def test_an_object_that_the_manifest_lacks_is_400(here: Place):
    here.installed()

    refused = here.json_patch("task", FINE)
    elsewhere = here.json_patch("lead", FINE, action="subscribe")

    assert (refused.status, refused.issue_names) == (400, ["objectName"])
    assert (elsewhere.status, elsewhere.issue_names) == (400, ["objectName"])


@pytest.mark.parametrize("who", [{"groupRef": "nobody"}, {"installationId": NOBODY}])
def test_an_absent_installation_is_404(here: Place, who: dict[str, str]):
    here.installed()

    refused = here.json_patch("contact", FINE, **who)

    assert (refused.status, refused.issue_names) == (404, list(who))


def test_an_installation_of_another_integration_is_404(here: Place):
    made = here.installed()
    path = f"{PROJECT}/integrations/my-integration/objects/contacts/config-content"

    for who in ({"groupRef": GROUP}, {"installationId": made["id"]}):
        body = {**who, "action": "read", "changes": [FINE]}
        assert here.client.patch(path, body).status == 404


def test_an_installation_is_named_one_way(here: Place):
    made = here.installed()
    path = f"{PROJECT}/integrations/{here.integration['id']}/objects/contact/config-content"
    rest = {"action": "read", "changes": [FINE]}

    assert here.client.patch(path, rest).status == 400
    assert (
        here.client.patch(path, {**rest, "groupRef": GROUP, "installationId": made["id"]}).status
        == 400
    )


@pytest.mark.parametrize(
    "part", [{"changes": []}, {"changes": [{}]}, {"changes": None}, {"action": "proxy"}]
)
def test_a_body_of_the_wrong_form_is_400(here: Place, part: dict[str, Any]):
    here.installed()
    path = f"{PROJECT}/integrations/{here.integration['id']}/objects/contact/config-content"
    body = {"groupRef": GROUP, "action": "read", "changes": [FINE], **part}

    assert here.client.patch(path, body).status == 400
