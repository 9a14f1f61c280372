from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.state.transactions import RootTransaction
from tests.calls import NOTHING
from tests.client import Client
from tests.conftest import START, make_mock
from tests.connecting import (
    CONNECTIONS,
    GENERATE,
    customer,
    generate,
    imported,
    install,
    request,
)

CLIENT_CREDENTIALS = {"clientId": "id-1", "clientSecret": "hidden-1"}
PASSWORD = {**CLIENT_CREDENTIALS, "username": "jane", "password": "hidden-2"}
BASIC = {"username": "jane", "password": "hidden-3"}
TOKENS = {"accessToken": {"token": "access-1"}, "refreshToken": {"token": "refresh-1"}}
SUGAR = {"providerWorkspaceRef": "https://sugar.example.com"}

#: provider, its block, what is given and the scheme that comes of it.
SCHEMES = [
    ("apollo", "apiKey", "key-1", "apiKey"),
    ("ashby", "basicAuth", BASIC, "basic"),
    ("adobe", "oauth2ClientCredentials", CLIENT_CREDENTIALS, "oauth2/clientCredentials"),
    ("sugarCRM", "oauth2PasswordCredentials", PASSWORD, "oauth2/password"),
    ("hubspot", "oauth2AuthorizationCode", TOKENS, "oauth2/authorizationCode"),
    ("gitlab", "customAuth", {"token": "t-1"}, "none"),
]


def by_block(provider: str, block: str, value: Any) -> dict[str, Any]:
    extra = SUGAR if provider == "sugarCRM" else {}
    return request(provider=provider, apiKey=None, **extra) | {block: value}


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
    body = request(
        provider="pipeliner", apiKey=None, basicAuth=BASIC, providerMetadata={}
    )
    answer = client.post(GENERATE, body)
    assert answer.status == 400
    assert answer.issue_names == ["providerWorkspaceRef", "providerMetadata.region"]


def test_an_input_of_one_module_is_not_required(client):
    app = {"provider": "salesforce", "clientId": "c", "clientSecret": "s", "scopes": ["api"]}
    client.post("/projects/my-project/provider-apps", app)
    made = generate(
        client, provider="salesforce", apiKey=None, oauth2AuthorizationCode=TOKENS
    )
    assert "providerWorkspaceRef" not in made
    provider = client.get("/providers/salesforce").json
    assert provider["metadata"]["input"] == [
        {"name": "workspace"},
        {
            "name": "businessUnitId",
            "moduleDependencies": {"account-engagement": {}, "account-engagement-demo": {}},
        },
    ]


# ------------------------------------------------------------------ listConnections


def test_filters_are_combined(client):
    wanted = generate(client, consumerRef="user-2")
    generate(client)
    generate(client, groupRef="group-2", consumerRef="user-2")
    generate(client, provider="mock", apiKey=None, consumerRef="user-2")
    query = "provider=apollo&groupRef=group-1&consumerRef=user-2"
    assert client.get(f"{CONNECTIONS}?{query}").json == [wanted]
    assert len(client.get(f"{CONNECTIONS}?consumerRef=user-2").json) == 3
    assert client.get(f"{CONNECTIONS}?groupRef=group-9").json == []


def test_connections_are_listed_oldest_first_and_of_one_project(client):
    first, second = generate(client, groupRef="b"), generate(client, groupRef="a")
    other = client.as_(key="mock-staging-key")
    generate_elsewhere = "/projects/mailmonkey-staging/connections"
    assert other.post(f"{generate_elsewhere}:generate", request()).status == 201
    assert client.get(CONNECTIONS).json == [first, second]
    assert len(other.get(generate_elsewhere).json) == 1


def test_no_answer_but_the_single_connection_has_secrets(client):
    made = generate(client, apiKey="very-hidden")
    tokens = imported(client)
    paths = [CONNECTIONS, f"{CONNECTIONS}/{made['id']}", f"{CONNECTIONS}/{tokens['id']}"]
    shown = [client.get(path).body.decode() for path in paths]
    shown += [str(made), str(tokens)]
    for text in shown:
        for secret in ("very-hidden", "access-1", "refresh-1", "credentials"):
            assert secret not in text


