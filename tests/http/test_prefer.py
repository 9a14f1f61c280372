"""The header Prefer: an answer for this request alone."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.faulting import TOPICS

OPERATION = "/projects/my-project/operations/any"
JWT_KEYS = "/projects/my-project/jwt-keys"


def prefer(client: Client, header: str, path: str = "/projects/my-project") -> Any:
    return client.get(path, headers={"Prefer": header})


def test_an_error_is_the_operations_own_problem(client: Client, mock: Mock):
    before = mock.sandbox.root.tables

    answer = client.post(TOPICS, {"name": "a"}, headers={"Prefer": "code=409"})

    assert (answer.status, answer.media_type) == (409, "application/problem+json")
    assert answer.headers["preference-applied"] == "code=409"
    assert answer.json["requestId"] == answer.headers["x-request-id"]
    assert mock.sandbox.root.tables is before


def test_it_is_for_this_request_alone(client: Client):
    assert prefer(client, "code=500").status == 500
    assert client.get("/projects/my-project").status == 200


def test_default_covers_every_error(client: Client):
    for code in (404, 418, 499, 503, 599):
        answer = prefer(client, f"code={code}")
        assert answer.json["status"] == code
        assert answer.json["retryable"] == (code == 503)


def test_a_success_has_the_declared_example_and_changes_nothing(client: Client, mock: Mock):
    before = mock.sandbox.root.tables

    answer = client.post(TOPICS, {"name": "a"}, headers={"Prefer": "code=201"})

    assert (answer.status, answer.json["name"]) == (201, "system-alerts")
    assert mock.sandbox.root.tables is before
    assert client.post(TOPICS, {"name": "a"}).status == 201  # it was never made


def test_an_example_is_chosen_by_its_name(client: Client):
    write, read = (
        prefer(client, f"example={n}", OPERATION) for n in ("writeSuccess", "readSuccess")
    )

    assert (write.json["actionType"], read.json["actionType"]) == ("write", "read")
    assert write.headers["preference-applied"] == "example=writeSuccess"


def test_an_example_of_an_error_is_chosen_with_its_code(client: Client):
    body = {"name": "k", "keyPem": "x", "algorithm": "RS256"}
    header = {"Prefer": 'code=400, example="invalidAlgorithm"'}

    answer = client.post(JWT_KEYS, body, headers=header)

    assert (answer.status, answer.json["status"]) == (400, 400)


def test_made_up_answers_are_the_same_for_the_same_seed(client: Client):
    one, same, other = (prefer(client, f"dynamic=true, seed={seed}").json for seed in "aab")

    assert one == same != other
    assert prefer(client, "seed=a").json == one  # a seed alone has nothing else to act on
    assert prefer(client, "dynamic=true").json == prefer(Client(make_mock()), "dynamic=true").json
    elsewhere = prefer(Client(make_mock(seed=9)), "dynamic=true").json
    assert elsewhere != prefer(client, "dynamic=true").json


def test_made_up_answers_are_filled(client: Client):
    """Made up, and yet what the schema asks for: the answer passed the response check."""
    answer = prefer(client, "dynamic=true", "/projects/my-project/integrations/a/installations/b")

    assert answer.status == 200
    assert answer.json["config"]["content"]["read"]["objects"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "wait=10",
        "respond-async, handling=lenient",
        "return=minimal; foo=bar",
        'other="code=404, example=x"',
        "dynamic=false",
    ],
)
def test_what_is_not_ours_is_left_alone(client: Client, header: str):
    answer = prefer(client, header)

    assert (answer.status, answer.json["name"]) == (200, "my-project")
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        "CODE=404",
        'code="404"',
        "code = 404 ; q=1",
        "wait=1, code=404",
        ", code=404,,",
        "code=404, code=x",
    ],
)
def test_the_grammar_is_that_of_the_rfc(client: Client, header: str):
    answer = prefer(client, header)

    assert answer.status == 404
    assert answer.headers["preference-applied"] == "code=404"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("code=", "three digits"),
        ("code", "three digits"),
        ("code=4040", "three digits"),
        ("code=4o4", "three digits"),
        ("code=²²²", "three digits"),
        ("dynamic=yes", "true nor false"),
        ("dynamic", "true nor false"),
        ("example=", "no value"),
        ("seed", "no value"),
        ("code=404 example=x", "not understood"),
        ('example="x', "not understood"),
        ("code=204", "declares no 204"),
        ("code=302", "declares no 302"),
        ("code=600", "declares no 600"),
        ("code=000", "declares no 0"),
        ("example=nope", "no example"),
    ],
)
def test_what_is_malformed_or_undeclared_is_400(client: Client, header: str, said: str):
    answer = prefer(client, header)

    assert answer.status == 400
    assert answer.json["type"].endswith("#INVALID_PREFER")
    assert said in answer.json["detail"]
    assert answer.json["remedy"]
    assert answer.issues[0]["name"] == "Prefer"
    assert "preference-applied" not in answer.headers


def test_the_refusal_lists_what_there_is(client: Client):
    unknown = prefer(client, "example=nope", OPERATION)
    assert "readSuccess, readBackfill, writeSuccess" in unknown.json["remedy"]

    undeclared = prefer(client, "code=418", f"{JWT_KEYS}/any")
    assert "200, 404, 500" in undeclared.json["remedy"]


def test_an_example_that_breaks_its_own_schema_is_refused_with_the_place(client: Client):
    path = "/projects/my-project/integrations/a/installations"

    answer = prefer(client, "code=200", path)

    assert answer.status == 400
    assert answer.json["type"].endswith("#VIOLATIONS")
    assert "/0/config/content/read/objects/account" in answer.json["detail"]
    assert prefer(client, "code=200, dynamic=true", path).status == 200


def test_the_request_must_be_one_that_is_let_in(client: Client, anonymous: Client):
    assert prefer(anonymous, "code=200").status == 401
    assert prefer(anonymous, "code=404").status == 401
    assert prefer(client, "code=200", "/projects/no-project").status == 404
    assert client.post(TOPICS, {}, headers={"Prefer": "code=409"}).status == 400
    assert client.post(TOPICS, {}, headers={"Prefer": "code=201"}).status == 400


def test_the_very_refusal_that_is_preferred_is_given(client: Client, anonymous: Client):
    refused = prefer(anonymous, "code=401")

    assert refused.status == 401
    assert refused.headers["preference-applied"] == "code=401"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert client.post(TOPICS, {}, headers={"Prefer": "code=400"}).status == 400


def test_what_has_no_body_has_none(client: Client):
    answer = client.delete(f"{TOPICS}/any", headers={"Prefer": "code=204"})

    assert (answer.status, answer.body) == (204, b"")


def test_results_of_other_hosts_are_preferred_too(client: Client):
    body = {"groupRef": "g", "type": "create", "records": [{"record": {"a": 1}}]}
    path = "/write/v1/projects/my-project/integrations/a/objects/b"

    answer = client.post(path, body, root=True, headers={"Prefer": "code=422, dynamic=true"})

    assert answer.status == 422


def test_the_control_plane_does_what_it_is_told(mock: Mock):
    control = Client(mock, key=None, prefix="/__admin")

    assert prefer(control, "code=500", "/health").status == 200


def test_the_names_of_paths_do_not_matter_to_pages(client: Client):
    assert client.get("/nothing", headers={"Prefer": "code=200"}).status == 404
