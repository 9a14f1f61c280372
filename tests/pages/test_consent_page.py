"""The consent page itself, and what neither page may do."""

from __future__ import annotations

import html
from collections.abc import Mapping

import pytest

from tests.calls import NOTHING
from tests.client import Client
from tests.conftest import make_mock
from tests.connecting import imported
from tests.consenting import (
    begin,
    begin_salesforce,
    changed,
    come_back,
    decide,
    form_of,
    query,
    submit,
    update,
    visit,
)

CONSENT = "/_provider/oauth/authorize"


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
    assert come_back(client, back)[0].status == 200


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
    url = changed(begin_salesforce(client), code_challenge=challenge, code_challenge_method="S256")
    page = visit(client, url)
    assert "<script" not in page.body.decode()
    assert form_of(page)["code_challenge"] == challenge


def policy(headers: Mapping[str, str]) -> dict[str, str]:
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
