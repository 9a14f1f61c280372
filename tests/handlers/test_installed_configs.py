"""What an installation's config is made of: completed from the manifest, checked, refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.installing import CONTACT, LEAD, Place, content_of, everything, place
from tests.worlds import manifest, read_object, reading

HISTORY = {"defaultPeriod": {"fullHistory": True}}


@pytest.fixture
def here(client: Client, mock: Mock) -> Place:
    return place(client, mock)


def test_a_read_object_is_completed_from_the_manifest(here: Place):
    made = here.installed(here.reading(contact={"objectName": "contact"}, lead=LEAD))

    assert content_of(made)["read"]["objects"] == {
        "contact": {
            "objectName": "contact",
            "schedule": "*/30 * * * *",
            "destination": "contactWebhook",
            "selectedFields": {"email": True, "lastname": True},
            "selectedFieldMappings": {},
            "backfill": HISTORY,
        },
        "lead": {
            "objectName": "lead",
            "schedule": "*/30 * * * *",
            "destination": "contactWebhook",
            "selectedFields": {"lastname": True, "company": True},
            "selectedFieldMappings": {"priority": "rating"},
        },
    }


def test_what_is_given_stays_and_required_fields_are_selected_all_the_same(here: Place):
    given = {
        "objectName": "contact",
        "schedule": "0 * * * *",
        "destination": "elsewhere",
        "selectedFields": {"phone": True, "email": False},
        "selectedFieldMappings": {"mobile": "mobilephone"},
        "selectedValueMappings": {},
        "dynamicMappingsInput": [],
        "backfill": {"defaultPeriod": {"days": 0}},
    }

    found = content_of(here.installed(here.reading(contact=given)))["read"]["objects"]["contact"]

    assert found == {
        **given,
        "selectedFields": {"phone": True, "email": True, "lastname": True},
    }


def test_keys_that_the_contract_does_not_know_are_ignored(here: Place):
    body = here.reading(contact={**CONTACT, "invented": 1})
    body["config"]["content"]["invented"] = body["invented"] = 1

    made = here.installed(body)

    assert "invented" not in content_of(made)
    assert "invented" not in content_of(made)["read"]["objects"]["contact"]


def test_what_react_sends_for_a_first_write_tab_is_taken(here: Place):
    content = {
        "read": {"objects": {}},
        "write": {"objects": {"lead": {"objectName": "lead"}}},
        "proxy": {"enabled": True},
    }

    found = content_of(here.installed(here.body(content)))

    assert {name: found[name] for name in content} == content


def test_subscriptions_come_from_the_manifest_when_none_are_given(here: Place):
    found = content_of(here.installed(here.body()))

    assert found == {
        "provider": "salesforce",
        "subscribe": {
            "objects": {
                "account": {
                    "objectName": "account",
                    "destination": "contactWebhook",
                    "inheritFieldsAndMappings": True,
                    "createEvent": {"enabled": "always"},
                    "updateEvent": {"enabled": "always"},
                }
            }
        },
    }


def test_subscriptions_that_are_given_are_completed(here: Place):
    never = {"objectName": "account", "createEvent": {"enabled": "never"}}

    made = here.installed(here.body({"subscribe": {"objects": {"account": never}}}))

    found = content_of(made)["subscribe"]["objects"]["account"]
    assert found["createEvent"] == {"enabled": "never"}
    assert found["destination"] == "contactWebhook"
    assert found["inheritFieldsAndMappings"] is True


@pytest.mark.parametrize("proxy", [{}, {"proxy": {"enabled": True}}, {"proxy": {}}])
def test_an_integration_that_only_proxies_installs_itself(
    client: Client, mock: Mock, proxy: dict[str, Any]
):
    here = place(client, mock, manifest("intercom"))

    found = content_of(here.installed(here.body(proxy)))

    wanted = {"proxy": {"enabled": bool(proxy.get("proxy"))}} if proxy else {}
    assert found == {"provider": "intercom", **wanted}


def test_an_object_and_a_schedule_are_enough(client: Client, mock: Mock):
    issues = read_object("issues", requiredFields=["title"])
    here = place(client, mock, reading(issues, provider="github"))
    given = {"objectName": "issues", "schedule": "*/30 * * * *"}

    assert here.create(here.reading(issues=given)).status == 201


def wrong(**fields: Any) -> dict[str, Any]:
    """Return a content with something wrong in what it reads of contacts."""
    return {"read": {"objects": {"contact": {**CONTACT, **fields}}}}


def backfill(**period: Any) -> dict[str, Any]:
    return wrong(backfill={"defaultPeriod": period})


def filters(*fields: str) -> dict[str, Any]:
    return wrong(fieldFilters=[{"fieldName": f, "operator": "eq", "value": 1} for f in fields])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"provider": "hubspot"}, "provider"),
        ({"read": {"objects": {"task": {"objectName": "task"}}}}, "read.objects.task"),
        ({"write": {"objects": {"task": {"objectName": "task"}}}}, "write.objects.task"),
        ({"subscribe": {"objects": {"lead": {"objectName": "lead"}}}}, "subscribe.objects.lead"),
        (wrong(objectName="lead"), "read.objects.contact.objectName"),
        (
            {"read": {"objects": {"lead": {"objectName": "lead"}}}},
            "read.objects.lead.selectedFieldMappings.priority",
        ),
        (
            {
                "read": {
                    "objects": {
                        "lead": {
                            "objectName": "lead",
                            "selectedFieldMappings": {"priority": "rating", "employer": "title"},
                        }
                    }
                }
            },
            "read.objects.lead.selectedFieldMappings.employer",
        ),
        (wrong(selectedFields={"no_such": True}), "read.objects.contact.selectedFields.no_such"),
        (
            wrong(selectedFieldMappings={"a": "no_such"}),
            "read.objects.contact.selectedFieldMappings.a",
        ),
        (wrong(schedule="every day"), "read.objects.contact.schedule"),
        (wrong(schedule="*/5 * * * *"), "read.objects.contact.schedule"),
        (backfill(), "read.objects.contact.backfill.defaultPeriod"),
        (backfill(days=3, fullHistory=True), "read.objects.contact.backfill.defaultPeriod"),
        (filters("email", "email"), "read.objects.contact.fieldFilters[0].fieldName"),
        (
            wrong(fieldFilters=[{"fieldName": "email", "operator": "eq"}]),
            "read.objects.contact.fieldFilters[0].value",
        ),
    ],
)
def test_a_config_that_is_not_allowed_is_422_with_its_place(
    here: Place, content: dict[str, Any], name: str
):
    refused = here.create(here.body(content))

    assert refused.status == 422
    assert refused.issue_names[0] == f"config.content.{name}"
    assert refused.json["remedy"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"groupRef": "g"},
        {"config": {"content": {"provider": "salesforce"}}},
        {"groupRef": "g", "config": {}},
        {"groupRef": "g", "config": {"content": {}}},
        {"groupRef": 5, "config": {"content": {"provider": "salesforce"}}},
        {"groupRef": "g", "config": {"content": {"provider": "salesforce", "read": {}}}},
        {"groupRef": "g", "config": {"content": {"provider": "salesforce", "read": None}}},
    ],
)
def test_a_body_of_the_wrong_form_is_400(here: Place, body: dict[str, Any]):
    assert here.create(body).status == 400


def test_every_mistake_is_named_at_once(here: Place):
    refused = here.create(here.body(wrong(schedule="x", selectedFields={"a": True, "b": True})))

    assert [name.rpartition(".")[2] for name in refused.issue_names] == ["schedule", "a", "b"]


def test_filters_are_for_providers_that_have_them(client: Client, mock: Mock):
    contacts = read_object("contacts", requiredFields=["email"])
    here = place(client, mock, reading(contacts, provider="apollo"))
    given = {
        "objectName": "contacts",
        "fieldFilters": [{"fieldName": "email", "operator": "eq", "value": "x"}],
    }

    refused = here.create(here.reading(contacts=given))

    assert refused.status == 422
    assert refused.issue_names == ["config.content.read.objects.contacts.fieldFilters"]


def test_the_proxy_must_be_in_the_manifest(client: Client, mock: Mock):
    here = place(client, mock, everything(proxy={"enabled": False}))

    refused = here.create(here.body({"proxy": {"enabled": True}}))

    assert (refused.status, refused.issue_names) == (422, ["config.content.proxy.enabled"])


@pytest.mark.parametrize(("auto", "status"), [(None, 422), ("all", 201)])
def test_a_read_object_needs_something_to_read(
    client: Client, mock: Mock, auto: str | None, status: int
):
    here = place(client, mock, reading(read_object("task", optionalFields=["subject"])))
    given = {"objectName": "task", **({"selectedFieldsAuto": auto} if auto else {})}

    assert here.create(here.reading(task=given)).status == status


def test_without_a_sample_read_any_field_is_taken():
    mock = make_mock(sample_read=False)
    here = place(Client(mock), mock)

    assert here.create(here.body(wrong(selectedFields={"no_such": True}))).status == 201
