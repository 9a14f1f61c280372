"""A revision, completed with what a customer's provider account knows."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources import hydration
from mockserver.rules.errors import Kind, Refused
from tests.worlds import (
    add_connection,
    add_integration,
    catalog,
    change,
    get_connection,
    manifest,
    read_object,
    reading,
)


def hydrate(mock: Mock, content: dict[str, Any], **connection: Any) -> dict[str, Any]:
    integration = add_integration(mock, content)
    made = add_connection(mock, **{"provider": content["provider"], **connection})
    with change(mock) as work:
        revision = work.tx.get("revisions", integration["latestRevisionId"])
        assert revision is not None
        hydrated = hydration.hydrate(work, catalog(), revision, made)
    pointer = "/components/schemas/HydratedRevision"
    assert mock.contract.response_schemas.violations(pointer, hydrated) == []
    return hydrated


def read(mock: Mock, *declared: dict[str, Any], provider: str = "salesforce") -> dict[str, Any]:
    hydrated = hydrate(mock, reading(*declared, provider=provider))
    found: dict[str, Any] = hydrated["content"]["read"]["objects"][0]
    return found


def test_a_hydrated_revision_is_the_revision_with_another_content(mock: Mock):
    integration = add_integration(mock, reading(read_object("contact")))
    with change(mock) as work:
        revision = work.tx.get("revisions", integration["latestRevisionId"])
        assert revision is not None
        hydrated = hydration.hydrate(work, catalog(), revision, add_connection(mock))

    assert {k: hydrated[k] for k in ("id", "specVersion", "createTime")} == {
        k: revision[k] for k in ("id", "specVersion", "createTime")
    }
    assert hydrated.keys() == {"id", "specVersion", "createTime", "content"}


def test_what_the_hydrated_form_has_no_place_for_is_left_out(mock: Mock):
    content = hydrate(
        mock,
        reading(
            read_object(
                "contact", delivery={"mode": "auto"}, backfill={"defaultPeriod": {"days": 30}}
            ),
            displayName="Sync",
            subscribe={"objects": [{"objectName": "contact", "destination": "d"}]},
            watchSchema={"destination": "d", "allObjects": {}},
            proxy={"enabled": True, "useModule": False},
        ),
    )["content"]

    assert content.keys() == {"name", "displayName", "provider", "read", "proxy"}
    assert content["proxy"] == {"enabled": True, "useModule": False}
    assert content["read"]["objects"][0]["backfill"] == {"defaultPeriod": {"days": 30}}
    assert "delivery" not in content["read"]["objects"][0]


def test_parts_that_the_manifest_does_not_have_are_absent(mock: Mock):
    content = hydrate(mock, manifest())["content"]

    assert content == {
        "name": "salesforce-in-orbit",
        "provider": "salesforce",
        "proxy": {"enabled": True},
    }


def test_an_object_has_the_providers_label_and_the_manifests_words(mock: Mock):
    one = read(
        mock,
        read_object("Contacts", mapToName="people", mapToDisplayName="People"),
        provider="hubspot",
    )

    assert one["objectName"] == "Contacts"
    assert one["displayName"] == "Contacts"
    assert (one["mapToName"], one["mapToDisplayName"]) == ("people", "People")
    assert one["destination"] == "contactWebhook"
    assert "requiredFields" not in one


def test_an_object_without_a_schedule_shows_an_empty_one(mock: Mock):
    declared = read_object("contact")
    del declared["schedule"]

    assert read(mock, declared)["schedule"] == ""


def test_existing_fields_get_the_providers_label(mock: Mock):
    one = read(
        mock,
        read_object(
            "account",
            requiredFields=["phone", {"fieldName": "Name", "mapToName": "title"}],
            optionalFields=["$['billingaddress']['city']", "shoeSize"],
        ),
    )

    assert one["requiredFields"] == [
        {"fieldName": "phone", "displayName": "Account Phone"},
        {"fieldName": "Name", "displayName": "Account Name", "mapToName": "title"},
    ]
    assert one["optionalFields"] == [
        {"fieldName": "$['billingaddress']['city']", "displayName": "Billing City"},
        {"fieldName": "shoeSize", "displayName": "Shoe Size"},
    ]


def test_fields_to_be_mapped_stay_as_they_are(mock: Mock):
    mapping = {
        "mapToName": "priority",
        "mapToDisplayName": "Priority Score",
        "default": "priority__c",
        "prompt": "Which field holds the priority?",
    }

    one = read(mock, read_object("lead", requiredFields=[mapping]))

    assert one["requiredFields"] == [mapping]


def test_all_optional_fields_are_those_that_are_not_required(mock: Mock):
    one = read(
        mock,
        read_object(
            "contact",
            requiredFields=["LastName", "email", {"mapToName": "notes"}],
            optionalFields=[{"fieldName": "phone", "mapToName": "tel"}],
            optionalFieldsAuto="all",
        ),
    )

    names = [field["fieldName"] for field in one["optionalFields"]]
    assert one["optionalFieldsAuto"] == "all"
    assert one["optionalFields"][0]["mapToName"] == "tel"
    assert len(set(names)) == len(names)
    assert set(names) == set(one["allFieldsMetadata"]) - {"lastname", "email"}


def test_without_auto_only_the_listed_fields_are_optional(mock: Mock):
    one = read(mock, read_object("contact", optionalFields=["phone"]))

    assert [field["fieldName"] for field in one["optionalFields"]] == ["phone"]
    assert len(one["allFieldsMetadata"]) > 10


def test_all_fields_are_listed_twice_as_metadata_and_as_labels(mock: Mock):
    one = read(mock, read_object("contact"))

    assert one["allFields"] == [
        {"fieldName": name, "displayName": field["displayName"]}
        for name, field in one["allFieldsMetadata"].items()
    ]
    assert one["allFieldsMetadata"]["salutation"]["valueType"] == "singleSelect"


def test_an_unknown_object_carries_an_error_and_spoils_nothing_else(mock: Mock):
    spaceship = read_object("spaceship", requiredFields=["warpSpeed"], optionalFieldsAuto="all")

    found = hydrate(mock, reading(spaceship, read_object("contact")))

    bad, good = found["content"]["read"]["objects"]
    assert "spaceship" in bad["error"]
    assert bad["displayName"] == "Spaceship"
    assert bad["requiredFields"] == [{"fieldName": "warpSpeed", "displayName": "Warp Speed"}]
    assert bad["optionalFields"] == []
    assert "allFields" not in bad
    assert "error" not in good


def test_a_provider_about_which_nothing_is_known_has_what_is_asked_of_it(mock: Mock):
    one = read(
        mock,
        read_object("issues", requiredFields=["title", "assignee"], optionalFieldsAuto="all"),
        provider="github",
    )

    assert "error" not in one
    assert one["requiredFields"][1] == {"fieldName": "assignee", "displayName": "Assignee"}
    assert {"assignee", "title", "email"} <= one["allFieldsMetadata"].keys()
    assert "assignee" not in [field["fieldName"] for field in one["optionalFields"]]


def test_write_objects_have_the_label_of_the_object_behind_a_mapped_name(mock: Mock):
    content = hydrate(
        mock,
        reading(
            read_object("account", mapToName="companies"),
            write={
                "objects": [
                    {"objectName": "companies", "inheritMapping": True},
                    {"objectName": "lead", "valueDefaults": {"allowAnyFields": True}},
                ]
            },
        ),
    )["content"]

    assert content["write"]["objects"] == [
        {"objectName": "companies", "displayName": "Account"},
        {
            "objectName": "lead",
            "displayName": "Lead",
            "valueDefaults": {"allowAnyFields": True},
        },
    ]


def test_hydration_shows_that_a_fresh_connection_works(mock: Mock):
    integration = add_integration(mock)
    connection = add_connection(mock, status="created")

    with change(mock) as work:
        revision = work.tx.get("revisions", integration["latestRevisionId"])
        assert revision is not None
        hydration.hydrate(work, catalog(), revision, connection)

    assert get_connection(mock, connection)["status"] == "working"


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"provider": "hubspot"}, "this connection is for hubspot, not salesforce"),
        ({"status": "bad_credentials"}, "error fetching object metadata from provider"),
    ],
)
def test_a_connection_that_cannot_be_used_is_refused(
    mock: Mock, wrong: dict[str, Any], detail: str
):
    with pytest.raises(Refused) as refused:
        hydrate(mock, manifest(), **wrong)

    assert refused.value.kind == Kind.INVALID
    assert refused.value.detail == detail