# ------------------------------------------------------------------ getConnection


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", None),
        ("?includeCreds=false", None),
        ("?includeCreds=true", {"accessToken", "scopes"}),
        ("?includeRefreshToken=true", {"accessToken", "refreshToken", "scopes"}),
        (
            "?includeCreds=false&includeRefreshToken=true",
            {"accessToken", "refreshToken", "scopes"},
        ),
        ("?includeCreds=1&includeRefreshToken=1", {"accessToken", "refreshToken", "scopes"}),
    ],
)
def test_secrets_are_shown_to_who_asks_for_them(client, query, shown):
    found = client.get(f"{CONNECTIONS}/{imported(client)['id']}{query}").json
    assert found.get("oauth2AuthorizationCode", {}).keys() == (shown or set())


def test_an_api_key_is_shown_to_who_asks_for_it(client):
    path = f"{CONNECTIONS}/{generate(client)['id']}"
    assert "apiKey" not in client.get(path).json
    assert client.get(f"{path}?includeCreds=true").json["apiKey"] == "key-1"


@pytest.mark.parametrize(("provider", "block", "value", "scheme"), SCHEMES)
def test_credentials_that_the_contract_cannot_show_stay_hidden(
    client, provider, block, value, scheme
):
    made = client.post(GENERATE, by_block(provider, block, value)).json
    text = client.get(f"{CONNECTIONS}/{made['id']}?includeRefreshToken=true").body.decode()
    assert "hidden-" not in text
    assert "t-1" not in text


def test_frontends_are_answered_without_secrets(client):
    made = imported(client)
    path = f"{CONNECTIONS}/{made['id']}?includeCreds=true&includeRefreshToken=true"
    for frontend in (client.as_(key="mock-frontend-key"), customer(client, "group-1")):
        answer = frontend.get(path)
        assert answer.status == 200
        assert answer.json == made


def test_an_unknown_connection_is_not_found(client):
    answer = client.get(f"{CONNECTIONS}/{NOTHING}")
    assert (answer.status, answer.json["detail"]) == (404, "connection not found")
    assert answer.issue_names == ["connectionId"]


def test_a_connection_of_another_project_is_not_found(client):
    made = generate(client)
    other = client.as_(key="mock-staging-key")
    assert other.get(f"/projects/mailmonkey-staging/connections/{made['id']}").status == 404


# ------------------------------------------------------------------ refresh


def access_token(client: Client, connection_id: str, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{CONNECTIONS}/{connection_id}?includeCreds=true{query}")
    assert answer.status == 200, answer.body
    token: dict[str, Any] = answer.json["oauth2AuthorizationCode"]["accessToken"]
    return token


def test_a_forced_refresh_makes_a_new_token(client, advance):
    made = imported(client)
    advance(60)
    token = access_token(client, made["id"], "&refresh=force")
    assert token["token"] != "access-1"
    assert token["issuedAt"] == "2026-02-01T12:01:00.000000Z"
    assert token["expiresAt"] == "2026-02-01T13:01:00.000000Z"
    assert access_token(client, made["id"]) == token
    assert client.get(f"{CONNECTIONS}/{made['id']}").json["status"] == "created"


def test_a_fresh_token_is_not_refreshed_before_it_expires(client, advance):
    made = imported(client)
    advance(3599)
    assert access_token(client, made["id"], "&refresh=ifExpired")["token"] == "access-1"
    assert "updateTime" not in client.get(f"{CONNECTIONS}/{made['id']}").json
    advance(1)
    assert access_token(client, made["id"], "&refresh=ifExpired")["token"] != "access-1"


def test_an_unknown_kind_of_refresh_is_refused(client):
    answer = client.get(f"{CONNECTIONS}/{generate(client)['id']}?refresh=always")
    assert (answer.status, answer.issue_names) == (400, ["refresh"])


def test_what_has_no_refresh_token_is_not_refreshed(client):
    key, tokens = generate(client), imported(client, refreshToken=None)
    for made in (key, tokens):
        answer = client.get(f"{CONNECTIONS}/{made['id']}?refresh=force")
        assert (answer.status, answer.issue_names) == (400, ["refresh"])
    assert client.get(f"{CONNECTIONS}/{key['id']}?refresh=ifExpired").status == 200


def test_a_refresh_token_that_expired_leaves_bad_credentials(client, advance):
    end = "2026-02-01T14:00:00Z"
    made = imported(client, refreshToken={"token": "refresh-1", "expiresAt": end})
    path = f"{CONNECTIONS}/{made['id']}"
    advance(7200)
    answer = client.get(f"{path}?refresh=force&includeRefreshToken=true")
    assert answer.status == 400
    assert "refresh-1" not in answer.body.decode()
    assert client.get(path).json["status"] == "bad_credentials"


# ------------------------------------------------------------------ updateConnection


def patch(client: Client, made: dict[str, Any], mask: list[str], **values: Any) -> Any:
    body = {"updateMask": mask, "connection": values}
    return client.patch(f"{CONNECTIONS}/{made['id']}", body)


@pytest.mark.parametrize(
    ("provider", "block", "value", "rotated"),
    [
        ("apollo", "apiKey", "key-1", "key-2"),
        ("ashby", "basicAuth", BASIC, {"username": "john", "password": "other"}),
        (
            "adobe",
            "oauth2ClientCredentials",
            CLIENT_CREDENTIALS,
            {"clientId": "id-2", "clientSecret": "other"},
        ),
        ("sugarCRM", "oauth2PasswordCredentials", PASSWORD, {**PASSWORD, "username": "john"}),
    ],
)
def test_credentials_are_rotated(client, mock, advance, provider, block, value, rotated):
    made = client.post(GENERATE, by_block(provider, block, value)).json
    advance(60)
    answer = patch(client, made, [block], **{block: rotated})
    assert answer.status == 200
    assert answer.json == {**made, "updateTime": "2026-02-01T12:01:00.000000Z"}
    stored = mock.sandbox.root.tables["connections"].rows[made["id"]]
    assert stored["credentials"] == {block: rotated}


def test_new_credentials_put_a_bad_connection_back_to_created(client, mock):
    made = generate(client)
    mark(mock, made["id"], "bad_credentials")
    assert patch(client, made, ["apiKey"], apiKey="key-2").json["status"] == "created"


def test_a_new_workspace_leaves_the_status_alone(client, mock):
    made = generate(client)
    mark(mock, made["id"], "working")
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="acme")
    assert (answer.json["status"], answer.json["providerWorkspaceRef"]) == ("working", "acme")


