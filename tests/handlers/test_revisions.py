"""Hydrated revisions, through the door users use."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from mockserver.state.tables import Record
from tests.client import Client, Response
from tests.connecting import customer
from tests.worlds import (
    GROUP,
    add_connection,
    add_integration,
    add_revision,
    get_connection,
    read_object,
    reading,
)

INTEGRATIONS = "/projects/my-project/integrations"


def hydrate(
    client: Client, integration: Record, connection_id: str, revision: str | None = None
) -> Response:
    revision = revision or integration["latestRevisionId"]
    return client.get(
        f"{INTEGRATIONS}/{integration['id']}/revisions/{revision}:hydrate"
        f"?connectionId={connection_id}"
    )


def add_contacts(mock: Mock) -> Record:
    return add_integration(
        mock, reading(read_object("contact", requiredFields=["email"], optionalFieldsAuto="all"))
    )


def test_a_revision_is_hydrated_for_a_connection(mock: Mock, client: Client):
    integration, connection = add_contacts(mock), add_connection(mock, status="created")

    found = hydrate(client, integration, connection["id"])

    assert found.status == 200
    assert found.json["id"] == integration["latestRevisionId"]
    (contact,) = found.json["content"]["read"]["objects"]
    assert contact["displayName"] == "Contact"
    assert contact["requiredFields"] == [{"fieldName": "email", "displayName": "Email"}]
    assert len(contact["optionalFields"]) == len(contact["allFields"]) - 1
    assert get_connection(mock, connection)["status"] == "working"


def test_names_and_an_escaped_colon_do_too(mock: Mock, client: Client):
    integration, connection = add_contacts(mock), add_connection(mock)
    revision = integration["latestRevisionId"]

    found = client.get(
        f"{INTEGRATIONS}/{integration['name']}/revisions/{revision}%3Ahydrate"
        f"?connectionId={connection['id']}&unknown=1"
    )

    assert found.status == 200


def test_an_old_revision_stays_what_it_was(mock: Mock, client: Client):
    integration, connection = add_contacts(mock), add_connection(mock)
    old = integration["latestRevisionId"]
    newer = add_revision(mock, integration, reading(read_object("lead")))

    names = [
        hydrate(client, newer, connection["id"], revision).json["content"]["read"]["objects"][0][
            "objectName"
        ]
        for revision in (old, newer["latestRevisionId"])
    ]

    assert names == ["contact", "lead"]


def test_the_connection_must_be_named(mock: Mock, client: Client):
    integration = add_contacts(mock)
    revision = integration["latestRevisionId"]

    refused = client.get(f"{INTEGRATIONS}/{integration['id']}/revisions/{revision}:hydrate")

    assert refused.status == 400


def test_an_unknown_connection_is_not_found(mock: Mock, client: Client):
    integration = add_contacts(mock)
    elsewhere = add_connection(mock, project="mailmonkey-staging")

    for connection_id in ("nothing", "", elsewhere["id"]):
        refused = hydrate(client, integration, connection_id)
        assert refused.status == 404
        assert refused.json["detail"] == "connection not found"


def test_a_revision_must_be_the_integrations_own(mock: Mock, client: Client):
    integration, connection = add_contacts(mock), add_connection(mock)
    other = add_integration(mock, reading(read_object("lead"), name="other"))

    for revision in ("nothing", other["latestRevisionId"]):
        refused = hydrate(client, integration, connection["id"], revision)
        assert refused.status == 404
        assert refused.json["detail"] == "revision not found"


@pytest.mark.parametrize(
    ("provider", "status", "detail"),
    [
        ("hubspot", "working", "this connection is for hubspot, not salesforce"),
        ("salesforce", "bad_credentials", "error fetching object metadata from provider"),
    ],
)
def test_a_connection_that_cannot_be_used_is_400(
    mock: Mock, client: Client, provider: str, status: str, detail: str
):
    integration = add_contacts(mock)
    connection = add_connection(mock, provider, status=status)

    refused = hydrate(client, integration, connection["id"])

    assert refused.status == 400
    assert refused.json["detail"] == detail
    assert refused.json["remedy"]
    assert get_connection(mock, connection)["status"] == status


def test_an_unknown_object_fails_alone(mock: Mock, client: Client):
    integration = add_integration(mock, reading(read_object("spaceship"), read_object("lead")))

    found = hydrate(client, integration, add_connection(mock)["id"])

    assert found.status == 200
    assert ["error" in one for one in found.json["content"]["read"]["objects"]] == [True, False]


def test_a_frontend_key_may_hydrate(mock: Mock, client: Client):
    integration, connection = add_contacts(mock), add_connection(mock)

    found = hydrate(client.as_(key="mock-frontend-key"), integration, connection["id"])

    assert found.status == 200


def test_a_customer_token_is_limited_to_its_groups_connections(mock: Mock, client: Client):
    integration = add_contacts(mock)
    connection = add_connection(mock)

    mine = hydrate(customer(client, GROUP), integration, connection["id"])
    theirs = hydrate(customer(client, "another"), integration, connection["id"])

    assert (mine.status, theirs.status) == (200, 403)
