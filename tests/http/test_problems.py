"""What a problem says, whichever operation refuses and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.client import KEY, Client, Response

PROJECT = "/projects/my-project"
JWT_KEYS = f"{PROJECT}/jwt-keys"
REQUEST_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}#[0-9]+"
)


def refusals(client: Client) -> dict[int, Response]:
    """Return one problem of every status that the door or an operation gives."""
    return {
        400: client.post(f"{PROJECT}/topics", raw=b"{"),
        401: client.as_(key="wrong").get(PROJECT),
        403: client.get("/projects/globex-project"),
        404: client.get("/projects/nothing"),
        405: client.put(PROJECT),
        409: client.post(f"{PROJECT}/topics", {"name": "system-alerts"}),
        413: client.post(f"{PROJECT}/topics", raw=b"0" * (10 * 1024 * 1024 + 1)),
        415: client.post(f"{PROJECT}/topics", {}, headers={"content-type": "text/plain"}),
        422: client.post(f"{PROJECT}/topics", {"name": "not a name"}),
    }


def test_a_problem_says_what_was_wrong_what_to_do_and_when(client: Client):
    refused = client.post(f"{PROJECT}/topics", {"name": "not a name"})

    (issue,) = refused.json.pop("issues")
    assert refused.status == 422
    assert refused.media_type == "application/problem+json"
    assert refused.json == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": refused.json["detail"],
        "remedy": refused.json["remedy"],
        "subsystem": "api",
        "time": "2026-02-01T12:00:00.000000Z",
        "requestId": refused.headers["x-request-id"],
        "retryable": False,
        "issues": [issue],
    }
    assert (issue["in"], issue["name"], issue["value"]) == ("body", "name", "not a name")
    assert (issue["status"], issue["title"]) == (422, "Unprocessable Entity")


def test_every_problem_repeats_its_status_and_request_id(client: Client):
    found = refusals(client)

    for status, refused in found.items():
        assert (refused.status, refused.json["status"]) == (status, status)
        assert refused.json["requestId"] == refused.headers["x-request-id"]
        assert refused.json["detail"]
        assert refused.json["remedy"]
        assert all(issue["status"] == status for issue in refused.issues)
        assert refused.headers["content-length"] == str(len(refused.body))


def test_every_answer_has_a_request_id_of_its_own(client: Client):
    found = [*refusals(client).values(), client.get(PROJECT), client.get("/providers")]
    found += [client.get("/", root=True), client.get("/__admin/health", root=True)]

    identifiers = [answer.headers["x-request-id"] for answer in found]
    assert all(REQUEST_ID.fullmatch(identifier) for identifier in identifiers)
    assert [int(identifier.partition("#")[2]) for identifier in identifiers] == list(
        range(1, len(found) + 1)
    )
    assert len({identifier.partition("#")[0] for identifier in identifiers}) == 1


def test_a_problem_tells_the_time_of_the_sandbox(client: Client, advance: Callable[[float], None]):
    advance(90.5)

    assert client.get("/projects/nothing").json["time"] == "2026-02-01T12:01:30.500000Z"


def test_jwt_keys_answer_problems_as_plain_json(client: Client, anonymous: Client):
    key = f"{JWT_KEYS}/4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"
    answers = [
        anonymous.get(JWT_KEYS),
        anonymous.post(JWT_KEYS, {}),
        anonymous.get(key),
        anonymous.patch(key, {}),
        anonymous.delete(key),
        client.get("/projects/globex-project/jwt-keys"),
        client.get("/projects/nothing/jwt-keys"),
        client.get(f"{JWT_KEYS}?active=maybe"),
        client.post(JWT_KEYS, {}),
        client.get(f"{JWT_KEYS}/nothing"),
        client.delete(f"{JWT_KEYS}/nothing"),
        client.patch(key, {"updateMask": ["color"], "jwtKey": {}}),
    ]

    assert {answer.media_type for answer in answers} == {"application/json"}
    assert [answer.status for answer in answers] == [401] * 5 + [403, 404, 400, 400, 404, 404, 400]
    assert all(answer.json["status"] == answer.status for answer in answers)


def test_deleting_an_api_key_answers_what_its_contract_forgot(client: Client, anonymous: Client):
    path = f"{PROJECT}/api-keys/mock-frontend-key"

    for answer in (anonymous.delete(path), client.as_(key="mock-globex-key").delete(path)):
        assert answer.media_type == "application/problem+json"
        assert answer.status in {401, 403}


def test_what_is_merely_absent_lists_issues_only_where_the_contract_has_them(client: Client):
    listed = client.get(f"{PROJECT}/destinations/nothing")
    unlisted = client.delete(f"{PROJECT}/topic-destination-routes/nothing")

    assert listed.issue_names == ["destination"]
    assert unlisted.status == 404
    assert "issues" not in unlisted.json


# ---------------------------------------------------------------- secrets

SECRET = "do-not-repeat-me"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/provider-apps", {"provider": "hubspot", "clientSecret": [SECRET]}),
        ("POST", "/provider-apps", {"provider": 1, "clientId": 2, "clientSecret": {SECRET: 1}}),
        (
            "PATCH",
            "/provider-apps/8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a01",
            {"updateMask": ["clientSecret"], "providerApp": {"clientSecret": [SECRET]}},
        ),
        ("POST", "/destinations", {"secrets": SECRET}),
        ("POST", "/destinations", {"secrets": {"awsSecretKey": [SECRET]}}),
        ("POST", "/connections:generate", {"apiKey": [SECRET]}),
        ("POST", "/connections:generate", {"basicAuth": SECRET}),
        ("POST", "/connections:generate", {"basicAuth": {"username": "u", "password": [SECRET]}}),
        ("POST", "/connections:generate", {"oauth2ClientCredentials": SECRET}),
        ("POST", "/topics", SECRET),
        ("GET", f"/api-keys/{SECRET}", None),
        ("DELETE", f"/api-keys/{SECRET}", None),
    ],
)
def test_a_secret_is_never_repeated(client: Client, method: str, path: str, body: Any):
    options = {} if body is None else {"body": body}

    refused = client.call(method, PROJECT + path, **options)

    assert 400 <= refused.status < 500
    assert SECRET not in refused.body.decode()


def test_a_secret_of_another_type_is_not_repeated_either(client: Client):
    number = 8675309
    metadata = {"url": "https://x.example", "headers": {"Authorization": number}}
    bodies = [
        ("/destinations", {"name": "a", "type": "webhook", "metadata": metadata}),
        ("/provider-apps", {"provider": "hubspot", "clientId": "a", "clientSecret": number}),
        ("/connections:generate", {"apiKey": number, "basicAuth": number}),
    ]

    for path, body in bodies:
        refused = client.post(PROJECT + path, body)

        assert refused.status == 400
        assert refused.issues
        assert str(number) not in refused.body.decode()


def test_a_value_that_is_no_secret_is_repeated_unless_it_is_long(client: Client):
    short = client.post(f"{PROJECT}/topics", {"name": "a b"})
    long = client.post(f"{PROJECT}/topics", {"name": "a b" * 200})

    assert short.issues[0]["value"] == "a b"
    assert "value" not in long.issues[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": SECRET},
        {"x-api-key": None, "authorization": f"Bearer {SECRET}"},
        {"x-api-key": None, "authorization": f"Basic {SECRET}"},
        {"x-api-key": None, "authorization": SECRET},
        {"x-api-key": None, "authorization": f"Bearer a.{SECRET}.c"},
    ],
)
def test_a_credential_is_never_repeated(client: Client, headers: dict[str, Any]):
    refused = client.get(PROJECT, headers=headers)

    assert refused.status == 401
    assert SECRET not in refused.body.decode() + str(refused.headers)
    assert refused.headers["www-authenticate"] == 'Bearer realm="ampersand"'


def test_only_401_asks_for_a_credential(client: Client):
    asked = [status for status, r in refusals(client).items() if "www-authenticate" in r.headers]

    assert asked == [401]
    assert KEY not in str([r.body for r in refusals(client).values()])
