"""The OAuth round trip, from the consent page to the connection."""

from __future__ import annotations

import pytest

from tests.calls import HUBSPOT_APP
from tests.client import Client
from tests.conftest import START, make_mock
from tests.connecting import CONNECTIONS, imported
from tests.consenting import (
    begin,
    begin_salesforce,
    changed,
    come_back,
    connect,
    consented,
    decide,
    form_of,
    query,
    submit,
    update,
    visit,
)

CONSENT = "/_provider/oauth/authorize"


# ------------------------------------------------------------------ the round trip


def test_consent_makes_a_connection(client):
    identifier = connect(client, providerWorkspaceRef="acme", providerMetadata={})
    made = client.get(f"{CONNECTIONS}/{identifier}?includeRefreshToken=true").json
    assert made["group"]["groupName"] == "Group One"
    assert made["consumer"]["consumerName"] == "User One"
    assert (made["status"], made["authScheme"]) == ("created", "oauth2/authorizationCode")
    assert made["providerWorkspaceRef"] == "acme"
    assert made["providerMetadata"] == {}
    assert made["providerConsumerRef"].isdigit()
    assert made["providerApp"]["provider"] == "hubspot"
    tokens = made["oauth2AuthorizationCode"]
    assert tokens["accessToken"]["issuedAt"] == START
    assert tokens["accessToken"]["expiresAt"] == "2026-02-01T13:00:00.000000Z"
    assert tokens["refreshToken"]["token"] != tokens["accessToken"]["token"]
    assert tokens["scopes"] == made["providerApp"]["scopes"]


def test_the_opener_is_told_the_connection_and_nothing_else(client):
    page, message = come_back(client, decide(client, begin(client), "approve"))
    [made] = client.get(CONNECTIONS).json
    assert message == {
        "eventType": "AUTHORIZATION_SUCCEEDED",
        "data": {"connection": made["id"]},
    }
    text = page.body.decode()
    assert "window.close()" in text
    assert "HubSpot is connected" in text


def test_a_connection_made_by_consent_can_be_refreshed(client):
    path = f"{CONNECTIONS}/{connect(client)}"
    assert client.get(f"{path}?refresh=force").status == 200


def test_pkce_is_kept_to_the_end(client):
    identifier = consented(client, begin_salesforce(client))
    made = client.get(f"{CONNECTIONS}/{identifier}").json
    assert made["authScheme"] == "oauth2/authorizationCodePKCE"
    assert made["providerConsumerRef"].startswith("https://login.salesforce.com/id/00D")
    assert made["providerWorkspaceRef"].startswith("mock-")
    assert made["providerMetadata"]["workspace"] == {
        "value": made["providerWorkspaceRef"],
        "source": "token",
    }


def test_a_workspace_that_was_given_is_kept(client):
    identifier = consented(client, begin_salesforce(client, providerWorkspaceRef="acme-corp"))
    made = client.get(f"{CONNECTIONS}/{identifier}").json
    assert made["providerWorkspaceRef"] == "acme-corp"


def test_consenting_again_keeps_the_connection(client):
    first = connect(client)
    assert connect(client) == first
    assert len(client.get(CONNECTIONS).json) == 1


def test_an_update_renews_the_tokens_and_nothing_else(client, advance):
    made = imported(client)
    old = client.get(f"{CONNECTIONS}/{made['id']}?includeRefreshToken=true").json
    advance(60)
    assert consented(client, update(client, made["id"])) == made["id"]
    new = client.get(f"{CONNECTIONS}/{made['id']}?includeRefreshToken=true").json
    assert new.pop("updateTime") == "2026-02-01T12:01:00.000000Z"
    tokens = (old.pop("oauth2AuthorizationCode"), new.pop("oauth2AuthorizationCode"))
    assert new == old
    assert tokens[0]["accessToken"] != tokens[1]["accessToken"]
    assert tokens[0]["refreshToken"] != tokens[1]["refreshToken"]


def test_an_update_mends_bad_credentials(client, advance):
    end = {"token": "refresh-1", "expiresAt": "2026-02-01T12:30:00Z"}
    made = imported(client, refreshToken=end)
    advance(3600)
    path = f"{CONNECTIONS}/{made['id']}"
    assert client.get(f"{path}?refresh=force").status == 400
    assert client.get(path).json["status"] == "bad_credentials"
    consented(client, update(client, made["id"]))
    assert client.get(path).json["status"] == "created"


def test_a_consent_by_itself_when_nobody_is_there_to_give_it():
    own = Client(make_mock(oauth="auto"))
    answer = visit(own, begin(own))
    assert answer.status == 302
    page, message = come_back(own, answer.headers["location"])
    assert page.status == 200
    assert own.get(f"{CONNECTIONS}/{message['data']['connection']}").status == 200


