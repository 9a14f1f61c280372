"""What a read delivers: the envelope, the fields, the names and values that a customer chose."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.schemas import Schemas
from tests import worlds
from tests.conftest import START
from tests.hosting import PERSON, Hosted, install, mapped, mapped_manifest, plain
from tests.worlds import CONSUMER, GROUP, read_object

MINUTE = 60


@pytest.fixture(scope="module")
def messages() -> Schemas:
    return Schemas(read_yaml(spec_directory() / "webhook" / "webhook.yaml"))


def delivered(here: Hosted, name: str = "contact", **body: Any) -> list[dict[str, Any]]:
    """Trigger a read and return its messages."""
    assert here.read(name, **body).status == 201
    here.ear.advance(MINUTE)
    return here.heard("read")


def entries_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for message in found for entry in message["result"]]


def changed(here: Hosted, name: str = "contact") -> list[dict[str, Any]]:
    """Return what a read of the changes since the start delivers, entry by entry."""
    return entries_of(delivered(here, name, sinceTimestamp=START))


def test_a_message_is_what_the_contract_says(messages: Schemas):
    here = mapped()
    found = delivered(here, "person")

    assert len(found) >= 2
    for message in found:
        assert messages.violations("/components/schemas/WebhookMessage", message) == []


def test_the_envelope_tells_whose_records_they_are():
    here = mapped()
    here.created("person", familyName="Park")

    [message] = delivered(here, "person", sinceTimestamp=START)

    del message["result"]
    assert message == {
        "action": "read",
        "projectId": here.made["projectId"],
        "provider": "salesforce",
        "groupRef": GROUP,
        "groupName": GROUP,
        "consumerRef": CONSUMER,
        "consumerName": CONSUMER,
        "installationId": here.made["id"],
        "installationUpdateTime": START,
        "objectName": "person",
        "rawObjectName": "contact",
        "operationTime": "2026-02-01T12:00:01.000000Z",
        "operationId": message["operationId"],
        "readType": "triggered",
        "resultInfo": {"type": "inline", "numRecords": 1},
    }


def test_the_workspace_is_told_where_there_is_one():
    here = plain()
    with worlds.change(here.mock) as work:
        connection = work.tx.get("connections", here.made["connection"]["id"])
        assert connection is not None
        work.tx.put("connections", connection["id"], {**connection, "providerWorkspaceRef": "acme"})

    assert {message["workspace"] for message in delivered(here)} == {"acme"}


def test_fields_go_by_the_names_that_were_chosen():
    here = mapped()
    record = {"familyName": "Park", "givenName": "Ada", "priority": "High", "email": "a@x.example"}
    identifier = here.created("person", **record)

    [entry] = changed(here, "person")

    assert entry == {
        "fields": {"email": "a@x.example", "phone": None},
        "mappedFields": {"familyName": "Park", "givenName": "Ada", "priority": "urgent"},
        "raw": {
            "id": identifier,
            "firstname": "Ada",
            "lastname": "Park",
            "email": "a@x.example",
            "phone": None,
            "priority__c": "High",
        },
    }


def test_a_value_without_a_mapping_stays_the_providers():
    here = mapped()
    here.created("person", familyName="Park", priority="Medium")

    assert changed(here, "person")[0]["mappedFields"]["priority"] == "Medium"


def test_an_optional_field_that_is_not_selected_is_not_delivered():
    chosen = {**PERSON, "selectedFields": {"phone": False}}
    here = install(mapped_manifest(), read={"contact": chosen}, write={"person": {}})
    here.created("person", familyName="Park")

    [entry] = changed(here, "person")

    assert "phone" not in entry["fields"]
    assert "givenName" not in entry["mappedFields"]


def test_all_fields_are_delivered_when_all_are_selected():
    manifest = worlds.reading(read_object("account", requiredFields=["Name"]))
    here = install(manifest, read={"account": {"selectedFieldsAuto": "all"}})

    fields = entries_of(delivered(here, "account"))[0]["fields"]

    assert fields["Name"] == entries_of(here.heard("read"))[0]["raw"]["name"]
    assert {"industry", "annualrevenue", "$['billingaddress']['city']"} <= set(fields)
    assert "name" not in fields  # it is there under the manifest's own spelling


def test_a_nested_field_is_found_and_a_nested_name_expands():
    city = {"fieldName": "$['billingaddress']['city']"}
    country = {"fieldName": "billingcountry", "mapToName": "$['home']['country']"}
    manifest = worlds.reading(read_object("account", requiredFields=["name", city, country]))
    here = install(manifest, read={"account": {}})

    entry = entries_of(delivered(here, "account"))[0]

    assert entry["fields"]["$['billingaddress']['city']"] == entry["raw"]["billingaddress"]["city"]
    assert entry["mappedFields"] == {"home": {"country": entry["raw"]["billingcountry"]}}


def test_a_mapping_of_the_app_itself_is_delivered():
    dynamic = [{"mapToName": "job", "fieldName": "title"}, {"mapToName": "unasked"}]
    here = install(
        worlds.reading(read_object("contact", requiredFields=["lastname"])),
        read={"contact": {"dynamicMappingsInput": dynamic}},
    )

    entry = entries_of(delivered(here))[0]

    assert set(entry["mappedFields"]) == {"job"}


def test_a_provider_that_nobody_knows_has_whatever_was_asked_for():
    manifest = worlds.reading(
        read_object("issues", requiredFields=["title", "assignee"]), provider="github"
    )
    here = install(manifest, read={"issues": {}})

    entry = entries_of(delivered(here, "issues"))[0]

    assert isinstance(entry["fields"]["assignee"], str)


# ---------------------------------------------------------------- filters


def filtered(**read: Any) -> Hosted:
    fields = ["lastname", "company", "status", "annualrevenue", "donotcall"]
    history = {"defaultPeriod": {"fullHistory": True}}
    manifest = worlds.reading(
        read_object("lead", requiredFields=fields, backfill=history),
        write={"objects": [{"objectName": "lead"}]},
    )
    return install(manifest, read={"lead": read}, write={"lead": {}})


def condition(name: str, value: Any) -> dict[str, Any]:
    return {"fieldName": name, "operator": "eq", "value": value}


@pytest.mark.parametrize(
    ("name", "value"),
    [("company", "Match"), ("annualrevenue", 12), ("annualrevenue", "12"), ("donotcall", "true")],
)
def test_only_records_that_pass_the_filters_are_delivered(name: str, value: Any):
    here = filtered(fieldFilters=[condition("lastname", "Park"), condition(name, value)])
    good = {"lastname": "Park", "company": "Match", "annualrevenue": 12, "donotcall": True}
    for changes in ({}, {"lastname": "Other"}, {name: None if name != "company" else "No"}):
        here.created("lead", status="Open", **{**good, **changes})

    assert len(changed(here, "lead")) == 1


def test_a_backfill_has_filters_of_its_own():
    statuses = ["Open - Not Contacted", "Closed - Converted"]
    period = {"defaultPeriod": {"fullHistory": True}}
    here = filtered(
        fieldFilters=[condition("status", statuses[0])],
        backfill={**period, "fieldFilters": [condition("status", statuses[1])]},
    )
    here.ear.advance(MINUTE)
    backfilled = {entry["fields"]["status"] for entry in entries_of(here.heard("read"))}
    here.ear.forget()

    triggered = {entry["fields"]["status"] for entry in entries_of(delivered(here, "lead"))}

    assert (backfilled, triggered) == ({statuses[1]}, {statuses[0]})


def test_a_backfill_delivers_every_record_once_by_its_type():
    here = filtered()
    here.ear.advance(MINUTE)

    messages = here.heard("read")

    assert {message["readType"] for message in messages} == {"backfill"}
    numbers = sum(message["resultInfo"]["numRecords"] for message in messages)
    progress = here.client.get(
        f"{here.place.path}/{here.made['id']}/objects/lead/backfill-progress"
    ).json
    assert numbers == progress["recordsProcessed"] == progress["recordsEstimatedTotal"]
    ids = [entry["raw"]["id"] for entry in entries_of(messages)]
    assert len(set(ids)) == len(ids)


def test_a_scheduled_read_delivers_what_was_written():
    here = plain()
    here.created(lastname="Scheduled")
    here.ear.advance(1800 + MINUTE)

    [message] = here.heard("read")
    assert message["readType"] == "scheduled"
    assert [entry["fields"]["lastname"] for entry in message["result"]] == ["Scheduled"]
    here.ear.forget()
    here.ear.advance(1800)
    assert here.heard("read") == []
