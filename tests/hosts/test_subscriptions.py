"""Events about changes at the provider, for the installations that subscribe to them."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.schemas import Schemas
from tests import worlds
from tests.hosting import Hosted, install
from tests.worlds import GROUP, read_object

ALWAYS = {"enabled": "always"}
EVERY: dict[str, Any] = {
    "createEvent": ALWAYS,
    "updateEvent": {**ALWAYS, "watchFieldsAuto": "all"},
    "deleteEvent": ALWAYS,
}
WRITABLE = {"deletionSettings": {"enabled": True}}


def subscribed(provider: str = "salesforce", **events: Any) -> Hosted:
    """Return an installation that subscribes to contacts, which it reads as people."""
    name = "contacts" if provider == "hubspot" else "contact"
    read = read_object(
        name,
        mapToName="person",
        requiredFields=["email", {"fieldName": "lastname", "mapToName": "familyName"}],
    )
    watched = {
        "objectName": name,
        "destination": "contactWebhook",
        "inheritFieldsAndMapping": True,
        **events,
    }
    objects = [{"objectName": name}]
    if provider == "hubspot":
        objects.append({"objectName": "companies"})
    manifest = worlds.manifest(
        provider,
        read={"objects": [read]},
        write={"objects": objects},
        subscribe={"objects": [watched]},
    )
    write = {one["objectName"]: WRITABLE for one in objects}
    return install(manifest, read={name: {}}, write=write)


@pytest.fixture
def here() -> Hosted:
    return subscribed(**EVERY)


def events(here: Hosted) -> list[dict[str, Any]]:
    return [entry for message in here.heard("subscribe") for entry in message["result"]]


def test_every_kind_of_change_is_told(here: Hosted):
    schemas = Schemas(read_yaml(spec_directory() / "webhook" / "webhook.yaml"))
    identifier = here.created(lastname="Park", email="a@x.example")
    here.write(kind="update", record={"id": identifier, "lastname": "Parker"})
    here.write(kind="delete", record={"id": identifier})

    messages = here.heard("subscribe")
    created, updated, deleted = events(here)
    for message in messages:
        assert schemas.violations("/components/schemas/WebhookMessage", message) == []
        assert message["action"] == "subscribe"
        assert (message["objectName"], message["rawObjectName"]) == ("person", "contact")
        assert not {"operationId", "readType"} & set(message)
    kinds = [one["subscribeEventType"] for one in (created, updated, deleted)]
    assert kinds == ["create", "update", "delete"]
    assert {one["id"] for one in (created, updated, deleted)} == {identifier}
    assert created["mappedFields"] == {"familyName": "Park"}
    assert created["fields"] == {"email": "a@x.example"}
    assert updated["mappedFields"] == {"familyName": "Parker"}
    assert set(updated["fieldsUpdated"]) == {"lastname", "name"}
    assert "fields" not in deleted
    assert updated["rawEvent"]["ChangeEventHeader"]["changeType"] == "UPDATE"


def test_a_record_of_the_seed_is_told_of_too(here: Hosted):
    everything = {"objectName": "contact", "fieldFilters": []}
    page = here.post("search", f"{here.path}?groupRef={GROUP}", everything).json["result"]
    here.write(kind="update", record={"id": page[0]["raw"]["id"], "phone": "1"})

    assert [one["fieldsUpdated"] for one in events(here)] == [["phone"]]


def test_the_changes_of_a_batch_come_in_one_message(here: Hosted):
    here.write(batch=[{"record": {"lastname": "One"}}, {"record": {"lastname": "Two"}}])

    [message] = here.heard("subscribe")
    assert message["resultInfo"] == {"type": "inline", "numRecords": 2}


def test_what_was_refused_is_not_told(here: Hosted):
    here.write(record={"shoe": 1})

    assert here.heard("subscribe") == []


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({}, []),
        ({"createEvent": ALWAYS}, ["create"]),
        ({"deleteEvent": ALWAYS}, ["delete"]),
        ({"updateEvent": {**ALWAYS, "watchFieldsAuto": "all"}}, ["update"]),
    ],
)
def test_only_what_is_subscribed_to_is_told(declared: dict[str, Any], told: list[str]):
    here = subscribed(**{"otherEvents": ["UNDELETE"], **declared})
    identifier = here.created(lastname="Park")
    here.write(kind="update", record={"id": identifier, "phone": "1"})
    here.write(kind="delete", record={"id": identifier})

    assert [one["subscribeEventType"] for one in events(here)] == told


@pytest.mark.parametrize(
    ("watched", "told"),
    [
        ({"requiredWatchFields": ["phone"]}, ["phone"]),
        ({"requiredWatchFields": ["Phone", "title"]}, ["phone", "title"]),
        ({"watchFieldsAuto": "selected"}, ["email"]),
        ({"watchFieldsAuto": "all"}, ["phone", "title", "email"]),
    ],
)
def test_an_update_is_told_when_a_watched_field_changes(watched: dict[str, Any], told: list[str]):
    here = subscribed(updateEvent={**ALWAYS, **watched})
    identifier = here.created(lastname="Park")
    for name in ("phone", "title", "email"):
        for _ in range(2):  # the second time, nothing changes
            here.write(kind="update", record={"id": identifier, name: f"new {name}"})

    assert [one["fieldsUpdated"] for one in events(here)] == [[name] for name in told]


def test_a_customer_may_turn_an_event_off(here: Hosted):
    config: dict[str, Any] = {**EVERY, "createEvent": {"enabled": "never"}, "objectName": "contact"}
    config |= {"destination": "contactWebhook", "inheritFieldsAndMappings": True}
    here.place.configure(
        here.made, "subscribe.objects.contact", subscribe={"objects": {"contact": config}}
    )
    here.created(lastname="Park")

    assert here.heard("subscribe") == []


def test_another_groups_installation_hears_nothing(here: Hosted):
    other = worlds.add_connection(here.mock, "salesforce", group_ref="another")
    body = here.place.reading(contact={"objectName": "contact"})
    made = here.client.post(
        here.place.path, {**body, "groupRef": "another", "connectionId": other["id"]}
    )
    assert made.status == 201, made.body
    here.created(lastname="Park")

    assert {message["groupRef"] for message in here.heard("subscribe")} == {GROUP}


def test_hubspots_events_have_its_own_names():
    here = subscribed("hubspot", **EVERY)
    identifier = here.created("contacts", lastname="Park", email="a@x.example")
    here.write("contacts", "update", record={"id": identifier, "email": "b@x.example"})

    assert [one["providerEventType"] for one in events(here)] == [
        "contact.creation",
        "contact.propertyChange",
    ]


# ---------------------------------------------------------------- associations


def link(identifier: str) -> list[dict[str, Any]]:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
    return [{"to": {"id": identifier}, "types": types}]


@pytest.mark.parametrize("full", [True, False])
def test_a_new_link_is_told_with_both_records(full: bool):
    event = {**ALWAYS, "includeFullRecords": full}
    here = subscribed("hubspot", associationChangeEvent=event)
    company = here.created("companies", name="Acme")

    answer = here.write("contacts", record={"lastname": "Park"}, associations=link(company))

    [told] = events(here)
    assert told["subscribeEventType"] == "associationUpdate"
    assert told["fromRecord"]["id"] == answer.json["result"]["recordId"]
    assert (told["toRecord"]["id"], told["toRecord"]["objectName"]) == (company, "companies")
    assert ("raw" in told["toRecord"]) is full


def test_a_linked_record_is_delivered_with_the_one_it_is_linked_to():
    here = subscribed("hubspot", **EVERY)
    company = here.created("companies", name="Acme")
    here.write("contacts", record={"lastname": "Linked"}, associations=link(company))
    here.created("contacts", lastname="Alone")

    [linked] = here.found("contacts", lastname="Linked")
    [alone] = here.found("contacts", lastname="Alone")

    assert [one["id"] for one in linked["associations"]["companies"]] == [company]
    assert linked["associations"]["companies"][0]["raw"]["name"] == "Acme"
    assert "associations" not in alone


@pytest.mark.parametrize("given", [[{}], [{"to": 1}], [{"to": {"id": "nobody"}}]])
def test_a_link_that_leads_nowhere_is_kept_and_not_delivered(given: list[Any]):
    here = subscribed("hubspot", associationChangeEvent=ALWAYS)

    answer = here.write("contacts", record={"lastname": "Linked"}, associations=given)

    assert answer.status == 200
    assert events(here) == []
    assert "associations" not in here.found("contacts", lastname="Linked")[0]
