"""Custom fields: what becomes of a definition, and what happens to it the second time."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.resources import field_upserts, objects, provider_records
from mockserver.rules.errors import Kind, Refused
from mockserver.state.tables import Record
from tests.worlds import GROUP, add_connection, catalog, change


def definition(name: str = "Deal_Score", value_type: str = "string", **more: Any) -> dict[str, Any]:
    return {"fieldName": name, "displayName": "Deal Score", "valueType": value_type, **more}


def upsert(
    mock: Mock, connection: Record, *definitions: dict[str, Any], name: str = "contact"
) -> dict[str, Any]:
    with change(mock) as work:
        found = field_upserts.upsert(work, catalog(), connection, {name: list(definitions)})
    assert list(found) == [name]
    return found[name]


def fields(mock: Mock, connection: Record, name: str = "contact") -> dict[str, dict[str, Any]]:
    owner, provider, group = (connection[k] for k in ("projectId", "provider", "groupRef"))
    with change(mock) as work:
        found = objects.fields(work, catalog(), owner, provider, group, name)
    assert found is not None
    return found


def test_a_new_field_is_created_and_shown_as_custom(mock: Mock):
    connection = add_connection(mock, "hubspot")

    result = upsert(mock, connection, definition("deal_score"))

    assert result["deal_score"]["action"] == "create"
    assert fields(mock, connection)["deal_score"] == {
        "fieldName": "deal_score",
        "displayName": "Deal Score",
        "valueType": "string",
        "providerType": "string",
        "readOnly": False,
        "isCustom": True,
        "isRequired": False,
    }


def test_the_same_definition_again_does_nothing_and_another_one_updates(mock: Mock):
    connection = add_connection(mock)
    upsert(mock, connection, definition())

    again = upsert(mock, connection, definition())
    changed = upsert(mock, connection, definition(required=True))

    assert again["Deal_Score"]["action"] == "none"
    assert changed["Deal_Score"]["action"] == "update"
    assert fields(mock, connection)["deal_score__c"]["isRequired"] is True


def test_a_field_exists_once_whatever_its_spelling(mock: Mock):
    connection = add_connection(mock, "hubspot")
    upsert(mock, connection, definition("Score"))

    result = upsert(mock, connection, definition("score", "int"))

    assert result["score"]["action"] == "update"
    assert result["score"]["fieldName"] == "Score"
    assert fields(mock, connection)["Score"]["valueType"] == "int"
    assert "score" not in fields(mock, connection)


@pytest.mark.parametrize("name", ["Deal_Score", "Deal_Score__c"])
def test_salesforce_marks_custom_fields_and_lists_them_in_lower_case(mock: Mock, name: str):
    connection = add_connection(mock)

    result = upsert(mock, connection, definition(name))[name]

    assert result == {
        "fieldName": "deal_score__c",
        "action": "create",
        "metadata": {
            "fullName": "contact.Deal_Score__c",
            "type": "Text",
            "permissionSet": "IntegrationCustomFieldVisibility",
        },
    }
    assert result["fieldName"] in fields(mock, connection)


def test_hubspot_puts_custom_fields_into_a_group_of_their_own(mock: Mock):
    result = upsert(mock, add_connection(mock, "hubspot"), definition("age__c", "int"))

    assert result["age__c"]["metadata"] == {
        "groupName": "integrationcreatedproperties",
        "type": "number",
        "fieldType": "number",
    }


@pytest.mark.parametrize(
    ("value_type", "salesforce", "hubspot"),
    [
        ("string", "string", "string"),
        ("boolean", "boolean", "bool"),
        ("date", "date", "date"),
        ("datetime", "datetime", "datetime"),
        ("singleSelect", "picklist", "enumeration"),
        ("multiSelect", "multipicklist", "enumeration"),
        ("int", "double", "number"),
        ("float", "double", "number"),
        ("reference", "reference", "string"),
    ],
)
def test_every_value_type_has_a_type_at_each_provider(
    mock: Mock, value_type: str, salesforce: str, hubspot: str
):
    for provider, wanted in (("salesforce", salesforce), ("hubspot", hubspot)):
        connection = add_connection(mock, provider)
        made = upsert(mock, connection, definition("thing", value_type))["thing"]["fieldName"]
        field = fields(mock, connection)[made]

        assert (field["valueType"], field["providerType"]) == (value_type, wanted)
        pointer = "/components/schemas/FieldMetadata"
        assert mock.contract.response_schemas.violations(pointer, field) == []


def test_a_long_text_is_a_text_area_at_salesforce(mock: Mock):
    connection = add_connection(mock)

    result = upsert(mock, connection, definition("notes", stringOptions={"length": 256}))

    assert result["notes"]["metadata"]["type"] == "LongTextArea"
    assert fields(mock, connection)["notes__c"]["providerType"] == "textarea"


def test_the_values_of_a_select_are_shown(mock: Mock):
    connection = add_connection(mock)

    upsert(
        mock, connection, definition("size", "singleSelect", stringOptions={"values": ["S", "L"]})
    )

    assert fields(mock, connection)["size__c"]["values"] == [
        {"value": "S", "displayValue": "S"},
        {"value": "L", "displayValue": "L"},
    ]


def test_an_association_makes_a_field_a_reference(mock: Mock):
    connection = add_connection(mock)
    association = {"associationType": "lookup", "targetObject": "Account"}

    upsert(mock, connection, definition("related", association=association))

    field = fields(mock, connection)["related__c"]
    assert (field["valueType"], field["referenceTo"]) == ("reference", ["account"])


@pytest.mark.parametrize(
    ("wanted", "warning"),
    [
        (definition("a", "singleSelect"), "nothing to select"),
        (definition("a", stringOptions={"values": ["x"]}), "use singleSelect"),
        (definition("a", "reference"), "refers to nothing"),
    ],
)
def test_what_is_said_in_vain_is_pointed_out(mock: Mock, wanted: dict[str, Any], warning: str):
    result = upsert(mock, add_connection(mock), wanted)["a"]

    assert result["action"] == "create"
    assert [warning in text for text in result["warnings"]] == [True]


def test_a_standard_field_stays_as_it_is(mock: Mock):
    connection = add_connection(mock, "hubspot")
    before = fields(mock, connection, "companies")

    result = upsert(mock, connection, definition("Industry"), name="companies")

    assert result["Industry"]["action"] == "none"
    assert result["Industry"]["fieldName"] == "industry"
    assert "standard field" in result["Industry"]["warnings"][0]
    assert fields(mock, connection, "companies") == before


def test_a_custom_field_that_the_account_came_with_can_be_changed(mock: Mock):
    connection = add_connection(mock)

    result = upsert(mock, connection, definition("Priority__c"))
    again = upsert(mock, connection, definition("Priority__c"))

    assert [r["Priority__c"]["action"] for r in (result, again)] == ["update", "none"]
    assert fields(mock, connection)["priority__c"]["displayName"] == "Deal Score"


def test_other_groups_projects_objects_and_providers_see_nothing_of_it(mock: Mock):
    connection = add_connection(mock)
    others = [
        add_connection(mock, group_ref="another"),
        add_connection(mock, project="mailmonkey-staging"),
        add_connection(mock, "hubspot"),
    ]

    upsert(mock, connection, definition())

    assert "deal_score__c" in fields(mock, connection)
    assert "deal_score__c" not in fields(mock, connection, "account")
    for other in others:
        assert "deal_score__c" not in fields(mock, other)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (definition("1st"), "fields.contact[0].fieldName"),
        (definition(""), "fields.contact[0].fieldName"),
        (definition("__c"), "fields.contact[0].fieldName"),
        (definition("a__b"), "fields.contact[0].fieldName"),
        (definition("a_"), "fields.contact[0].fieldName"),
        (definition("a" * 41), "fields.contact[0].fieldName"),
        (definition("prénom"), "fields.contact[0].fieldName"),
        (definition("a\n"), "fields.contact[0].fieldName"),
        (definition("a") | {"displayName": " "}, "fields.contact[0].displayName"),
        (definition("a", "other"), "fields.contact[0].valueType"),
        (definition("a", "String"), "fields.contact[0].valueType"),
        (
            definition("a", association={"associationType": "x", "targetObject": "spaceship"}),
            "fields.contact[0].association.targetObject",
        ),
    ],
)
def test_a_definition_that_no_provider_takes_is_refused(
    mock: Mock, wanted: dict[str, Any], place: str
):
    with pytest.raises(Refused) as refused:
        upsert(mock, add_connection(mock), wanted)

    assert refused.value.kind == Kind.INVALID
    assert [issue.name for issue in refused.value.issues] == [place]


def test_a_field_defined_twice_is_refused(mock: Mock):
    with pytest.raises(Refused) as refused:
        upsert(mock, add_connection(mock), definition("Score"), definition("score__c", "int"))

    assert [issue.name for issue in refused.value.issues] == ["fields.contact[1].fieldName"]


def test_an_unknown_object_is_refused(mock: Mock):
    with pytest.raises(Refused) as refused:
        upsert(mock, add_connection(mock), definition(), name="spaceship")

    assert [issue.name for issue in refused.value.issues] == ["fields.spaceship"]


@pytest.mark.parametrize("provider", ["github", "salesforceSandbox", "Salesforce", "spaceship"])
def test_only_two_providers_take_custom_fields(provider: str):
    with pytest.raises(Refused) as refused:
        field_upserts.check_provider(provider)

    assert refused.value.kind == Kind.INVALID


def test_records_get_values_of_custom_fields(mock: Mock):
    connection = add_connection(mock)
    upsert(mock, connection, definition("size", "singleSelect", stringOptions={"values": ["S"]}))

    with change(mock) as work:
        found = provider_records.listed(
            work, catalog(), connection["projectId"], "salesforce", GROUP, "contact", 0, 3
        )

    assert [record["size__c"] for record in found] == ["S", "S", "S"]
