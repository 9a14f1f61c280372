"""Objects and fields of a customer's provider account, through the door users use."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.connecting import customer
from tests.describing import PROJECT, PROVIDERS, install, upsert_body
from tests.worlds import (
    GROUP,
    add_connection,
    add_installation,
    add_integration,
    add_revision,
    get_connection,
    read_object,
    reading,
)


def test_an_object_of_a_connection_is_described(mock: Mock, client: Client):
    add_connection(mock)

    found = client.get(f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef={GROUP}")

    assert found.status == 200
    assert found.json["name"] == "account"
    assert found.json["displayName"] == "Account"
    assert found.json["fields"]["industry"]["valueType"] == "singleSelect"
    assert found.json["fields"]["$['billingaddress']['city']"]["displayName"] == "Billing City"
    assert all(name == field["fieldName"] for name, field in found.json["fields"].items())


@pytest.mark.parametrize("name", ["Account", "ACCOUNT", "%61ccount"])
def test_the_answer_has_the_providers_own_spelling(mock: Mock, client: Client, name: str):
    add_connection(mock)

    found = client.get(f"{PROVIDERS}/salesforce/objects/{name}/metadata?groupRef={GROUP}")

    assert found.json["name"] == "account"


def test_a_slash_may_stand_in_an_object_name(mock: Mock, client: Client):
    add_connection(mock, "github")

    found = client.get(f"{PROVIDERS}/github/objects/repos%2Fissues/metadata?groupRef={GROUP}")

    assert found.status == 200
    assert found.json["name"] == "repos/issues"


@pytest.mark.parametrize("of", ["connection", "installation"])
def test_read_only_fields_and_only_those_can_be_left_out(mock: Mock, client: Client, of: str):
    integration = install(mock)
    place = integration if of == "installation" else f"{PROVIDERS}/salesforce"
    path = f"{place}/objects/account/metadata?groupRef={GROUP}"

    every = client.get(path).json["fields"]
    writable = client.get(f"{path}&excludeReadOnly=true").json["fields"]
    same = client.get(f"{path}&excludeReadOnly=false").json["fields"]

    assert writable == {name: field for name, field in every.items() if not field["readOnly"]}
    assert 0 < len(writable) < len(every)
    assert same == every


@pytest.mark.parametrize("name", ["companies", "Companies", "account", "Account"])
def test_an_installation_knows_an_object_by_either_name(mock: Mock, client: Client, name: str):
    integration = install(mock)

    found = client.get(f"{integration}/objects/{name}/metadata?groupRef={GROUP}")

    assert found.status == 200
    assert (found.json["name"], found.json["mappedObjectName"]) == ("account", "companies")


def test_an_object_that_is_not_mapped_shows_no_mapped_name(mock: Mock, client: Client):
    integration = install(mock)

    mapped = client.get(f"{integration}/objects/contact/metadata?groupRef={GROUP}").json
    native = client.get(f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef={GROUP}").json

    assert "mappedObjectName" not in mapped
    assert "mappedObjectName" not in native


def test_a_connection_knows_no_mapped_names(mock: Mock, client: Client):
    install(mock)

    found = client.get(f"{PROVIDERS}/salesforce/objects/companies/metadata?groupRef={GROUP}")

    assert found.status == 404
    assert found.json["detail"] == "object not found"


def test_the_names_are_those_of_the_revision_that_the_config_was_written_with(
    mock: Mock, client: Client
):
    content = reading(read_object("account", mapToName="companies"))
    integration = add_integration(mock, content)
    add_installation(mock, integration, add_connection(mock))
    add_revision(mock, integration, reading(read_object("account", mapToName="firms")))
    objects = f"{PROJECT}/integrations/{integration['name']}/objects"

    old = client.get(f"{objects}/companies/metadata?groupRef={GROUP}")
    new = client.get(f"{objects}/firms/metadata?groupRef={GROUP}")

    assert (old.status, new.status) == (200, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/providers/salesforce/objects/spaceship/metadata?groupRef=globular-cluster",
        "/providers/salesforce/objects/account/metadata?groupRef=nobody",
        "/providers/salesforce/objects/account/metadata?groupRef=",
        "/providers/hubspot/objects/contacts/metadata?groupRef=globular-cluster",
        "/providers/spaceship/objects/account/metadata?groupRef=globular-cluster",
        "/integrations/{i}/objects/spaceship/metadata?groupRef=globular-cluster",
        "/integrations/{i}/objects/account/metadata?groupRef=nobody",
        "/integrations/nothing/objects/account/metadata?groupRef=globular-cluster",
    ],
)
def test_what_is_not_there_is_not_found(mock: Mock, client: Client, path: str):
    integration = install(mock).rpartition("/")[2]

    refused = client.get(PROJECT + path.replace("{i}", integration))

    assert refused.status == 404
    assert "issues" not in refused.json


@pytest.mark.parametrize("place", ["{i}", "/projects/my-project/providers/salesforce"])
def test_the_group_must_be_named(mock: Mock, client: Client, place: str):
    path = place.replace("{i}", install(mock))

    assert client.get(f"{path}/objects/account/metadata").status == 400


def test_a_group_without_an_installation_is_not_found_though_it_is_connected(
    mock: Mock, client: Client
):
    integration = install(mock)
    add_connection(mock, group_ref="connected")

    refused = client.get(f"{integration}/objects/account/metadata?groupRef=connected")

    assert refused.status == 404
    assert refused.json["detail"] == "installation not found"


def test_asking_shows_that_a_fresh_connection_works(mock: Mock, client: Client):
    connection = add_connection(mock, status="created")

    client.get(f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef={GROUP}")

    assert get_connection(mock, connection)["status"] == "working"


def test_bad_credentials_are_the_providers_refusal(mock: Mock, client: Client):
    integration = install(mock, status="bad_credentials")
    query = f"objects/account/metadata?groupRef={GROUP}"

    answers = [
        client.get(f"{integration}/{query}"),
        client.get(f"{PROVIDERS}/salesforce/{query}"),
        client.put(f"{integration}/object-metadata", upsert_body()),
        client.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body()),
    ]

    assert [answer.status for answer in answers] == [400] * 4
    assert answers[0].json["detail"] == "error fetching object metadata from provider"
    assert answers[2].json["detail"] == "error upserting object metadata at provider"


def test_the_callers_without_a_right_are_refused(mock: Mock, client: Client, anonymous: Client):
    path = f"{PROVIDERS}/salesforce/object-metadata"

    assert anonymous.put(path, upsert_body()).status == 401
    assert client.as_(key="mock-staging-key").put(path, upsert_body()).status == 403


def test_a_frontend_key_may_ask_and_upsert(mock: Mock, client: Client):
    add_connection(mock)
    frontend = client.as_(key="mock-frontend-key")

    asked = frontend.get(f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef={GROUP}")
    put = frontend.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body())

    assert (asked.status, put.status) == (200, 200)


def test_a_customer_token_is_limited_to_its_group(mock: Mock, client: Client):
    integration = install(mock)
    add_connection(mock, group_ref="another")
    mine, theirs = customer(client, GROUP), customer(client, "another")
    query = f"objects/account/metadata?groupRef={GROUP}"

    for caller, status in ((mine, 200), (theirs, 403)):
        assert caller.get(f"{integration}/{query}").status == status
        assert caller.get(f"{PROVIDERS}/salesforce/{query}").status == status
        assert caller.put(f"{integration}/object-metadata", upsert_body()).status == status
        assert caller.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body()).status == status
