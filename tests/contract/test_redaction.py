"""Redaction: no secret is left, everything else is, and what is left can be judged again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.contract.judge import Judge
from mockserver.contract.recordings import Exchange
from mockserver.contract.redaction import (
    REDACTED,
    is_redacted,
    redact_body,
    redact_exchange,
    redact_headers,
    redact_json,
    redact_text,
    redact_url,
)

SECRET = "s3cr3t-value-of-a-customer"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"
KEY_PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADAN\n-----END PRIVATE KEY-----"


def exchange(
    method: str, path: str, status: int, answer: Any, *, body: Any = None, key: str = SECRET
) -> Exchange:
    return Exchange(
        method=method,
        path=path,
        query="",
        request_headers=(("Content-Type", "application/json"), ("X-Api-Key", key)),
        request_body=b"" if body is None else json.dumps(body).encode(),
        status=status,
        response_headers=(("content-type", "application/json"),),
        response_body=json.dumps(answer).encode(),
    )


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"key": SECRET, "label": "Server"}, id="ApiKey"),
        pytest.param({"clientId": "public", "clientSecret": SECRET}, id="provider app"),
        pytest.param({"secrets": {"webhookSigningKey": SECRET}}, id="destination"),
        pytest.param({"secrets": {"awsKeyId": SECRET, "awsSecretKey": SECRET}}, id="kinesis"),
        pytest.param({"destination": {"secrets": {"awsSessionToken": SECRET}}}, id="update"),
        pytest.param({"metadata": {"headers": {"Authorization": f"Bearer {SECRET}"}}}, id="hook"),
        pytest.param({"accessToken": {"token": SECRET, "expiresAt": "x"}}, id="access token"),
        pytest.param({"oauth2AuthorizationCode": {"refreshToken": {"token": SECRET}}}, id="OAuth"),
        pytest.param({"basicAuth": {"username": "ann", "password": SECRET}}, id="basic"),
        pytest.param({"customAuth": {"realm": SECRET, "more": [SECRET]}}, id="custom"),
        pytest.param([{"apiKey": SECRET}], id="connection"),
        pytest.param({"access_token": SECRET, "client_secret": SECRET}, id="snake case"),
        pytest.param({"detail": f"token {JWT} has expired"}, id="JWT in a text"),
        pytest.param({"pem": KEY_PEM}, id="private key"),
        pytest.param({"url": f"https://s.example/a?X-Amz-Signature={SECRET}&n=1"}, id="signed"),
        pytest.param({"url": f"https://ann:{SECRET}@s.example/a"}, id="password in an address"),
    ],
)
def test_secrets_of_the_contract_are_taken_out(value: Any):
    redacted = json.dumps(redact_json(value))

    assert SECRET not in redacted
    assert JWT not in redacted
    assert "MIIEvgIBADAN" not in redacted
    assert "REDACTED" in redacted


@pytest.mark.parametrize(
    "value",
    [
        {"publicKeyPem": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"},
        {"pagination": {"nextPageToken": "abc", "done": False}},
        {"id": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01", "clientId": "public", "scopes": ["full"]},
        {"apiKey": {"label": "renamed", "active": False}, "updateMask": ["label"]},
        {"metadata": {"url": "https://hooks.example/a?x=1", "headers": {"X-Team": "crm"}}},
        {"accessToken": {"expiresAt": "2026-02-01T12:00:00Z"}},
        {"token": None, "password": "", "key": True},
    ],
)
def test_what_is_no_secret_stays_byte_for_byte(value: Any):
    body = json.dumps(value, indent=1).encode()

    assert redact_body(body) == body


def test_credentials_in_headers_keep_only_their_scheme():
    given_headers = (
        ("Authorization", f"Bearer {SECRET}"),
        ("X-Api-Key", SECRET),
        ("Cookie", f"session={SECRET}"),
        ("Set-Cookie", f"session={SECRET}; Path=/"),
        ("Location", f"https://p.example/cb?code={SECRET}&page=2"),
        ("Accept", "application/json"),
    )

    assert redact_headers(given_headers) == (
        ("Authorization", f"Bearer {REDACTED}"),
        ("X-Api-Key", REDACTED),
        ("Cookie", REDACTED),
        ("Set-Cookie", REDACTED),
        ("Location", "https://p.example/cb?code=%5BREDACTED%5D&page=2"),
        ("Accept", "application/json"),
    )


def test_a_key_is_taken_out_of_the_path_and_of_the_problem_that_repeats_it():
    path = f"/v1/projects/p/api-keys/{SECRET}"
    problem = {"title": "Not Found", "status": 404, "detail": f"no API key {SECRET}"}

    redacted = redact_exchange(exchange("GET", path, 404, problem, key="another-key"))

    assert redacted.path == "/v1/projects/p/api-keys/%5BREDACTED%5D"
    assert json.loads(redacted.response_body)["detail"] == f"no API key {REDACTED}"


def test_an_answer_that_echoes_a_secret_under_another_name_is_redacted():
    echoed = {"note": f"stored {SECRET}"}
    sent = {"provider": "hubspot", "clientSecret": SECRET}

    redacted = redact_exchange(exchange("POST", "/v1/x", 201, echoed, body=sent, key="other-key"))

    assert SECRET.encode() not in redacted.request_body + redacted.response_body


def test_the_address_of_a_billing_portal_is_a_secret_as_a_whole():
    answer = {"url": f"https://billing.example/p/session/{SECRET}"}
    path = "/v1/billingAccounts/acct_1/portalSession"

    redacted = redact_exchange(exchange("POST", path, 200, answer))

    assert json.loads(redacted.response_body) == {"url": "https://billing.example/%5BREDACTED%5D"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f'{{"clientSecret": "{SECRET}", "cut": ', id="cut short"),
        pytest.param(f'{{"clientSecret": "{SECRET}', id="cut inside"),
        pytest.param('{"a":' * 5000 + f'{{"password": "{SECRET}"}}' + "}" * 5000, id="deep"),
    ],
)
def test_what_is_no_json_is_searched_too(body: str):
    assert SECRET.encode() not in redact_body(body.encode())


def test_a_form_keeps_its_names():
    sent = Exchange(
        method="POST",
        path="/token",
        query="",
        request_headers=(("content-type", "application/x-www-form-urlencoded"),),
        request_body=f"grant_type=refresh_token&refresh_token={SECRET}".encode(),
        status=200,
        response_headers=(),
        response_body=b"",
    )

    body = redact_exchange(sent).request_body

    assert body == b"grant_type=refresh_token&refresh_token=%5BREDACTED%5D"


@pytest.mark.parametrize("url", ["https://h.example/?", "http://[::1", "https://h.example/a#b"])
def test_an_address_without_secrets_is_not_touched(url: str):
    assert redact_url(url) == url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (REDACTED, True),
        ("[Filtered]", True),
        ("Bearer [Filtered]", True),
        ("%5BREDACTED%5D", True),
        ("*****", True),
        ("<redacted>", True),
        ("removed", False),
        ("mock-full-key", False),
        ("", False),
        (7, False),
    ],
)
def test_what_other_tools_took_out_is_known(value: object, expected: bool):
    assert is_redacted(value) is expected


#: The processor is shared with other tests: how long it takes says nothing.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["key", "clientSecret", "awsSecretKey", "token", "password", "api_key"])


@UNHURRIED
@given(JSON, NAMES, st.text("abcdefghijk-0123456789", min_size=12, max_size=30))
def test_no_secret_survives_anywhere(around: Any, name: str, secret: str):
    value = {"first": around, "then": [{name: secret}], "echo": f"<{secret}>"}

    redacted = redact_exchange(exchange("POST", "/v1/x", 200, value, body=value, key="a-key-here"))

    assert secret.encode() not in redacted.request_body + redacted.response_body


@UNHURRIED
@given(JSON)
def test_redacting_twice_changes_nothing_more(value: Any):
    once = redact_json(value)

    assert redact_json(once) == once


@UNHURRIED
@given(st.binary(max_size=60))
def test_any_bytes_come_through(body: bytes):
    assert isinstance(redact_body(body), bytes)


def test_a_known_secret_is_found_in_a_text_but_a_short_one_would_hit_words():
    assert redact_text(f"key {SECRET} is off", [SECRET]) == f"key {REDACTED} is off"
    assert redact_text("the key is off", ["key"]) == "the key is off"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 500 + '{"apiKey": "' + SECRET + '"}' + "]" * 500, id="deep"),
        pytest.param("[" * 100_000, id="deeper than any parser reads"),
        pytest.param("eyJ" * 300_000, id="beginnings of tokens"),
        pytest.param('"' + '\\"' * 500_000, id="quotation marks"),
        pytest.param(
            json.dumps({"secrets": [f"{SECRET}-{n}" for n in range(30_000)], "x": ["y"] * 30_000}),
            id="secrets",
        ),
    ],
)
def test_no_body_takes_for_ever_or_fails(body: str):
    sent = replace(exchange("POST", "/v1/x", 400, {}), request_body=body.encode())

    assert SECRET.encode() not in redact_exchange(sent).request_body


def test_a_token_is_found_where_it_is_glued_to_something():
    assert redact_text(f"a.{JWT} b-{JWT}") == f"a.{REDACTED} b-{REDACTED}"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


def test_a_redacted_exchange_can_be_judged_again(judge: Judge):
    path = "/v1/projects/my-project/api-keys"
    key = {"key": SECRET, "label": "Server", "projectId": "p", "scopes": ["full"], "active": True}
    answer = {**key, "createTime": "2026-02-01T12:00:00Z"}
    created = redact_exchange(exchange("POST", path, 201, answer, body={"label": "Server"}))

    verdict = judge.judge(created)

    assert SECRET.encode() not in created.response_body
    assert (verdict.operation_id, verdict.reasons) == ("createApiKey", ())
