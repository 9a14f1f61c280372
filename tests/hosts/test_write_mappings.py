"""What becomes of a written record on its way: mappings in reverse, defaults, field settings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosting import Hosted, mapped, plain


def data_of(here: Hosted, name: str = "contact", **body: Any) -> dict[str, Any]:
    answer = here.write(name, **body)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json["result"]["data"]
    return found


# ---------------------------------------------------------------- mappings


def test_mapped_names_are_written_to_the_providers_fields():
    record = {"givenName": "Ada", "familyName": "Park", "priority": "High", "email": "a@x.example"}

    data = data_of(mapped(), "person", record=record)

    assert (data["firstname"], data["lastname"]) == ("Ada", "Park")
    assert data["priority__c"] == "High"
    assert data["email"] == "a@x.example"


def test_mapped_values_are_written_as_the_providers():
    here = mapped()

    mapped_value = data_of(here, "person", record={"familyName": "P", "priority": "urgent"})
    own_value = data_of(here, "person", record={"familyName": "P", "priority": "Medium"})

    assert mapped_value["priority__c"] == "High"
    assert own_value["priority__c"] == "Medium"


def test_a_mapped_name_that_nobody_chose_a_field_for_is_left_out():
    data = data_of(mapped(), "person", record={"familyName": "P", "nickname": "Pip"})

    assert "nickname" not in data
    assert "Pip" not in data.values()


def test_the_providers_own_names_work_beside_mapped_ones():
    data = data_of(mapped(), "person", record={"lastname": "P", "firstname": "Ada"})

    assert data["name"] == "Ada P"


def test_a_mapped_name_counts_before_the_fields_own():
    data = data_of(mapped(), "person", record={"lastname": "Own", "familyName": "Mapped"})

    assert data["lastname"] == "Mapped"


@pytest.mark.parametrize("name", ["person", "contact", "Person"])
def test_a_mapped_object_is_found_by_either_name(name: str):
    assert data_of(mapped(), name, record={"familyName": "P"})["lastname"] == "P"


def test_without_inherit_mapping_names_are_the_providers():
    here = mapped()

    refused = here.write("lead", record={"familyName": "P", "company": "C", "status": "Open"})

    assert refused.status == 422
    assert "lead has no field familyName" in str(refused.json["errors"])


def test_what_was_written_by_mapped_names_comes_back_by_them():
    here = mapped()
    data_of(here, "person", record={"familyName": "Roundtrip", "priority": "urgent"})

    [found] = here.found("person", familyName="Roundtrip")

    assert found["mappedFields"]["familyName"] == "Roundtrip"
    assert found["mappedFields"]["priority"] == "urgent"
    assert found["raw"]["priority__c"] == "High"


# ---------------------------------------------------------------- defaults and settings


def settings(**fields: Any) -> Hosted:
    return plain(selectedFieldSettings=fields)


@pytest.mark.parametrize(
    ("default", "field", "kept"),
    [
        ({"stringValue": "Web"}, "leadsource", "Web"),
        ({"booleanValue": True}, "donotcall", True),
        ({"booleanValue": False}, "donotcall", False),
        ({"stringValue": ""}, "title", ""),
    ],
)
def test_a_default_is_written_where_the_record_says_nothing(
    default: dict[str, Any], field: str, kept: Any
):
    here = settings(**{field: {"default": default}})

    assert data_of(here, record={"lastname": "P"})[field] == kept


def test_what_the_record_says_counts_before_a_default():
    here = settings(title={"default": {"stringValue": "Dr"}})

    assert data_of(here, record={"lastname": "P", "title": "Prof"})["title"] == "Prof"


@pytest.mark.parametrize("record", [{}, {"title": "Prof"}])
def test_never_on_create_keeps_a_field_from_being_sent(record: dict[str, str]):
    setting = {"default": {"stringValue": "Dr"}, "writeOnCreate": "never"}
    here = settings(title=setting)

    assert data_of(here, record={"lastname": "P", **record})["title"] is None


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        ("always", "Prof", "Dr"),
        ("never", "Prof", "Prof"),
        ("ifEmpty", "Prof", "Prof"),
        ("always", None, "Dr"),
        ("never", None, None),
        ("ifEmpty", None, "Dr"),
        ("ifEmpty", "", "Dr"),
    ],
)
@pytest.mark.parametrize("given", [{}, {"title": "Dr"}], ids=["by default", "by the record"])
def test_on_update_a_setting_decides(
    when: str, before: str | None, after: str | None, given: dict[str, str]
):
    here = settings(title={"default": {"stringValue": "Dr"}, "writeOnUpdate": when})
    identifier = here.created(lastname="P", title=before)

    data = data_of(here, kind="update", record={"id": identifier, **given})

    # The default was sent on create too, unless the record said something, null included.
    assert data["title"] == after


def test_settings_may_name_a_field_by_its_mapped_name():
    here = mapped(selectedFieldSettings={"priority": {"default": {"stringValue": "Low"}}})

    assert data_of(here, "person", record={"familyName": "P"})["priority__c"] == "Low"


@pytest.mark.parametrize(
    ("older", "on_create", "on_update"),
    [
        ({"value": "Dr"}, "Dr", "Prof"),
        ({"value": "Dr", "applyOnUpdate": "never"}, "Dr", "Prof"),
        ({"value": "Dr", "applyOnUpdate": "always"}, "Dr", "Dr"),
    ],
)
def test_older_defaults_still_work(older: dict[str, str], on_create: str, on_update: str):
    here = plain(selectedValueDefaults={"title": older})
    created = data_of(here, record={"lastname": "P"})
    identifier = here.created(lastname="P", title="Prof")

    updated = data_of(here, kind="update", record={"id": identifier})

    assert (created["title"], updated["title"]) == (on_create, on_update)


def test_a_setting_replaces_the_older_default_of_its_field():
    here = plain(
        selectedValueDefaults={"title": {"value": "Dr"}},
        selectedFieldSettings={"title": {"default": {"stringValue": "Prof"}}},
    )

    assert data_of(here, record={"lastname": "P"})["title"] == "Prof"
