"""Connecting accounts with credentials."""

from __future__ import annotations

import pytest

from tests.conftest import START
from tests.connecting import (
    BASIC,
    CONNECTIONS,
    GENERATE,
    PASSWORD,
    SCHEMES,
    TOKENS,
    by_block,
    generate,
    imported,
    request,
)

# ------------------------------------------------------------------ generateConnection


@pytest.mark.parametrize(("provider", "block", "value", "scheme"), SCHEMES)
def test_every_auth_scheme_takes_its_own_credentials(client, provider, block, value, scheme):
    answer = client.post(GENERATE, by_block(provider, block, value))
    assert answer.status == 201
    assert (answer.json["authScheme"], answer.json["status"]) == (scheme, "created")
    assert answer.json["provider"] == provider


def test_a_provider_without_credentials_takes_none(client):
    assert generate(client, provider="mock", apiKey=None)["authScheme"] == "none"


@pytest.mark.parametrize(("provider", "block", "value", "scheme"), SCHEMES)
def test_missing_credentials_are_named(client, provider, block, value, scheme):
    body = by_block(provider, block, value)
    del body[block]
    answer = client.post(GENERATE, body)
    assert answer.status == 400
    assert answer.issue_names == [block]
    assert client.get(CONNECTIONS).json == []


@pytest.mark.parametrize(("provider", "block", "value", "scheme"), SCHEMES)
def test_an_extra_block_is_named(client, provider, block, value, scheme):
    other = "basicAuth" if block != "basicAuth" else "apiKey"
    extra = BASIC if other == "basicAuth" else "key-2"
    answer = client.post(GENERATE, by_block(provider, block, value) | {other: extra})
    assert answer.status == 422
    assert answer.issue_names == [other]


def test_the_block_of_another_scheme_is_named_beside_the_missing_one(client):
    answer = client.post(GENERATE, request(apiKey=None, basicAuth=BASIC))
    assert answer.status == 400
    assert answer.issue_names == ["apiKey", "basicAuth"]
    assert "hidden" not in answer.body.decode()


def test_a_provider_that_needs_no_credentials_refuses_them(client):
    answer = client.post(GENERATE, request(provider="mock"))
    assert (answer.status, answer.issue_names) == (422, ["apiKey"])


@pytest.mark.parametrize(
    ("provider", "block", "value", "name"),
    [
        ("apollo", "apiKey", "", "apiKey"),
        ("ashby", "basicAuth", {"username": "", "password": "p"}, "basicAuth.username"),
        (
            "adobe",
            "oauth2ClientCredentials",
            {"clientId": "", "clientSecret": "s"},
            "oauth2ClientCredentials.clientId",
        ),
        (
            "sugarCRM",
            "oauth2PasswordCredentials",
            {**PASSWORD, "password": ""},
            "oauth2PasswordCredentials.password",
        ),
        (
            "hubspot",
            "oauth2AuthorizationCode",
            {"accessToken": {"token": ""}},
            "oauth2AuthorizationCode.accessToken.token",
        ),
    ],
)
def test_an_empty_credential_is_named(client, provider, block, value, name):
    answer = client.post(GENERATE, by_block(provider, block, value))
    assert (answer.status, answer.issue_names) == (422, [name])


def test_a_key_as_user_name_needs_no_password(client):
    body = by_block("ashby", "basicAuth", {"username": "key-1", "password": ""})
    assert client.post(GENERATE, body).status == 201


def test_an_incomplete_block_is_named(client):
    answer = client.post(GENERATE, by_block("ashby", "basicAuth", {"username": "jane"}))
    assert (answer.status, answer.issue_names) == (400, ["basicAuth.password"])


@pytest.mark.parametrize("name", ["groupRef", "consumerRef", "provider"])
def test_the_group_the_consumer_and_the_provider_are_required(client, name):
    answer = client.post(GENERATE, request(**{name: None}))
    assert (answer.status, answer.issue_names) == (400, [name])


@pytest.mark.parametrize("name", ["groupRef", "consumerRef"])
def test_an_empty_ref_is_refused(client, name):
    answer = client.post(GENERATE, request(**{name: ""}))
    assert (answer.status, answer.issue_names) == (422, [name])


def test_an_unknown_provider_is_named_with_the_nearest_one(client):
    answer = client.post(GENERATE, request(provider="appollo"))
    assert (answer.status, answer.issue_names) == (422, ["provider"])
    assert "did you mean apollo" in answer.json["remedy"]


def test_a_new_connection_has_its_group_and_its_consumer(client):
    made = generate(client)
    project = client.get("/projects/my-project").json["id"]
    times = {"projectId": project, "createTime": START}
    assert made["group"] == {"groupRef": "group-1", "groupName": "Group One", **times}
    assert made["consumer"] == {"consumerRef": "user-1", "consumerName": "User One", **times}
    assert (made["projectId"], made["createTime"]) == (project, START)


def test_names_that_are_not_given_are_the_refs(client):
    made = generate(client, groupName=None, consumerName=None)
    assert made["group"]["groupName"] == "group-1"
    assert made["consumer"]["consumerName"] == "user-1"


def test_a_later_name_renames_the_group_and_none_leaves_it(client, advance):
    first = generate(client)
    advance(60)
    generate(client, provider="mock", apiKey=None, groupName="Renamed")
    generate(client, provider="clari", groupName=None)
    group = client.get(f"{CONNECTIONS}/{first['id']}").json["group"]
    assert group["groupName"] == "Renamed"
    assert (group["createTime"], group["updateTime"]) == (START, "2026-02-01T12:01:00.000000Z")


