"""Custom fields put into a customer's provider account, through the door users use."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.describing import FIELD, PROJECT, PROVIDERS, install, upsert_body
from tests.worlds import GROUP, add_connection


def test_a_field_created_by_either_call_shows_in_both_and_in_the_hydrated_revision(
    mock: Mock, client: Client
):
    integration = install(mock)
    revision = client.get(integration).json["latestRevision"]["id"]
    connection = mock.sandbox.root.tables["connections"]
    (connection_id,) = [c["id"] for c in connection if c["groupRef"] == GROUP]

    first = client.put(f"{integration}/object-metadata", upsert_body(fieldName="One"))
    second = client.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body(fieldName="Two"))

    assert (first.status, second.status) == (200, 200)
    assert first.json["success"] is True
    assert first.json["fields"]["Account"]["One"]["action"] == "create"
    query = f"objects/account/metadata?groupRef={GROUP}"
    hydrated = client.get(
        f"{integration}/revisions/{revision}:hydrate?connectionId={connection_id}"
    )
    for fields in (
        client.get(f"{integration}/{query}").json["fields"],
        client.get(f"{PROVIDERS}/salesforce/{query}").json["fields"],
        hydrated.json["content"]["read"]["objects"][0]["allFieldsMetadata"],
    ):
        assert fields["one__c"]["isCustom"] is True
        assert fields["two__c"]["isCustom"] is True


def test_upserting_again_does_nothing(mock: Mock, client: Client):
    add_connection(mock)
    client.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body())

    again = client.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body())

    assert again.json["fields"]["Account"]["Deal_Score"]["action"] == "none"


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_thousands_of_fields_are_made_at_once(mock: Mock, client: Client):
    add_connection(mock)
    fields = [{**FIELD, "fieldName": f"score{number}"} for number in range(3_000)]

    body = {"groupRef": GROUP, "fields": {"Account": fields}}
    made = client.put(f"{PROVIDERS}/salesforce/object-metadata", body)

    assert (made.status, len(made.json["fields"]["Account"])) == (200, 3_000)


def test_no_fields_are_no_mistake(mock: Mock, client: Client):
    add_connection(mock)

    answer = client.put(
        f"{PROVIDERS}/salesforce/object-metadata",
        {"groupRef": GROUP, "fields": {"Account": []}},
    )

    assert answer.json == {"success": True, "fields": {"Account": {}}}


def test_another_group_is_not_affected(mock: Mock, client: Client):
    add_connection(mock)
    add_connection(mock, group_ref="another")
    client.put(f"{PROVIDERS}/salesforce/object-metadata", upsert_body())

    path = f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef="

    assert "deal_score__c" in client.get(path + GROUP).json["fields"]
    assert "deal_score__c" not in client.get(f"{path}another").json["fields"]


@pytest.mark.parametrize("provider", ["github", "notion", "spaceship"])
def test_only_two_providers_take_fields_whoever_is_connected(client: Client, provider: str):
    refused = client.put(f"{PROVIDERS}/{provider}/object-metadata", upsert_body())

    assert refused.status == 400
    assert "hubspot, salesforce" in refused.json["remedy"]


def test_an_integration_for_another_provider_takes_no_fields(mock: Mock, client: Client):
    integration = install(mock, "notion")

    assert client.put(f"{integration}/object-metadata", upsert_body("pages")).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": {}},
        {"groupRef": GROUP},
        {"groupRef": GROUP, "fields": []},
        {"groupRef": GROUP, "fields": {"Account": {}}},
        {"groupRef": GROUP, "fields": {"Account": [{"fieldName": "a"}]}},
        upsert_body(valueType="colour"),
        upsert_body(fieldName="not a name"),
        upsert_body("spaceship"),
        {"groupRef": GROUP, "fields": {"Account": [FIELD, FIELD]}},
    ],
)
def test_a_wrong_definition_is_400_and_changes_nothing(
    mock: Mock, client: Client, wrong: dict[str, Any]
):
    add_connection(mock)
    before = mock.sandbox.root.tables

    refused = client.put(f"{PROVIDERS}/salesforce/object-metadata", wrong)

    assert refused.status == 400
    assert mock.sandbox.root.tables is before


def test_one_wrong_definition_spoils_them_all(mock: Mock, client: Client):
    add_connection(mock)
    fields = {"Account": [FIELD], "Contact": [{**FIELD, "valueType": "colour"}]}

    refused = client.put(
        f"{PROVIDERS}/salesforce/object-metadata", {"groupRef": GROUP, "fields": fields}
    )

    path = f"{PROVIDERS}/salesforce/objects/account/metadata?groupRef={GROUP}"
    assert refused.status == 400
    assert "deal_score__c" not in client.get(path).json["fields"]


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/providers/salesforce/object-metadata", "nobody"),
        ("/providers/hubspot/object-metadata", GROUP),
        ("/integrations/nothing/object-metadata", GROUP),
        ("/integrations/{i}/object-metadata", "nobody"),
    ],
)
def test_fields_need_an_account_to_be_put_into(mock: Mock, client: Client, path: str, group: str):
    integration = install(mock).rpartition("/")[2]

    refused = client.put(PROJECT + path.replace("{i}", integration), upsert_body(group=group))

    assert refused.status == 404