def mark(mock: Mock, identifier: str, status: str) -> None:
    transaction = RootTransaction(mock.sandbox.root)
    record = transaction.get("connections", identifier) or {}
    transaction.put("connections", identifier, {**record, "status": status})
    mock.sandbox.root = transaction.committed()


@pytest.mark.parametrize("mask", ["basicAuth", "oauth2ClientCredentials"])
def test_credentials_of_another_scheme_are_refused(client, mask):
    made = generate(client)
    values = {"basicAuth": BASIC, "oauth2ClientCredentials": CLIENT_CREDENTIALS}
    answer = patch(client, made, [mask], **values)
    assert (answer.status, answer.json["detail"]) == (400, "auth scheme mismatch")
    shown = client.get(f"{CONNECTIONS}/{made['id']}?includeCreds=true").json
    assert shown == {**made, "apiKey": "key-1"}


def test_an_unknown_mask_lists_the_allowed_ones(client):
    answer = patch(client, generate(client), ["customAuth"], customAuth={"a": "b"})
    assert (answer.status, answer.json["detail"]) == (400, "Invalid update mask")
    for mask in ("providerWorkspaceRef", "providerMetadata", "apiKey", "basicAuth"):
        assert mask in answer.json["remedy"]


def test_a_mask_without_a_value_is_refused(client):
    answer = patch(client, generate(client), ["apiKey"], providerWorkspaceRef="acme")
    assert (answer.status, answer.issue_names) == (400, ["connection.apiKey"])


def test_an_empty_key_is_no_new_key(client):
    answer = patch(client, generate(client), ["apiKey"], apiKey="")
    assert (answer.status, answer.issue_names) == (400, ["connection.apiKey"])


def test_an_empty_mask_changes_nothing(client):
    made = generate(client)
    answer = patch(client, made, [], apiKey="key-2")
    assert (answer.status, answer.json) == (200, made)


def test_fields_that_no_mask_names_are_ignored(client):
    made = generate(client)
    answer = patch(
        client,
        made,
        ["providerWorkspaceRef"],
        providerWorkspaceRef="acme",
        groupRef="group-2",
        consumerRef="user-2",
        provider="hubspot",
        apiKey="key-2",
    )
    assert answer.status == 200
    for name in ("group", "consumer", "provider"):
        assert answer.json[name] == made[name]
    shown = client.get(f"{CONNECTIONS}/{made['id']}?includeCreds=true").json
    assert shown["apiKey"] == "key-1"


