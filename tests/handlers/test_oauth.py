"""The URLs that send customers to a consent page."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.calls import MY_PROJECT, NOTHING
from tests.client import Client
from tests.conftest import make_mock
from tests.connecting import CONNECTIONS, customer, generate, imported
from tests.consenting import begin, begin_salesforce, oauth_body, query

APPS = "/projects/my-project/provider-apps"


def app(client: Client, **fields: object) -> str:
    """Return the id of a new provider app of my-project."""
    body = {"clientId": "client-2", "clientSecret": "hidden-2", "scopes": ["a", "b"], **fields}
    answer = client.post(APPS, body)
    assert answer.status == 200
    return str(answer.json["id"])


# ------------------------------------------------------------------ oauthConnect


def test_the_url_is_plain_text_and_leads_to_the_pretend_provider(client):
    answer = client.post("/oauth-connect", oauth_body())
    assert (answer.status, answer.media_type) == (200, "text/plain")
    url = answer.body.decode()
    assert url.startswith("http://127.0.0.1:4010/_provider/oauth/authorize?")
    found = query(url)
    state = found.pop("state")
    assert len(state) >= 32
    assert found == {
        "client_id": "hubspot-client-my-project",
        "redirect_uri": "http://127.0.0.1:4010/callbacks/v1/oauth",
        "response_type": "code",
        "scope": "crm.objects.contacts.read crm.objects.contacts.write oauth",
    }


def test_every_consent_has_a_state_of_its_own(client):
    assert query(begin(client))["state"] != query(begin(client))["state"]


@pytest.mark.parametrize("name", ["projectId", "projectIdOrName"])
@pytest.mark.parametrize("value", ["my-project", "MY-Project", MY_PROJECT])
def test_the_project_is_named_by_either_key_and_by_id_or_name(client, name, value):
    body = oauth_body(projectId=None) | {name: value}
    assert client.post("/oauth-connect", body).status == 200


def test_the_key_of_the_contract_counts_when_both_are_there(client):
    body = oauth_body(projectIdOrName="globex-project")
    assert client.post("/oauth-connect", body).status == 200


def test_a_project_is_required(client):
    answer = client.post("/oauth-connect", oauth_body(projectId=None))
    assert (answer.status, answer.issue_names) == (400, ["projectId"])


def test_an_unknown_project_is_not_found(client):
    answer = client.post("/oauth-connect", oauth_body(projectId="no-such-project"))
    assert (answer.status, answer.json["detail"]) == (404, "project not found")


@pytest.mark.parametrize("project", ["mailmonkey-prod", "globex-project"])
def test_a_project_of_somebody_else_is_forbidden(client, project):
    assert client.post("/oauth-connect", oauth_body(projectId=project)).status == 403


@pytest.mark.parametrize("name", ["groupRef", "consumerRef", "provider"])
def test_the_group_the_consumer_and_the_provider_are_required(client, name):
    answer = client.post("/oauth-connect", oauth_body(**{name: None}))
    assert (answer.status, answer.issue_names) == (400, [name])


@pytest.mark.parametrize("name", ["groupRef", "consumerRef"])
def test_an_empty_ref_is_refused(client, name):
    answer = client.post("/oauth-connect", oauth_body(**{name: ""}))
    assert (answer.status, answer.issue_names) == (400, [name])


@pytest.mark.parametrize(
    ("provider", "reason"),
    [
        ("nowhere", "unknown provider"),
        ("apollo", "apollo has no consent page: it uses apiKey"),
        ("adobe", "adobe has no consent page: it uses oauth2/clientCredentials"),
        ("asana", "no provider app found for provider asana"),
    ],
)
def test_a_provider_must_have_a_consent_page_and_an_app(client, provider, reason):
    answer = client.post("/oauth-connect", oauth_body(provider=provider))
    assert (answer.status, answer.issue_names) == (400, ["provider"])
    assert answer.json["detail"] == reason
    assert answer.json["remedy"]


def test_the_first_app_of_a_provider_is_the_default(client):
    app(client, provider="hubspot")
    assert query(begin(client))["client_id"] == "hubspot-client-my-project"


def test_another_app_can_be_named(client):
    other = app(client, provider="hubspot")
    found = query(begin(client, providerAppId=other))
    assert (found["client_id"], found["scope"]) == ("client-2", "a b")


def test_an_app_must_exist_and_be_the_providers(client):
    for wanted in (NOTHING, app(client, provider="asana"), "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a04"):
        answer = client.post("/oauth-connect", oauth_body(providerAppId=wanted))
        assert (answer.status, answer.issue_names) == (400, ["providerAppId"])


def test_extra_parameters_of_the_app_are_added_and_replace_none_of_oauths(client):
    extra = {"optional_scope": ["one", "two"], "state": ["stolen"], "client_id": ["other"]}
    other = app(client, provider="hubspot", metadata={"authQueryParams": extra})
    found = query(begin(client, providerAppId=other))
    assert found["optional_scope"] == "one two"
    assert found["client_id"] == "client-2"
    assert found["state"] != "stolen"


def test_an_app_without_scopes_asks_for_none(client):
    other = app(client, provider="asana", scopes=[])
    assert "scope" not in query(begin(client, provider="asana", providerAppId=other))


def test_pkce_providers_get_a_challenge_and_others_do_not(client):
    found = query(begin_salesforce(client))
    assert (len(found["code_challenge"]), found["code_challenge_method"]) == (43, "S256")
    assert "code_challenge" not in query(begin(client))


def test_a_workspace_is_required_where_the_provider_says_so(client):
    app(client, provider="zendeskSupport")
    answer = client.post("/oauth-connect", oauth_body(provider="zendeskSupport"))
    assert (answer.status, answer.issue_names) == (400, ["providerWorkspaceRef"])
    assert "providerWorkspaceRef" in answer.json["detail"]
    begin(client, provider="zendeskSupport", providerWorkspaceRef="acme")
    workspace = {"workspace": {"value": "acme", "source": "input"}}
    begin(client, provider="zendeskSupport", providerMetadata=workspace)


def test_the_account_id_of_netsuite_is_its_workspace(client):
    app(client, provider="netsuite")
    account = {"accountId": {"value": "1234567890", "source": "input"}}
    begin(client, provider="netsuite", providerMetadata=account)


def test_inputs_that_the_catalog_asks_for_are_required(client):
    app(client, provider="dynamicsCRM")
    answer = client.post("/oauth-connect", oauth_body(provider="dynamicsCRM"))
    assert answer.status == 400
    assert answer.issue_names == ["providerWorkspaceRef", "providerMetadata.region"]


def test_nothing_can_be_seen_before_the_customer_consents(client):
    begin(client)
    assert client.get(CONNECTIONS).json == []
    generate(client, groupName=None)
    [made] = client.get(CONNECTIONS).json
    assert made["group"]["groupName"] == "group-1"  # "Group One" was only announced


def test_what_the_react_library_sends_is_taken(client):
    body = {
        "provider": "hubspot",
        "consumerRef": "user-1",
        "groupRef": "group-1",
        "projectIdOrName": "my-project",
        "consumerName": "User One",
        "groupName": "Group One",
        "providerMetadata": {},
        "enableCSRFProtection": False,
    }
    answer = client.as_(key="mock-frontend-key").post("/oauth-connect", body)
    assert answer.status == 200
    assert "set-cookie" not in answer.headers


def test_a_customer_begins_for_their_own_group_only(client):
    mine = customer(client, "group-1")
    assert mine.post("/oauth-connect", oauth_body()).status == 200
    assert mine.post("/oauth-connect", oauth_body(groupRef="group-2")).status == 403
    assert mine.post("/oauth-connect", oauth_body(consumerRef="user-2")).status == 403


def test_urls_begin_with_the_public_url():
    own = Client(make_mock(public_url="https://mock.example.com/base/"))
    url = begin(own)
    assert url.startswith("https://mock.example.com/base/_provider/oauth/authorize?")
    assert query(url)["redirect_uri"] == "https://mock.example.com/base/callbacks/v1/oauth"


def test_a_host_that_is_none_ends_up_in_no_url(client):
    sent = {"host": '"><script>'}
    url = client.post("/oauth-connect", oauth_body(), headers=sent).body.decode()
    assert urlsplit(url).netloc == "127.0.0.1:4010"


# ------------------------------------------------------------------ oauth_url=provider


@pytest.mark.parametrize(
    ("fields", "page"),
    [
        ({}, "https://login.salesforce.com/services/oauth2/authorize"),
        (
            {"providerWorkspaceRef": "acme-corp"},
            "https://acme-corp.my.salesforce.com/services/oauth2/authorize",
        ),
        (
            {"providerWorkspaceRef": "evil.example.com/?"},
            "https://evil.example.com%2F%3F.my.salesforce.com/services/oauth2/authorize",
        ),
    ],
)
def test_the_true_provider_can_be_pointed_to(fields, page):
    own = Client(make_mock(oauth_url="provider"))
    url = begin_salesforce(own, **fields)
    assert url.partition("?")[0] == page
    found = query(url)
    assert found["redirect_uri"] == "http://127.0.0.1:4010/callbacks/v1/oauth"
    assert {"client_id", "state", "scope", "code_challenge"} <= found.keys()


def test_the_true_page_has_its_other_inputs_filled_in():
    own = Client(make_mock(oauth_url="provider"))
    app(own, provider="workday")
    inputs = {"tenantName": {"value": "acme_tenant", "source": "input"}}
    url = begin(own, provider="workday", providerWorkspaceRef="wd2", providerMetadata=inputs)
    assert url.startswith("https://wd2.workday.com/ccx/oauth2/acme_tenant/authorize?")


# ------------------------------------------------------------------ oauthUpdate


def update(client: Client, identifier: str, **options: object):
    return client.patch(f"{CONNECTIONS}/{identifier}:oauth-update", **options)


def test_an_update_needs_no_body_and_answers_with_a_url(client):
    answer = update(client, imported(client)["id"])
    assert (answer.status, answer.media_type) == (200, "text/plain")
    assert query(answer.body.decode())["client_id"] == "hubspot-client-my-project"


def test_an_update_is_found_behind_a_percent_encoded_colon(client):
    path = f"{CONNECTIONS}/{imported(client)['id']}%3Aoauth-update"
    assert client.patch(path).status == 200


def test_a_connection_without_a_consent_page_cannot_be_updated_by_one(client):
    answer = update(client, generate(client)["id"])
    assert (answer.status, answer.issue_names) == (400, ["connectionId"])
    assert "apiKey" in answer.json["detail"]


def test_an_unknown_connection_is_not_found(client):
    assert update(client, NOTHING).status == 404


def test_a_customer_updates_connections_of_their_own_group_only(client):
    made = imported(client)
    assert update(customer(client, "group-1"), made["id"]).status == 200
    assert update(customer(client, "group-2"), made["id"]).status == 403
