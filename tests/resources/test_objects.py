"""What pretend providers know about objects and fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.app import Mock
from mockserver.resources import objects
from mockserver.resources.object_catalog import ObjectCatalog, path_of, read_objects, title
from tests.worlds import GROUP, catalog, change, project_id

SMALL = """
types: {text: {valueType: string}, pick: {valueType: singleSelect}}
ids: uuid
objects:
  Crates:
    displayName: Crate
    aliases: [box]
    fields:
      id: {displayName: ID, type: text, readOnly: true, fake: id}
      size: {displayName: Size, type: pick, values: [{s: Small}, Large]}
"""


def test_a_field_is_what_its_entry_and_its_type_say():
    fields = read_objects(SMALL).objects["Crates"].fields

    assert fields["size"] == {
        "fieldName": "size",
        "displayName": "Size",
        "valueType": "singleSelect",
        "providerType": "pick",
        "readOnly": False,
        "isCustom": False,
        "isRequired": False,
        "values": [
            {"value": "s", "displayValue": "Small"},
            {"value": "Large", "displayValue": "Large"},
        ],
    }
    assert fields["id"]["readOnly"] is True


def test_a_type_that_the_file_does_not_explain_is_an_error():
    with pytest.raises(KeyError):
        read_objects(SMALL.replace("type: pick", "type: list"))


@pytest.mark.parametrize("name", ["Crates", "crates", "CRATES", "box", "Box"])
def test_an_object_is_found_in_any_case_and_by_its_alias(name: str):
    found = read_objects(SMALL).find(name)

    assert found is not None
    assert found.name == "Crates"


def test_a_name_in_its_own_spelling_wins_over_the_same_in_another_case():
    twice = SMALL + "  crates: {displayName: Other, fields: {}}\n"

    names = [found.name for n in ("Crates", "crates") if (found := read_objects(twice).find(n))]

    assert names == ["Crates", "crates"]


def test_a_file_is_read_once_and_only_when_it_is_asked_for(tmp_path: Path):
    path = tmp_path / "shop.yaml"
    path.write_text("not read yet: [")
    known = ObjectCatalog(tmp_path)

    path.write_text(SMALL)
    first = known.of("shop")
    path.unlink()

    assert known.of("shop") is first


@pytest.mark.parametrize("provider", ["../shop", "shop/../shop", "shop.yaml", ""])
def test_a_provider_names_no_path(provider: str, tmp_path: Path):
    folder = tmp_path / "objects"
    folder.mkdir()
    (tmp_path / "shop.yaml").write_text(SMALL)

    assert ObjectCatalog(folder).of(provider).is_generic


def test_a_provider_without_a_file_has_any_object_with_usual_fields(mock: Mock):
    with change(mock) as work:
        fields = objects.fields(work, catalog(), project_id(mock), "github", GROUP, "issues")

    assert fields is not None
    assert {"id", "name", "email", "phone", "title", "createdAt"} <= fields.keys()
    assert objects.is_generic(catalog(), "github")
    assert objects.display_name(catalog(), "github", "pull_requests") == "Pull Requests"


def test_a_provider_with_a_file_has_no_other_objects(mock: Mock):
    with change(mock) as work:
        fields = objects.fields(work, catalog(), project_id(mock), "salesforce", GROUP, "spaceship")

    assert fields is None
    assert not objects.is_generic(catalog(), "salesforce")
    assert objects.display_name(catalog(), "salesforce", "spaceShip__c") == "Space Ship"


@pytest.mark.parametrize(
    ("provider", "name", "wanted"),
    [
        ("salesforce", "contact", {"email", "phone", "name", "firstname", "lastname"}),
        ("salesforce", "account", {"name", "phone", "$['billingaddress']['city']"}),
        ("hubspot", "contacts", {"email", "phone", "firstname", "lastname"}),
        ("hubspot", "companies", {"name", "phone", "annualrevenue", "numberofemployees"}),
        ("apollo", "contacts", {"email", "phone", "name", "first_name", "last_name"}),
        ("gong", "contacts", {"email", "phone", "name", "firstName", "lastName"}),
        ("intercom", "contacts", {"email", "phone", "name"}),
        ("zendeskSupport", "users", {"email", "phone", "name"}),
        ("notion", "users", {"name", "$['person']['email']"}),
    ],
)
def test_people_can_be_asked_for_what_an_address_book_holds(
    provider: str, name: str, wanted: set[str]
):
    found = objects.find(catalog(), provider, name)

    assert found is not None
    assert wanted <= found.fields.keys()


def test_a_field_is_found_in_lower_case_too():
    found = objects.find(catalog(), "salesforce", "contact")

    assert found is not None
    assert objects.field(found.fields, "LastName") is found.fields["lastname"]
    assert objects.field(found.fields, "last_name") is None


def test_unknown_fields_are_those_that_the_object_does_not_have(mock: Mock):
    owner = project_id(mock)
    names = ["Email", "phone", "shoesize"]
    with change(mock) as work:
        unknown = [
            objects.unknown_fields(work, catalog(), owner, provider, GROUP, name, names)
            for provider, name in (
                ("salesforce", "contact"),
                ("salesforce", "spaceship"),
                ("github", "issues"),
            )
        ]

    assert unknown == [["shoesize"], names, []]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("annual_revenue", "Annual Revenue"),
        ("annualRevenue", "Annual Revenue"),
        ("URLPath", "URL Path"),
        ("score__c", "Score"),
        ("$['billingaddress']['city']", "Billingaddress City"),
        ("straße_2", "Straße 2"),
        ("__", "__"),
    ],
)
def test_a_label_is_made_of_the_words_of_a_name(name: str, label: str):
    assert title(name) == label


def test_a_nested_name_has_steps_and_a_plain_one_is_a_step():
    assert path_of("$['a']['b c']['d']") == ["a", "b c", "d"]
    assert path_of("city") == ["city"]
