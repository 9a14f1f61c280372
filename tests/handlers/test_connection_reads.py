"""Connections listed, shown and refreshed, and who sees what of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calls import NOTHING
from tests.client import Client
from tests.connecting import (
    CONNECTIONS,
    GENERATE,
    SCHEMES,
    by_block,
    customer,
    generate,
    imported,
    patch,
    request,
)

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


def test_a_refresh_token_that_expired_leaves_bad_credentials(mock, advance):
    plain = Client(mock)  # the careful client takes no refused call that leaves a mark; this does
    end = "2026-02-01T14:00:00Z"
    made = imported(plain, refreshToken={"token": "refresh-1", "expiresAt": end})
    path = f"{CONNECTIONS}/{made['id']}"
    advance(7200)
    answer = plain.get(f"{path}?refresh=force&includeRefreshToken=true")
    assert answer.status == 400
    assert "refresh-1" not in answer.body.decode()
    changed = {**made, "status": "bad_credentials", "updateTime": "2026-02-01T14:00:00.000000Z"}
    assert plain.get(path).json == changed


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
