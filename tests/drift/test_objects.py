"""Every object file is sound, and everything made of it is what the contract allows."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.resources import hydration, objects, provider_records
from mockserver.resources.object_catalog import ObjectType
from mockserver.simulation.people import Persona
from tests.worlds import GROUP, catalog, change, project_id, read_object, reading

PROVIDERS = catalog().objects.names()
OBJECTS = [
    (provider, name)
    for provider in PROVIDERS
    for name in sorted(catalog().objects.of(provider).objects)
]
EACH_PROVIDER = pytest.mark.parametrize("provider", PROVIDERS)
EACH = pytest.mark.parametrize(("provider", "name"), OBJECTS)
#: Python's types of JSON values, by the value type of a field.
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "singleSelect": (str,),
    "multiSelect": (str,),
    "date": (str,),
    "datetime": (str,),
    "int": (int,),
    "float": (int, float),
    "reference": (str, int),
    "other": (dict, str, type(None)),
}
_KEYS = {
    "displayName", "type", "valueType", "readOnly", "isCustom", "isRequired", "referenceTo",
    "values", "fake",
}  # fmt: skip # one a line would hide that they are one list


def the(provider: str, name: str) -> ObjectType:
    return catalog().objects.of(provider).objects[name]


@EACH_PROVIDER
def test_a_file_belongs_to_a_provider_of_the_catalog(provider: str):
    assert catalog().get(provider) is not None


def test_the_providers_that_tests_are_run_against_have_a_file():
    wanted = {"salesforce", "hubspot", "apollo", "gong", "notion", "intercom", "zendeskSupport"}

    assert wanted <= set(PROVIDERS)


@EACH_PROVIDER
def test_a_file_says_nothing_that_nobody_reads(provider: str):
    content = read_yaml(spec_directory() / "catalog" / "objects" / f"{provider}.yaml")

    assert content.keys() <= {"types", "ids", "idField", "everywhere", "objects"}
    entries = [content.get("everywhere", {}), *(o["fields"] for o in content["objects"].values())]
    for entry in content["objects"].values():
        assert entry.keys() <= {"displayName", "aliases", "ids", "idField", "fields"}
    for fields in entries:
        for name, facts in fields.items():
            assert facts.keys() <= _KEYS, name


@EACH_PROVIDER
def test_an_alias_names_one_object(provider: str):
    content = read_yaml(spec_directory() / "catalog" / "objects" / f"{provider}.yaml")
    names = [name.lower() for name in content["objects"]]
    names += [alias for entry in content["objects"].values() for alias in entry.get("aliases", [])]

    assert len(set(names)) == len(names)


@EACH
def test_every_field_is_field_metadata(mock: Mock, provider: str, name: str):
    validator = mock.contract.response_schemas.validator("/components/schemas/FieldMetadata")

    for field_name, field in the(provider, name).fields.items():
        assert list(validator.iter_errors(field)) == []
        assert field["fieldName"] == field_name


@EACH
def test_selects_have_values_and_references_exist(provider: str, name: str):
    for field in the(provider, name).fields.values():
        is_select = field["valueType"] in {"singleSelect", "multiSelect"}
        assert is_select == bool(field.get("values")), field["fieldName"]
        assert (field["valueType"] == "reference") == ("referenceTo" in field), field["fieldName"]
        for target in field.get("referenceTo", []):
            assert target in catalog().objects.of(provider).objects


@EACH
def test_values_of_a_select_are_told_apart(provider: str, name: str):
    for field in the(provider, name).fields.values():
        values = [value["value"] for value in field.get("values", [])]
        assert len(set(values)) == len(values), field["fieldName"]


@EACH
def test_every_fake_can_be_made(provider: str, name: str):
    kind = the(provider, name)

    assert kind.id_field in kind.fields
    assert kind.fakes[kind.id_field] == "id"
    for fake in kind.fakes.values():
        known = fake[1:] in kind.fields if fake.startswith("=") else hasattr(Persona, fake)
        assert known or fake == "id", fake


@EACH
def test_records_have_every_field_in_its_type(mock: Mock, provider: str, name: str):
    owner, kind = project_id(mock), the(provider, name)
    with change(mock) as work:
        found = provider_records.listed(work, catalog(), owner, provider, GROUP, name, 0, 20)

    for record in found:
        for field_name, field in kind.fields.items():
            value = provider_records.value(record, field_name)
            allowed = TYPES[field["valueType"]]
            assert isinstance(value, allowed), (field_name, value)
            assert bool in allowed or not isinstance(value, bool), field_name


@EACH_PROVIDER
def test_a_manifest_of_everything_hydrates_to_what_the_contract_allows(mock: Mock, provider: str):
    kinds = catalog().objects.of(provider).objects
    content = reading(
        *[
            read_object(name, requiredFields=list(kind.fields)[:3], optionalFieldsAuto="all")
            for name, kind in kinds.items()
        ],
        provider=provider,
        write={"objects": [{"objectName": name} for name in kinds]},
        proxy={"enabled": True},
    )

    hydrated = hydrate(mock, provider, content)

    pointer = "/components/schemas/HydratedRevision"
    assert mock.contract.response_schemas.violations(pointer, hydrated) == []
    for one in hydrated["content"]["read"]["objects"]:
        fields = [f["fieldName"] for f in one["requiredFields"] + one["optionalFields"]]
        assert "error" not in one
        assert sorted(fields) == sorted(kinds[one["objectName"]].fields)


def hydrate(mock: Mock, provider: str, content: dict[str, Any]) -> dict[str, Any]:
    revision = {
        "id": "r",
        "specVersion": "1.0.0",
        "createTime": "2026-01-05T09:00:00.000000Z",
        "content": content,
    }
    connection = {
        "id": "c",
        "projectId": project_id(mock),
        "provider": provider,
        "groupRef": GROUP,
        "status": "working",
        "credentials": {},
    }
    with change(mock) as work:
        return hydration.hydrate(work, catalog(), revision, connection)


def test_a_provider_with_a_file_is_not_generic():
    assert not any(objects.is_generic(catalog(), provider) for provider in PROVIDERS)
