"""Of several mistakes in one request, which one is answered; and what is no mistake at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import calls
from tests.client import Client

PROJECT = "/projects/my-project"
OTHERS = "/projects/globex-project"
ACME = "/orgs/9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"
GLOBEX = "/orgs/1d3e8c54-7b0a-4a63-9b1e-2c5f7d8e9a20"

#: (method, path below a project, body) whose every part is wrong.
WRONG = [
    ("POST", "/topics", b"{"),
    ("PATCH", "/topics/nothing", b"{"),
    ("GET", "/destinations/nothing?includeSecrets=maybe", None),
    ("PATCH", "/destinations/nothing", b"\xff"),
    ("POST", "/jwt-keys", b"[]"),
    ("PATCH", "", b"[]"),
]


# ---------------------------------------------------------------- the order of the checks


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
@pytest.mark.parametrize("project", ["/projects/nothing", OTHERS, PROJECT])
def test_the_credential_comes_first(
    client: Client, project: str, method: str, path: str, body: bytes | None
):
    refused = client.as_(key="wrong").call(method, project + path, raw=body)

    assert refused.status == 401


@pytest.mark.parametrize(("method", "path", "body"), WRONG[:-1])
@pytest.mark.parametrize("project", ["/projects/nothing", OTHERS, PROJECT])
def test_then_what_a_credential_may_do_at_all(
    client: Client, project: str, method: str, path: str, body: bytes | None
):
    refused = client.as_(key="mock-frontend-key").call(method, project + path, raw=body)

    assert refused.status == 403


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_then_the_project(client: Client, method: str, path: str, body: bytes | None):
    absent = client.call(method, "/projects/nothing" + path, raw=body)
    foreign = client.call(method, OTHERS + path, raw=body)

    assert (absent.status, absent.json["detail"]) == (404, "project not found")
    assert foreign.status == 403


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("POST", "/invites"), ("GET", "")])
def test_then_the_organization(builder: Client, method: str, path: str):
    body = None if method == "GET" else b"{"
    absent = builder.call(method, "/orgs/nothing" + path, raw=body)
    foreign = builder.call(method, GLOBEX + path, raw=body)

    assert (absent.status, absent.json["detail"]) == (404, "organization not found")
    assert foreign.status == 403


@pytest.mark.parametrize(("method", "path", "body"), WRONG)
def test_then_parameters_and_body_before_anything_is_looked_up(
    client: Client, method: str, path: str, body: bytes | None
):
    assert client.call(method, PROJECT + path, raw=body).status == 400


def test_parameters_come_before_the_body(builder: Client):
    refused = builder.put(f"{PROJECT}/integrations:batch?destructive=maybe", raw=b"{")

    assert [(i["in"], i["name"]) for i in refused.issues] == [("query", "destructive")]


def test_then_what_the_path_names(client: Client):
    refused = client.patch(f"{PROJECT}/topics/nothing", {"name": "not a name"})

    assert (refused.status, refused.issue_names) == (404, ["topicId"])


def test_then_the_value_and_at_last_whether_it_is_free(client: Client):
    assert client.post(f"{PROJECT}/topics", {"name": "not a name"}).status == 422
    assert client.post(f"{PROJECT}/topics", {"name": "system-alerts"}).status == 409


def test_a_required_parameter_comes_after_the_project_and_before_the_record(client: Client):
    path = f"{PROJECT}/integrations/i/revisions/r:hydrate"

    assert client.as_().get(path).status == 401
    assert client.get(path.replace("my-project", "nothing")).status == 404
    assert client.get(path).status == 400
    assert client.get(f"{path}?connectionId=c").status == 404


# ---------------------------------------------------------------- what is ignored


@pytest.mark.parametrize(
    "accept",
    [
        "application/json;q=1, application/problem+json;q=0",
        "application/problem+json;q=1, text/plain;q=0",
        "text/html",
        "image/png;q=0",
        "",
        "nonsense",
    ],
)
def test_accept_is_ignored(client: Client, accept: str):
    granted = client.get(f"{PROJECT}/topics", headers={"accept": accept})
    refused = client.delete(f"{PROJECT}/topics/nothing", headers={"accept": accept})

    assert (granted.status, granted.media_type) == (200, "application/json")
    assert (refused.status, refused.media_type) == (404, "application/problem+json")


def test_unknown_query_parameters_are_ignored(client: Client):
    plain = client.get(f"{PROJECT}/topics")
    asked = client.get(f"{PROJECT}/topics?md5=x&skipSampling=true&=&&x&topicId=%00&a[]=1")

    assert (asked.status, asked.body) == (200, plain.body)


def test_unknown_body_keys_are_ignored(client: Client):
    body = {"id": "", "name": "known", "createTime": "0001-01-01T00:00:00Z", "x": {"y": [None]}}

    created = client.post(f"{PROJECT}/topics", body)

    assert created.status == 201
    assert created.json["id"] != ""
    assert created.json["createTime"] == "2026-02-01T12:00:00.000000Z"
    assert "x" not in created.json


# ---------------------------------------------------------------- query parameters


@pytest.mark.parametrize(
    ("text", "count"),
    [("true", 1), ("1", 1), ("false", 2), ("0", 2), ("%74rue", 1), ("false&active=true", 1)],
)
def test_a_boolean_is_true_false_1_or_0(client: Client, text: str, count: int):
    listed = client.get(f"{PROJECT}/jwt-keys?active={text}")

    assert len(listed.json) == count


@pytest.mark.parametrize(
    "text",
    ["", "TRUE", "True", "yes", "on", "t", "2", "01", "1.0", "null", "%00", "tru%E9", "true,"],
)
@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/jwt-keys", "active"),
        ("/api-keys", "active"),
        ("", "includeEntitlements"),
        ("/destinations/defaultWebhook", "rotate"),
    ],
)
def test_any_other_text_is_no_boolean(
    client: Client, is_unchanged: Callable[[], bool], path: str, parameter: str, text: str
):
    refused = client.get(f"{PROJECT}{path}?{parameter}={text}")

    assert refused.status == 400
    assert refused.issues[0]["in"] == "query"
    assert refused.issue_names == ([""] if "%E9" in text else [parameter])
    assert is_unchanged()


def test_a_value_that_is_not_allowed_is_told_what_is(client: Client):
    refused = client.get(f"{PROJECT}/notification-event-topic-routes?eventType=nonsense")

    assert (refused.status, refused.issue_names) == (400, ["eventType"])
    assert "'installation.created'" in refused.json["remedy"]


@pytest.mark.parametrize("query", ["", "pageSize=1", "pageSize=1000", "pageSize=+5&pageSize=5"])
def test_a_page_size_within_its_bounds_is_taken(client: Client, query: str):
    path = calls.path_of("listOperations")

    assert calls.caller(client, "listOperations").get(f"{path}?{query}").status == 200


@pytest.mark.parametrize(
    "size",
    ["0", "1001", "-1", "", "x", "1.5", "+5", "%2B5", "0x10", "1e2", "9" * 30, "%D9%A1", "5%20"],
)
def test_a_page_size_outside_its_bounds_is_refused(client: Client, size: str):
    path = f"{PROJECT}/integrations/i/installations/j/operations"

    refused = client.get(f"{path}?pageSize={size}")

    assert (refused.status, refused.issue_names) == (400, ["pageSize"])


@pytest.mark.parametrize("query", ["topicId=%FF", "%C3=1", "x=\xe4", "&".join(["a=1"] * 1001)])
def test_a_query_string_that_cannot_be_read_is_400(client: Client, query: str):
    refused = client.get(f"{PROJECT}/topic-destination-routes?{query}")

    assert refused.status == 400
    assert refused.issues[0]["in"] == "query"


def test_a_required_parameter_must_be_given(builder: Client):
    refused = builder.get("/claimed-domains")

    assert (refused.status, refused.issue_names) == (400, ["domain"])
    assert refused.json["remedy"] == "add ?domain=…"