# ------------------------------------------------------------------ refusals


def test_a_denied_consent_makes_nothing(client):
    back = decide(client, begin(client), "deny")
    assert query(back)["error"] == "access_denied"
    page, message = come_back(client, back)
    assert page.status == 400
    reason = "The customer did not allow access."
    assert message == {
        "eventType": "AUTHORIZATION_FAILED",
        "data": {"error": reason},
        "message": reason,
    }
    assert "was not connected" in page.body.decode()
    assert client.get(CONNECTIONS).json == []


def test_a_denied_update_changes_nothing(client):
    made = imported(client)
    come_back(client, decide(client, update(client, made["id"]), "deny"))
    assert client.get(f"{CONNECTIONS}/{made['id']}").json == made


def failed(client: Client, url: str) -> str:
    """Come back in vain; return the reason."""
    before = client.get(CONNECTIONS).json
    page, message = come_back(client, url)
    assert page.status == 400
    assert message["eventType"] == "AUTHORIZATION_FAILED"
    assert message["data"] == {"error": message["message"]}
    assert client.get(CONNECTIONS).json == before
    return str(message["message"])


def test_a_state_is_used_once(client):
    back = decide(client, begin(client), "approve")
    come_back(client, back)
    assert "completed before" in failed(client, back)


def test_a_denied_state_is_used_up(client):
    url = begin(client)
    denied, approved = decide(client, url, "deny"), decide(client, url, "approve")
    failed(client, denied)
    assert "completed before" in failed(client, approved)


@pytest.mark.parametrize("state", [None, "", "unknown", "\N{SNOWMAN}"])
def test_an_unknown_state_fails(client, state):
    back = decide(client, begin(client), "approve")
    failed(client, changed(back, state=state))
    assert come_back(client, back)[0].status == 200


@pytest.mark.parametrize("code", [None, "", "forged", "\N{SNOWMAN}"])
def test_a_forged_code_fails_and_uses_the_state_up(client, code):
    back = decide(client, begin(client), "approve")
    assert failed(client, changed(back, code=code)).startswith("invalid_grant")
    assert "completed before" in failed(client, back)


def test_a_code_counts_for_its_own_session_only(client):
    first = decide(client, begin(client), "approve")
    second = decide(client, begin(client), "approve")
    assert "invalid_grant" in failed(client, changed(first, code=query(second)["code"]))


def test_a_code_without_consent_fails(client):
    back = begin(client)
    state = query(back)["state"]
    url = f"http://127.0.0.1:4010/callbacks/v1/oauth?code=guessed&state={state}"
    assert "invalid_grant" in failed(client, url)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": "A" * 43},
        {"code_challenge": None, "code_challenge_method": None},
    ],
)
def test_a_challenge_that_was_changed_on_its_way_fails(client, changes):
    url = changed(begin_salesforce(client), **changes)
    assert "code verifier" in failed(client, decide(client, url, "approve"))


def test_a_challenge_that_was_never_asked_for_fails(client):
    url = changed(begin(client), code_challenge="A" * 43, code_challenge_method="S256")
    assert "code verifier" in failed(client, decide(client, url, "approve"))


def test_an_answer_that_comes_too_late_fails(client, advance):
    back = decide(client, begin(client), "approve")
    advance(600)
    assert "expired" in failed(client, back)


def test_an_answer_in_the_last_second_counts(client, advance):
    back = decide(client, begin(client), "approve")
    advance(599)
    assert come_back(client, back)[0].status == 200


def test_a_consent_page_that_comes_too_late_is_refused(client, advance):
    url = begin(client)
    page = visit(client, url)
    advance(600)
    assert visit(client, url).status == 400
    assert submit(client, CONSENT, {**form_of(page), "decision": "approve"}).status == 400


def test_a_connection_deleted_meanwhile_is_not_renewed(client):
    made = imported(client)
    back = decide(client, update(client, made["id"]), "approve")
    client.delete(f"{CONNECTIONS}/{made['id']}")
    failed(client, back)


def test_a_provider_app_deleted_meanwhile_ends_the_session(client):
    back = decide(client, begin(client), "approve")
    assert client.delete(f"/projects/my-project/provider-apps/{HUBSPOT_APP}").status == 204
    failed(client, back)


def test_what_the_true_provider_says_is_told_in_its_own_words(client):
    state = query(begin(client))["state"]
    url = f"http://127.0.0.1:4010/callbacks/v1/oauth?error=server_error&state={state}"
    assert failed(client, url) == "server_error"
