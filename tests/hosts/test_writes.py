"""Synchronous writes of one record: what the provider takes, and what the platform makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import worlds
from tests.conftest import START
from tests.hosting import Hosted, install, plain, store
from tests.worlds import change, read_object

DELETABLE: dict[str, Any] = {"deletionSettings": {"enabled": True}}


@pytest.fixture
def here() -> Hosted:
    return plain(**DELETABLE)


def first(here: Hosted, name: str = "contact") -> dict[str, Any]:
    """Return a record that the provider has from the seed."""
    with change(here.mock) as work:
        return dict(next(store(work, here, name).all()).fields)


def test_a_created_record_is_answered_and_found(here: Hosted):
    answer = here.write(record={"firstname": "Ada", "lastname": "Park", "email": "a@x.example"})

    assert answer.status == 200
    result = answer.json["result"]
    assert result["success"] is True
    assert result["recordId"].startswith("003")
    assert result["data"]["id"] == result["recordId"]
    assert result["data"]["name"] == "Ada Park"
    assert result["data"]["createddate"] == result["data"]["lastmodifieddate"] == START
    [found] = here.found(email="a@x.example")
    assert found["fields"] == {"email": "a@x.example", "firstname": "Ada", "lastname": "Park"}


def test_an_updated_record_keeps_what_was_not_written(here: Hosted):
    before = first(here)

    answer = here.write(kind="update", record={"id": before["id"], "phone": "+1 555-0100"})

    assert answer.status == 200
    changed = {"phone": "+1 555-0100", "lastmodifieddate": START, "systemmodstamp": START}
    assert answer.json["result"]["data"] == {**before, **changed}


def test_a_deleted_record_is_gone(here: Hosted):
    before = first(here)

    answer = here.write(kind="delete", record={"id": before["id"]})

    assert answer.json["result"] == {"success": True, "recordId": before["id"]}
    assert here.found(email=before["email"]) == []
    again = here.write(kind="delete", record={"id": before["id"]})
    assert again.status == 422


def test_a_name_follows_from_its_parts(here: Hosted):
    identifier = here.created(firstname="Ada", lastname="Park")

    answer = here.write(kind="update", record={"id": identifier, "lastname": "Parker"})

    assert answer.json["result"]["data"]["name"] == "Ada Parker"


def test_a_part_of_an_address_is_the_same_under_both_names(here: Hosted):
    identifier = here.created(lastname="Park", mailingcity="Oslo")
    nested = {"id": identifier, "$['mailingaddress']['country']": "Norway"}

    data = here.write(kind="update", record=nested).json["result"]["data"]

    assert (data["mailingcity"], data["mailingcountry"]) == ("Oslo", "Norway")
    assert data["mailingaddress"]["city"] == "Oslo"
    assert data["mailingaddress"]["country"] == "Norway"


@pytest.mark.parametrize("spelling", ["id", "Id", "ID"])
def test_the_id_may_be_spelled_any_way(here: Hosted, spelling: str):
    answer = here.write(kind="update", record={spelling: first(here)["id"], "phone": "1"})

    assert answer.status == 200


def test_field_names_may_be_spelled_as_salesforce_does(here: Hosted):
    answer = here.write(record={"LastName": "Park", "Email": "cased@x.example"})

    assert answer.json["result"]["data"]["email"] == "cased@x.example"


@pytest.mark.parametrize(
    ("kind", "record", "message"),
    [
        ("create", {"firstname": "Ada"}, "field lastname of contact is required"),
        ("create", {"lastname": ""}, "field lastname of contact is required"),
        ("create", {"lastname": "P", "shoe": 1}, "contact has no field shoe"),
        ("create", {"lastname": "P", "name": "X"}, "field name of contact is read-only"),
        ("create", {"lastname": "P", "id": "003"}, "field id of contact is read-only"),
        ("create", {"lastname": ["P"]}, "field lastname of contact takes a text"),
        ("create", {"lastname": "P", "donotcall": "maybe"}, "takes true or false"),
        ("create", {"lastname": "P", "birthdate": "soon"}, "takes a date like 2026-01-31"),
        ("create", {"lastname": "P", "accountid": {}}, "takes a text"),
        ("update", {"id": "003nobody", "phone": "1"}, "contact 003nobody does not exist"),
        ("update", {"id": "003nobody"}, "contact 003nobody does not exist"),
        ("delete", {"id": "003nobody"}, "contact 003nobody does not exist"),
    ],
)
def test_what_the_provider_refuses_is_422_with_an_operation(
    here: Hosted, kind: str, record: dict[str, Any], message: str
):
    refused = here.write(kind=kind, record=record)

    assert refused.status == 422
    assert refused.media_type == "application/json"
    assert message in refused.json["errors"][0]["message"]
    assert refused.json["result"] == {"success": False}
    operation = here.operation(refused.json["operationId"])
    assert operation["status"] == "failure"
    assert operation["result"] == "[contact] Error writing to provider"


def test_a_required_field_cannot_be_emptied(here: Hosted):
    refused = here.write(kind="update", record={"id": first(here)["id"], "lastname": None})

    assert refused.status == 422
    assert "cannot be emptied" in refused.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("donotcall", "true", True),
        ("donotcall", False, False),
        ("birthdate", "1990-05-17", "1990-05-17"),
        ("languages__c", ["French", "German"], "French;German"),
        ("leadsource", "Telegram", "Telegram"),
        ("title", None, None),
    ],
)
def test_values_are_kept_as_their_field_has_them(here: Hosted, name: str, given: Any, kept: Any):
    answer = here.write(record={"lastname": "P", name: given})

    assert answer.json["result"]["data"][name] == kept


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [("annualrevenue", "12.5", 12.5), ("numberofemployees", "7", 7), ("numberofemployees", 7.0, 7)],
)
def test_numbers_may_come_as_text(name: str, given: Any, kept: Any):
    manifest = worlds.manifest(
        read={"objects": [read_object("account", requiredFields=["name"])]},
        write={"objects": [{"objectName": "account"}]},
    )
    here = install(manifest, read={"account": {}}, write={"account": {}})

    answer = here.write("account", record={"name": "Acme", name: given})
    wrong = here.write("account", record={"name": "Acme", name: "many"})

    assert answer.json["result"]["data"][name] == kept
    assert wrong.status == 422


def test_hubspot_takes_only_values_of_its_lists():
    here = plain("hubspot")

    fine = here.write("contacts", record={"lifecyclestage": "lead"})
    wrong = here.write("contacts", record={"lifecyclestage": "mystery"})

    assert fine.status == 200
    assert wrong.status == 422
    assert "takes one of" in wrong.json["errors"][0]["message"]


def test_a_provider_that_nobody_knows_takes_anything():
    here = plain("github")

    answer = here.write(record={"whatever": {"deep": [1]}, "lastname": "P"})

    assert answer.status == 200
    assert answer.json["result"]["data"]["whatever"] == {"deep": [1]}


# ---------------------------------------------------------------- operations and logs


def test_a_write_leaves_an_operation_with_logs(here: Hosted):
    answer = here.write(record={"lastname": "Park"})

    operation = here.operation(answer.json["operationId"])
    assert operation["actionType"] == "write"
    assert (operation["status"], operation["result"]) == ("success", "[contact] Write completed")
    assert operation["metadata"] == {
        "objects": ["contact"],
        "successfulRecordIds": [answer.json["result"]["recordId"]],
    }
    assert [line["severity"] for line in here.logs(operation["id"])] == ["DEBUG", "INFO"]
    made = here.place.stored(here.made)
    assert made["lastOperationStatus"] == "success"
    assert made["connection"]["status"] == "working"


def test_a_failed_write_says_why_in_the_log(here: Hosted):
    refused = here.write(record={"shoe": 1, "lastname": "P"})

    errors = [
        line["message"]["error"]
        for line in here.logs(refused.json["operationId"])
        if line["severity"] == "ERROR"
    ]
    assert errors == ["contact has no field shoe"]


def test_bad_credentials_are_the_providers_refusal(here: Hosted):
    here.drill("bad_credentials")

    refused = here.write(record={"lastname": "Park"})

    assert refused.status == 422
    assert "401" in refused.json["errors"][0]["message"]
    assert here.place.stored(here.made)["connection"]["status"] == "bad_credentials"
    assert here.write(record={"lastname": "Park"}).status == 422


# ---------------------------------------------------------------- the sandbox


def test_writes_are_undone_by_a_restore_and_by_a_reset(here: Hosted):
    sandbox = here.mock.sandbox
    taken = sandbox.snapshot()
    identifier = here.created(lastname="Nowhere")

    sandbox.restore(taken)
    assert here.found(lastname="Nowhere") == []
    assert here.created(lastname="Nowhere") == identifier  # the same seed, the same number


def test_another_group_has_another_account(here: Hosted):
    here.created(email="mine@x.example", lastname="P")
    with change(here.mock) as work:
        mine = store(work, here, "contact")
        theirs = replace(mine, account=replace(mine.account, group_ref="another"))
        emails = [held.fields["email"] for held in theirs.all()]

    assert "mine@x.example" not in emails