def test_metadata_is_replaced_as_a_whole_and_leads_the_workspace(client):
    old = {
        "workspace": {"value": "acme", "source": "input", "displayName": "Workspace"},
        "region": {"value": "eu", "source": "input"},
    }
    made = generate(client, provider="braze", providerMetadata=old)
    new = {"workspace": {"value": "globex", "source": "input"}}
    answer = patch(client, made, ["providerMetadata"], providerMetadata=new)
    assert answer.json["providerMetadata"] == new
    assert answer.json["providerWorkspaceRef"] == "globex"


def test_the_workspace_leads_the_metadata_when_it_is_named(client):
    field = {"value": "acme", "source": "input", "displayName": "Workspace"}
    made = generate(client, provider="braze", providerMetadata={"workspace": field})
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="globex")
    assert answer.json["providerWorkspaceRef"] == "globex"
    assert answer.json["providerMetadata"] == {"workspace": {**field, "value": "globex"}}


def test_a_workspace_that_the_provider_needs_cannot_be_emptied(client):
    made = generate(client, provider="braze", providerWorkspaceRef="acme")
    answer = patch(client, made, ["providerWorkspaceRef"], providerWorkspaceRef="")
    assert (answer.status, answer.issue_names) == (400, ["connection.providerWorkspaceRef"])


def test_an_unknown_connection_cannot_be_updated(client):
    assert patch(client, {"id": NOTHING}, ["apiKey"], apiKey="k").status == 404


# ------------------------------------------------------------------ deleteConnection


def test_a_deleted_connection_is_gone_and_its_group_stays(client):
    made = generate(client)
    answer = client.delete(f"{CONNECTIONS}/{made['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert client.get(f"{CONNECTIONS}/{made['id']}").status == 404
    assert client.delete(f"{CONNECTIONS}/{made['id']}").status == 404
    assert client.get(CONNECTIONS).json == []
    again = generate(client, groupName=None)
    assert again["id"] != made["id"]
    assert again["group"] == made["group"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 installation still uses"), (2, "2 installations still use")]
)
def test_a_connection_in_use_is_not_deleted(client, mock, number, text):
    made = generate(client)
    for _ in range(number):
        install(mock, made)
    answer = client.delete(f"{CONNECTIONS}/{made['id']}")
    assert answer.status == 400
    assert text in answer.json["detail"]
    assert answer.json["remedy"] == "delete the installation first"
    assert client.get(f"{CONNECTIONS}/{made['id']}").json == made


def test_the_status_of_deleting_a_connection_in_use_is_a_setting():
    own = Client(make_mock(delete_connection_in_use_status=409))
    made = generate(own)
    install(own.mock, made)
    assert own.delete(f"{CONNECTIONS}/{made['id']}").status == 409


def test_a_provider_app_with_connections_is_kept(client):
    app = imported(client)["providerApp"]["id"]
    answer = client.delete(f"/projects/my-project/provider-apps/{app}")
    assert answer.status == 422
    assert "1 connection still uses" in answer.json["detail"]


# ------------------------------------------------------------------ customers


def test_a_customer_lists_the_connections_of_their_group_only(client):
    ours = generate(client)
    generate(client, groupRef="group-2")
    mine = customer(client, "group-1")
    assert mine.get(CONNECTIONS).json == [ours]
    assert mine.get(f"{CONNECTIONS}?groupRef=group-1").json == [ours]
    assert mine.get(f"{CONNECTIONS}?groupRef=group-2").status == 403


def test_a_customer_reaches_no_connection_of_another_group(client):
    theirs = generate(client, groupRef="group-2")
    path = f"{CONNECTIONS}/{theirs['id']}"
    mine = customer(client, "group-1")
    assert mine.get(path).status == 403
    assert patch(mine, theirs, ["apiKey"], apiKey="k").status == 403
    assert mine.delete(path).status == 403
    assert mine.post(GENERATE, request(groupRef="group-2")).status == 403
    assert client.get(path).json == theirs


def test_a_customer_connects_for_their_own_group(client):
    assert customer(client, "group-1").post(GENERATE, request()).status == 201
