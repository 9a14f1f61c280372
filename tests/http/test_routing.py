"""From the raw path of a request to an operation, or to a problem that says where to look."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from mockserver.http.routing import Router
from tests.client import Client

PROJECT = "/projects/my-project"
TOPIC = f"{PROJECT}/topics/b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01"


# ---------------------------------------------------------------- what reaches an operation


def test_every_operation_of_the_contract_is_routed(mock: Mock, client: Client):
    unrouted = []
    for operation in mock.contract.operations.values():
        path = operation.path.replace("{", "").replace("}", "")

        answer = client.call(operation.method, path)

        if answer.status == 405 or "no operation has the path" in answer.body.decode():
            unrouted.append(operation.operation_id)
    assert unrouted == []


@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_the_colon_of_a_verb_may_be_percent_encoded(client: Client, builder: Client, colon: str):
    batch = client.put(f"{PROJECT}/integrations{colon}batch")
    accept = builder.post(f"/invites{colon}accept")
    hydrate = client.get(f"{PROJECT}/integrations/i/revisions/r{colon}hydrate")

    assert "a JSON body is required" in batch.json["detail"]
    assert "a JSON body is required" in accept.json["detail"]
    assert hydrate.json["detail"] == "query parameter connectionId is required"


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        (f"{PROJECT}/destinations/a%2Fb", "destination"),
        (f"{PROJECT}/destinations/%2F", "destination"),
        (f"{PROJECT}/destinations/..%2Ftopics", "destination"),
        (f"{PROJECT}/destinations/a:b", "destination"),
        (f"{PROJECT}/destinations/a%20b%3Fc%23d", "destination"),
        (f"{PROJECT}/destinations/%F0%9F%A6%8A", "destination"),
        ("/projects/my%2Fproject/topics", "project"),
    ],
)
def test_a_value_may_hold_any_character_when_it_is_percent_encoded(
    client: Client, path: str, noun: str
):
    answer = client.get(path)

    assert answer.status == 404
    assert answer.json["detail"] == f"{noun} not found"


def test_a_topic_id_with_a_slash_is_looked_up(client: Client):
    answer = client.delete(f"{PROJECT}/topics/a%2Fb")

    assert (answer.status, answer.issue_names) == (404, ["topicId"])
    assert answer.issues[0]["value"] == "a/b"


def test_percent_encoding_that_nobody_needs_changes_nothing(client: Client):
    plain, encoded = (
        client.get(f"{PROJECT}/topics"),
        client.get("/%70rojects/%6Dy-project/topic%73"),
    )

    assert encoded.status == 200
    assert encoded.json == plain.json


def test_a_path_sent_as_bare_utf8_reads_like_a_percent_encoded_one(client: Client):
    bare = client.delete(f"{PROJECT}/topics/" + "ä€".encode().decode("latin-1"))
    encoded = client.delete(f"{PROJECT}/topics/%C3%A4%E2%82%AC")

    assert bare.issues[0]["value"] == encoded.issues[0]["value"] == "ä€"


def test_operations_that_name_the_same_parameter_differently_share_a_path(client: Client):
    path = f"{PROJECT}/integrations/my-integration"

    assert client.get(path).json["name"] == "my-integration"
    assert client.put(path).headers["allow"] == "DELETE, GET, OPTIONS"
    assert client.delete(path).status == 204
    assert client.get(path).status == 404


def test_the_most_specific_template_wins():
    router: Router[str] = Router()
    for template in ("/a/{x}", "/a/{x}:run", "/a/b", "/a/b:run", "/a/{x}/c", "/{y}/b/d"):
        router.add("GET", template, template)

    def found(path: str) -> tuple[str, tuple[str, ...]] | None:
        match = router.match(path)
        return (match.methods["GET"], match.values) if match else None

    assert found("/a/b") == ("/a/b", ())
    assert found("/a/b:run") == ("/a/b:run", ())
    assert found("/a/z:run") == ("/a/{x}:run", ("z",))
    assert found("/a/z:y:run") == ("/a/{x}:run", ("z:y",))
    assert found("/a/z:stop") == ("/a/{x}", ("z:stop",))
    assert found("/a/:run") == ("/a/{x}", (":run",))
    assert found("/a/b/c") == ("/a/{x}/c", ("b",))
    assert found("/a/b/d") == ("/{y}/b/d", ("a",))
    assert found("/a") is None


def test_a_method_and_template_cannot_be_taken_twice():
    router: Router[str] = Router()
    router.add("GET", "/a/{x}", "first")

    with pytest.raises(ValueError, match=r"two operations for GET /a/\{y\}"):
        router.add("GET", "/a/{y}", "second")


# ---------------------------------------------------------------- what reaches none


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/projects/",
        "//projects",
        "/projects//topics",
        f"{PROJECT}/topics/",
        f"{PROJECT}//topics",
        f"{PROJECT}/topic",
        "/Projects",
        "/projects/./topics/../topics/x/y",
        "/../__admin/health",
        f"{PROJECT}/connections/:oauth-update/x",
    ],
)
def test_a_path_of_no_operation_is_404_with_a_suggestion(client: Client, path: str):
    answer = client.get(path)

    assert (answer.status, answer.media_type) == (404, "application/problem+json")
    assert answer.json["detail"] == f"no operation has the path /v1{path}"
    assert answer.json["remedy"].startswith("did you mean ")


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("GET", "/project/my-project/topics", "GET /v1/projects/{projectIdOrName}/topics"),
        ("POST", f"{PROJECT}/topic", "POST /v1/projects/{projectIdOrName}/topics"),
        ("GET", f"{PROJECT}/topics/", "GET /v1/projects/{projectIdOrName}/topics"),
        ("GET", "/provider/salesforce", "GET /v1/providers/{provider}"),
        ("GET", "/myinfo", "GET /v1/my-info"),
        (
            "DELETE",
            f"{PROJECT}/apikeys/k",
            "DELETE /v1/projects/{projectIdOrName}/api-keys/{apiKey}",
        ),
    ],
)
def test_404_names_the_operation_that_was_probably_meant(
    client: Client, method: str, path: str, nearest: str
):
    assert client.call(method, path).json["remedy"] == f"did you mean {nearest}?"


@pytest.mark.parametrize(
    "path", ["/v2/projects", "/projects", "/v1x", "/favicon.ico", "/v1%2Fprojects"]
)
def test_outside_the_api_404_says_where_it_begins(client: Client, path: str):
    answer = client.get(path, root=True)

    assert (answer.status, answer.media_type) == (404, "application/problem+json")
    assert answer.json["detail"] == f"nothing is served at {path}"
    assert "the API begins at /v1" in answer.json["remedy"]


def test_a_very_long_path_is_answered_and_not_repeated_whole(client: Client):
    answer = client.get("/x" * 20_000)

    assert answer.status == 404
    assert len(answer.body) < 1000


def test_a_missing_credential_does_not_hide_that_a_path_is_wrong(anonymous: Client):
    assert anonymous.get("/nothing/here").status == 404
    assert anonymous.put("/projects").status == 405


# ---------------------------------------------------------------- methods


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/projects", "GET, POST, OPTIONS"),
        ("DELETE", PROJECT, "GET, PATCH, OPTIONS"),
        ("POST", TOPIC, "DELETE, PATCH, OPTIONS"),
        ("GET", TOPIC, "DELETE, PATCH, OPTIONS"),
        ("GET", f"{PROJECT}/integrations:batch", "PUT, OPTIONS"),
        ("TRACE", "/providers", "GET, OPTIONS"),
        ("CONNECT", "/providers", "GET, OPTIONS"),
        ("BREW", "/providers", "GET, OPTIONS"),
        ("get", "/providers", "GET, OPTIONS"),
        ("HEAD", "/providers", "GET, OPTIONS"),
        ("HEAD", TOPIC, "DELETE, PATCH, OPTIONS"),
    ],
)
def test_405_tells_every_method_that_a_path_has(
    client: Client, method: str, path: str, allowed: str
):
    answer = client.call(method, path)

    assert (answer.status, answer.media_type) == (405, "application/problem+json")
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json["remedy"]


def test_405_is_complete_for_every_path_of_the_contract(mock: Mock, client: Client):
    by_shape: dict[str, set[str]] = {}
    for operation in mock.contract.operations.values():
        shape = "/".join(
            "x" + s.partition("}")[2] if s[:1] == "{" else s for s in operation.path.split("/")
        )
        by_shape.setdefault(shape, set()).add(operation.method)

    for path, methods in by_shape.items():
        allowed = client.call("TRACE", path).headers["allow"].split(", ")

        assert sorted(allowed) == sorted({*methods, "OPTIONS"}), path


# ---------------------------------------------------------------- segments that are no text


@pytest.mark.parametrize("segment", ["%FF", "%C3", "a%00b", "%ED%A0%80", "%C0%AF", "\xff"])
@pytest.mark.parametrize(
    ("method", "path", "media_type"),
    [
        ("GET", f"{PROJECT}/destinations/§", "application/problem+json"),
        ("GET", "/projects/§/topics", "application/problem+json"),
        ("DELETE", f"{PROJECT}/topics/§", "application/problem+json"),
        ("DELETE", f"{PROJECT}/api-keys/§", "application/problem+json"),
        ("GET", f"{PROJECT}/jwt-keys/§", "application/json"),
        ("PATCH", f"{PROJECT}/jwt-keys/§", "application/json"),
        ("DELETE", f"{PROJECT}/jwt-keys/§", "application/json"),
        ("GET", "/§", "application/problem+json"),
        ("PUT", f"{PROJECT}/topics/§", "application/problem+json"),
    ],
)
def test_a_segment_that_is_no_text_is_400_in_the_media_type_of_its_operation(
    client: Client, method: str, path: str, media_type: str, segment: str
):
    answer = client.call(method, path.replace("§", segment))

    assert (answer.status, answer.media_type) == (400, media_type)
    assert answer.json["detail"] == "a path segment is no UTF-8 text, or holds NUL"


@pytest.mark.parametrize("segment", ["%", "%4", "%zz", "100%"])
def test_a_percent_sign_that_encodes_nothing_stands_for_itself(client: Client, segment: str):
    answer = client.delete(f"{PROJECT}/topics/{segment}")

    assert (answer.status, answer.issues[0]["value"]) == (404, segment)