def test_the_same_consumer_connects_again_and_the_id_stays(client, advance):
    first = generate(client)
    advance(60)
    second = generate(client, apiKey="key-2")
    assert second["id"] == first["id"]
    assert second["createTime"] == first["createTime"]
    assert second["updateTime"] == "2026-02-01T12:01:00.000000Z"
    [only] = client.get(CONNECTIONS).json
    shown = client.get(f"{CONNECTIONS}/{only['id']}?includeCreds=true").json
    assert shown["apiKey"] == "key-2"


def test_another_consumer_of_the_group_has_a_connection_of_their_own(client):
    first, second = generate(client), generate(client, consumerRef="user-2")
    assert first["id"] != second["id"]
    assert len(client.get(CONNECTIONS).json) == 2


def test_tokens_are_imported_with_the_projects_provider_app(client):
    made = imported(client)
    assert made["providerApp"]["clientId"] == "hubspot-client-my-project"
    assert "clientSecret" not in made["providerApp"]
    shown = client.get(f"{CONNECTIONS}/{made['id']}?includeRefreshToken=true").json
    assert shown["oauth2AuthorizationCode"] == {
        "accessToken": {
            "token": "access-1",
            "issuedAt": START,
            "expiresAt": "2026-02-01T13:00:00.000000Z",
        },
        "refreshToken": {"token": "refresh-1", "issuedAt": START},
        "scopes": ["oauth"],
    }


def test_a_refresh_token_alone_is_enough_to_import(client):
    made = imported(client, accessToken=None, scopes=None)
    tokens = client.get(f"{CONNECTIONS}/{made['id']}?includeCreds=true").json
    block = tokens["oauth2AuthorizationCode"]
    assert block["accessToken"]["expiresAt"] == "2026-02-01T13:00:00.000000Z"
    assert block["scopes"] == made["providerApp"]["scopes"]


def test_an_import_without_any_token_is_refused(client):
    answer = client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", {"scopes": []}))
    assert answer.status == 400
    assert answer.issue_names == ["oauth2AuthorizationCode.accessToken"]


def test_an_import_without_a_provider_app_is_refused(client):
    answer = client.post(GENERATE, by_block("asana", "oauth2AuthorizationCode", TOKENS))
    assert (answer.status, answer.issue_names) == (422, ["provider"])
    assert "provider app" in answer.json["detail"]


@pytest.mark.parametrize("time", ["2026-01-05T09:00:60Z", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_clock_shows_is_refused(client, time):
    block = {"accessToken": {"token": "a", "expiresAt": time}}
    answer = client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", block))
    assert answer.status == 422
    assert answer.issue_names == ["oauth2AuthorizationCode.accessToken.expiresAt"]


def test_a_token_of_the_last_hour_of_all_can_be_imported(client):
    imported(client, accessToken={"token": "a", "issuedAt": "9999-12-31T23:59:59Z"})


# ------------------------------------------------------------------ workspace and metadata


def test_an_empty_metadata_is_taken_and_shown(client):
    assert generate(client, providerMetadata={})["providerMetadata"] == {}


def test_metadata_is_echoed(client):
    field = {"value": "EU", "source": "input", "displayName": "Region"}
    assert generate(client, providerMetadata={"region": field})["providerMetadata"] == {
        "region": field
    }


def test_the_workspace_of_the_metadata_is_the_workspace_of_the_connection(client):
    metadata = {"workspace": {"value": "acme", "source": "input"}}
    made = generate(client, provider="braze", providerMetadata=metadata)
    assert made["providerWorkspaceRef"] == "acme"


def test_the_workspace_of_the_connection_is_put_into_the_metadata(client):
    made = generate(client, provider="braze", providerWorkspaceRef="acme", providerMetadata={})
    assert made["providerMetadata"] == {"workspace": {"value": "acme", "source": "input"}}


def test_two_different_workspaces_are_refused(client):
    metadata = {"workspace": {"value": "other", "source": "input"}}
    body = request(provider="braze", providerWorkspaceRef="acme", providerMetadata=metadata)
    answer = client.post(GENERATE, body)
    assert answer.status == 400
    assert answer.issue_names == ["providerMetadata.workspace.value"]


def test_inputs_that_the_catalog_asks_for_are_required(client):
    body = request(provider="pipeliner", apiKey=None, basicAuth=BASIC, providerMetadata={})
    answer = client.post(GENERATE, body)
    assert answer.status == 400
    assert answer.issue_names == ["providerWorkspaceRef", "providerMetadata.region"]


def test_an_input_of_one_module_is_not_required(client):
    app = {"provider": "salesforce", "clientId": "c", "clientSecret": "s", "scopes": ["api"]}
    client.post("/projects/my-project/provider-apps", app)
    made = generate(client, provider="salesforce", apiKey=None, oauth2AuthorizationCode=TOKENS)
    assert "providerWorkspaceRef" not in made
    provider = client.get("/providers/salesforce").json
    assert provider["metadata"]["input"] == [
        {"name": "workspace"},
        {
            "name": "businessUnitId",
            "moduleDependencies": {"account-engagement": {}, "account-engagement-demo": {}},
        },
    ]
