"""What only shows in the light of earlier answers: secrets, and request ids that repeat."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.conformance.callers import by_key
from mockserver.conformance.exchange import NO_BODY, Answer, Flaw, Request
from mockserver.conformance.memory import Memory
from tests.conformance.checking import CONTRACT

SECRET = "ct-abc123-0001-secret-1"
APP = {"clientId": "ct-abc123-0001-app-1", "clientSecret": SECRET}


def ask(
    memory: Memory,
    operation: str,
    answer: Any,
    body: Any = NO_BODY,
    status: int = 200,
    **query: str,
) -> list[Flaw]:
    request = Request(
        operation, "GET", "/", tuple(query.items()), body, caller=by_key("key", "a-key-of-ours")
    )
    told = Answer(status, {"content-type": "application/json"}, orjson.dumps(answer))
    return list(memory.flaws_of(CONTRACT, 1, request, told))


def checks(flaws: list[Flaw]) -> list[tuple[str, str]]:
    return [(flaw.check, flaw.pointer) for flaw in flaws]


def test_a_secret_that_was_sent_is_found_wherever_it_turns_up():
    memory = Memory()
    assert checks(ask(memory, "createProviderApp", APP, APP)) == [("secret", "/clientSecret")]
    told = [{"id": "x", "note": f"the secret is {SECRET}!"}]
    assert checks(ask(memory, "listProviderApps", told)) == [("secret", "/0/note")]


def test_a_secret_in_a_problem_is_found():
    problem = {"status": 400, "detail": f"bad value {SECRET}"}
    found = ask(Memory(), "createProviderApp", problem, APP, 400)
    assert checks(found) == [("secret", "/detail")]


def test_a_secret_in_a_header_is_found():
    memory = Memory()
    ask(memory, "createProviderApp", {}, APP)
    answer = Answer(200, {"content-type": "application/json", "x-debug": f"<{SECRET}>"}, b"[]")
    (flaw,) = memory.flaws_of(CONTRACT, 2, Request("listProviderApps", "GET", "/"), answer)
    assert flaw.check == "secret"
    assert flaw.detail.startswith("the header x-debug shows a secret")


def test_location_may_name_a_key_that_was_made():
    memory = Memory()
    made = {"key": "a-key-that-was-made"}
    ask(memory, "createApiKey", made)
    answer = Answer(201, {"location": "/api-keys/a-key-that-was-made"}, b"")
    assert list(memory.flaws_of(CONTRACT, 2, Request("createApiKey", "POST", "/"), answer)) == []


def test_what_only_starts_alike_is_no_secret():
    memory = Memory()
    ask(memory, "createProviderApp", {}, APP)
    assert ask(memory, "listProviderApps", [{"clientId": f"{SECRET}2"}]) == []


def test_a_text_that_was_sent_openly_too_is_no_secret():
    memory = Memory()
    assert ask(memory, "createProviderApp", {"id": SECRET}, {**APP, "clientId": SECRET}) == []


def test_a_short_secret_may_be_a_word():
    memory = Memory()
    assert ask(memory, "generateConnection", {"status": "working"}, {"apiKey": "working"}) == []


TOKENS = {"oauth2AuthorizationCode": {"accessToken": {"token": SECRET}}}


def test_tokens_stand_where_they_were_asked_for():
    memory = Memory()
    ask(memory, "generateConnection", {}, TOKENS)
    assert ask(memory, "getConnection", TOKENS, includeCreds="true") == []
    found = checks(ask(memory, "getConnection", TOKENS, includeCreds="false"))
    assert found == [("secret", "/oauth2AuthorizationCode/accessToken/token")]
    assert len(ask(memory, "listConnections", [TOKENS])) == 1


def test_a_refresh_token_has_a_flag_of_its_own():
    memory = Memory()
    answer = {"oauth2AuthorizationCode": {"refreshToken": {"token": SECRET}}}
    ask(memory, "generateConnection", {}, answer)
    assert len(ask(memory, "getConnection", answer, includeCreds="true")) == 1
    assert ask(memory, "getConnection", answer, includeRefreshToken="true") == []


def test_a_secret_that_an_answer_told_is_known_from_then_on():
    memory = Memory()
    shown = {"secrets": {"webhookSigningKey": "whsec_0123456789abcdef"}}
    assert ask(memory, "getDestination", shown, includeSecrets="true") == []
    assert checks(ask(memory, "getDestination", shown)) == [
        ("secret", "/secrets/webhookSigningKey")
    ]


def test_keys_of_others_turn_up_only_among_keys():
    memory = Memory()
    ask(memory, "createApiKey", {"key": "AKEY-0123456789"}, {"label": "x"})
    assert ask(memory, "listApiKeys", [{"key": "AKEY-0123456789"}]) == []
    assert len(ask(memory, "getProject", {"id": "AKEY-0123456789"})) == 1


def test_our_own_credential_is_never_repeated():
    found = ask(Memory(), "listTopics", {"detail": "no such key: a-key-of-ours"}, status=401)
    assert checks(found) == [("secret", "/detail")]


def test_a_request_id_identifies_one_request():
    memory = Memory()
    problem = {"requestId": "89eb1ffb-2a54-4105-aaae-7bf990f1aa69#1"}
    assert ask(memory, "listTopics", problem, status=404) == []
    (flaw,) = ask(memory, "listTopics", problem, status=404)
    assert (flaw.check, flaw.is_suspect) == ("request-id", False)
