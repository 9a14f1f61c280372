import html

import pytest

from tests.calls import NOTHING
from tests.client import Client
from tests.conftest import START, make_mock
from tests.connecting import (
    CONNECTIONS,
    begin,
    begin_salesforce,
    changed,
    come_back,
    connect,
    consented,
    decide,
    form_of,
    imported,
    query,
    submit,
    visit,
)

CONSENT = "/_provider/oauth/authorize"


def update(client: Client, identifier: str) -> str:
    answer = client.patch(f"{CONNECTIONS}/{identifier}:oauth-update")
    assert answer.status == 200
    return answer.body.decode()


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
    assert consented_later(client, back)


def consented_later(client: Client, back: str) -> bool:
    return come_back(client, back)[0].status == 200


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
    assert consented_later(client, back)


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
    app = "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a01"
    assert client.delete(f"/projects/my-project/provider-apps/{app}").status == 204
    failed(client, back)


def test_what_the_true_provider_says_is_told_in_its_own_words(client):
    state = query(begin(client))["state"]
    url = f"http://127.0.0.1:4010/callbacks/v1/oauth?error=server_error&state={state}"
    assert failed(client, url) == "server_error"


# ------------------------------------------------------------------ the consent page


def test_the_consent_page_says_who_asks_whom_for_what(client):
    page = visit(client, begin(client)).body.decode()
    for text in ("HubSpot", "MailMonkey", "Group One", "User One", "crm.objects.contacts.write"):
        assert text in page


def test_an_update_names_the_group_it_knows(client):
    page = visit(client, update(client, imported(client)["id"])).body.decode()
    assert "Group One" in page
    assert "User One" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "unknown"},
        {"state": None},
        {"client_id": "other"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example.com/"},
        {"redirect_uri": "http://127.0.0.1:4010.evil.example.com/callbacks/v1/oauth"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"code_challenge": "abc"},
        {"code_challenge": "abc", "code_challenge_method": "plain"},
    ],
)
@pytest.mark.parametrize("oauth", ["manual", "auto"])
def test_an_address_that_was_changed_is_refused_and_leads_nowhere(oauth, changes):
    own = Client(make_mock(oauth=oauth))
    answer = visit(own, changed(begin(own), **changes))
    assert answer.status == 400
    assert "location" not in answer.headers
    assert "<form" not in answer.body.decode()


@pytest.mark.parametrize("decision", ["approve", "deny"])
@pytest.mark.parametrize(
    "changes",
    [
        {"csrf": ""},
        {"csrf": "0" * 64},
        {"csrf": "\N{SNOWMAN}"},
        {"redirect_uri": "https://evil.example.com/"},
        {"client_id": "other"},
        {"state": NOTHING},
    ],
)
def test_a_form_that_was_changed_is_refused(client, decision, changes):
    fields = form_of(visit(client, begin(client)))
    answer = submit(client, CONSENT, {**fields, "decision": decision, **changes})
    assert answer.status == 400
    assert "location" not in answer.headers


def test_a_form_serves_its_own_session_only(client):
    first, second = begin(client), begin(client)
    fields = {**form_of(visit(client, first)), "state": query(second)["state"]}
    assert submit(client, CONSENT, {**fields, "decision": "approve"}).status == 400


def test_a_form_that_decides_nothing_allows_nothing(client):
    fields = form_of(visit(client, begin(client)))
    answer = submit(client, CONSENT, fields)
    assert "error=access_denied" in answer.headers["location"]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"state=%ff", b"{}", b"=&=&="])
def test_a_form_that_is_none_is_refused(client, raw):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(CONSENT, raw=raw, headers=headers, root=True)
    assert answer.status == 400


def test_looking_only_uses_nothing_up(client):
    back = decide(client, begin(client), "approve")
    path = back.removeprefix("http://127.0.0.1:4010")
    answer = client.call("HEAD", path, root=True)
    assert (answer.status, answer.body) == (405, b"")
    assert consented_later(client, back)


# ------------------------------------------------------------------ what pages may not do

HOSTILE = "</script><script>alert(1)</script>\u2028<img src=x onerror=alert(1)>\"'"


def test_names_cannot_break_out_of_the_consent_page(client):
    url = begin(client, groupName=HOSTILE, consumerName=HOSTILE, providerWorkspaceRef=HOSTILE)
    page = visit(client, url).body.decode()
    assert "<script" not in page
    assert "<img" not in page
    assert html.escape("<img src=x onerror=alert(1)>") in page


def test_an_error_cannot_break_out_of_the_script(client):
    back = decide(client, begin(client), "deny")
    page, message = come_back(client, changed(back, error_description=HOSTILE))
    assert message["message"] == HOSTILE
    text = page.body.decode()
    assert text.count("</script>") == 1
    assert "<img" not in text
    script = text.partition("<script")[2].partition("</script>")[0]
    assert "\u2028" not in script


def test_a_form_field_cannot_break_out_of_its_attribute(client):
    challenge = '"><script>alert(1)</script>'
    url = changed(
        begin_salesforce(client), code_challenge=challenge, code_challenge_method="S256"
    )
    page = visit(client, url)
    assert "<script" not in page.body.decode()
    assert form_of(page)["code_challenge"] == challenge


def policy(headers: dict[str, str]) -> dict[str, str]:
    directives = headers["content-security-policy"].split(";")
    return dict(directive.strip().partition(" ")[::2] for directive in directives)


def test_the_consent_page_runs_no_script_and_posts_to_us_only(client):
    headers = visit(client, begin(client)).headers
    found = policy(headers)
    assert found["script-src"] == "'none'"
    assert found["form-action"] == "'self'"
    assert found["frame-ancestors"] == "'none'"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_the_callback_runs_its_own_script_only_and_keeps_its_opener(client):
    page, _ = come_back(client, decide(client, begin(client), "approve"))
    nonce = policy(page.headers)["script-src"]
    assert nonce.startswith("'nonce-")
    assert f'<script nonce="{nonce[7:-1]}">' in page.body.decode()
    assert "unsafe-inline" not in nonce
    assert "cross-origin-opener-policy" not in page.headers
    again, _ = come_back(client, decide(client, begin(client), "approve"))
    assert policy(again.headers)["script-src"] != nonce


def test_the_other_pages_keep_their_policy(client):
    front = client.get("/", root=True)
    assert policy(front.headers)["form-action"] == "'none'"
