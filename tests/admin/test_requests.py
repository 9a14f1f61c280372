"""The journal on the control plane: listed, shown, searched, emptied, without secrets."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock

TOPICS = "/projects/my-project/topics"
PROJECT = "/projects/my-project"


def listed(control: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = control.get(f"/requests{query}").json["requests"]
    return found


def urls(control: Client, query: str = "") -> list[str]:
    return [one["request"]["url"] for one in listed(control, query)]


# ---------------------------------------------------------------- what an entry tells


def test_an_entry_tells_what_was_asked_and_answered(control: Client, client: Client):
    answer = client.post(f"{TOPICS}?x=1", {"name": "seen"})

    (entry,) = listed(control)
    assert entry["operationId"] == "createTopic"
    assert entry["sandbox"] == "default"
    assert entry["requestId"] == answer.headers["x-request-id"]
    assert entry["loggedDateString"] == "2026-02-01T12:00:00.000000Z"
    assert entry["loggedDate"] == 1_769_947_200_000
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", f"/v1{TOPICS}?x=1")
    assert request["absoluteUrl"] == f"http://127.0.0.1:4010/v1{TOPICS}?x=1"
    assert json.loads(request["body"]) == {"name": "seen"}
    assert response["status"] == 201
    assert response["headers"]["content-type"] == "application/json"
    assert json.loads(response["body"]) == answer.json
    assert entry["violations"] == []
    assert entry["wasMatched"] is True
    assert entry["timing"]["totalMicroseconds"] >= 0


def test_secrets_are_not_in_the_journal(control: Client, client: Client, builder: Client):
    made = client.post(
        f"{PROJECT}/api-keys", {"label": "hidden", "scopes": ["full"], "active": True}
    ).json["key"]
    client.get(f"{PROJECT}/api-keys/{made}")
    builder.get("/my-info")

    shown = control.get("/requests").body.decode()
    for secret in ("mock-full-key", "mock-builder-token", made):
        assert secret not in shown
    assert listed(control)[0]["request"]["headers"]["authorization"] == "Bearer [REDACTED]"


def test_what_was_wrong_stands_in_the_violations(control: Client, client: Client):
    client.post(TOPICS, {"name": 5})
    client.post(TOPICS, {})
    client.post(TOPICS, raw=b"{")
    client.get(PROJECT, headers={"x-api-key": "wrong-key-of-mine"})

    unknown, unreadable, absent, mistyped = [one["violations"] for one in listed(control)]
    assert mistyped == [
        {
            "location": ["request", "body", "name"],
            "severity": "Error",
            "code": "type",
            "message": "has the wrong type",
        }
    ]
    assert (absent[0]["location"], absent[0]["code"]) == (["request", "body", "name"], "required")
    assert (unreadable[0]["location"], unreadable[0]["code"]) == (["request", "body"], "invalid")
    assert unknown[0]["code"] == "unauthenticated"


def test_a_violation_of_a_rule_names_its_place_as_a_path(control: Client, client: Client):
    client.post(TOPICS, {"name": "twice"})
    client.post(TOPICS, {"name": "twice"})

    assert listed(control)[0]["violations"][0]["location"] == ["request", "body", "name"]


def test_a_compressed_body_is_shown_plain(control: Client, client: Client):
    body = gzip.compress(b'{"name":"small"}')
    assert client.post(TOPICS, raw=body, headers={"content-encoding": "gzip"}).status == 201

    assert listed(control)[0]["request"]["body"] == '{"name":"small"}'


def test_a_body_that_is_no_text_is_shown_in_base64(control: Client, client: Client):
    client.post(TOPICS, raw=b"\xff\xfe")

    request = listed(control)[0]["request"]
    assert request["bodyAsBase64"] == "//4="
    assert "body" not in request


@pytest.mark.parametrize("size", [1_500_000, 11_000_000])
def test_a_large_body_is_cut_and_the_entry_says_so(control: Client, client: Client, size: int):
    client.post(TOPICS, raw=b'{"name":"' + b"x" * size + b'"}')

    request = listed(control)[0]["request"]
    assert request["bodyTruncated"] is True
    assert len(request.get("body", "")) <= 1024 * 1024
    assert request.get("bodySize") in {None, size + 11}


# ---------------------------------------------------------------- what is in it


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"name": "x" * 3_000_000}, id="text"),
        pytest.param({"name": {"x" * 3_000_000: 1}}, id="object"),
        pytest.param({"name": ["x" * 1_000_000] * 3}, id="array"),
    ],
)
def test_what_was_wrong_is_kept_in_short(
    control: Client, client: Client, mock: Mock, body: dict[str, Any]
):
    assert client.post(TOPICS, body).status in {400, 422}

    (kept,) = mock.observed.journals.of(mock.sandbox)
    assert len(repr(kept.refusal)) < 20_000
    (entry,) = listed(control)
    assert entry["violations"]
    assert len(json.dumps(entry["violations"])) < 20_000


def test_every_kind_of_request_is_in_it_but_the_control_planes(control: Client, client: Client):
    client.get(PROJECT)
    client.get("/read/v1/nothing", root=True)
    client.get("/proxy/anything", root=True)
    client.get("/nowhere", root=True)
    client.get("/", root=True)
    control.get("/version")

    entries = listed(control)
    assert [one["request"]["url"] for one in entries] == [
        "/",
        "/nowhere",
        "/proxy/anything",
        "/read/v1/nothing",
        f"/v1{PROJECT}",
    ]
    assert [one["wasMatched"] for one in entries] == [True, False, True, False, True]


def test_requests_of_the_control_plane_are_in_it_when_they_are_asked_for():
    control = Client(make_mock(journal_admin=True), prefix="/__admin")
    control.get("/version")

    assert urls(control) == ["/__admin/version"]


def test_an_upload_is_in_it_with_its_body(control: Client, client: Client):
    signed = client.get("/generate-upload-url").json["url"]
    url = signed.removeprefix("http://127.0.0.1:4010")
    client.put(url, raw=b"PK-no-zip", root=True, headers={"content-type": "application/zip"})

    entry = listed(control)[0]
    assert entry["request"]["method"] == "PUT"
    assert entry["request"]["body"] == "PK-no-zip"
    assert "REDACTED" in entry["request"]["url"]  # whoever has the address may write there


def test_each_sandbox_has_its_own_and_a_reset_empties_it(control: Client, client: Client):
    there = {"x-mock-sandbox": "journal-elsewhere"}
    client.get(PROJECT, headers=there)
    client.get(f"/__sandbox/journal-elsewhere/v1{TOPICS}", root=True)
    client.get("/projects")

    elsewhere = control.get("/requests", headers=there).json["requests"]
    assert [one["request"]["url"] for one in elsewhere] == [f"/v1{TOPICS}", f"/v1{PROJECT}"]
    assert elsewhere[0]["request"]["absoluteUrl"].endswith(
        f"/__sandbox/journal-elsewhere/v1{TOPICS}"
    )
    assert urls(control) == ["/v1/projects"]

    before = listed(control)[0]["id"]
    control.mock.worlds.reset(control.mock.sandbox)
    assert listed(control) == []
    client.get(PROJECT)
    assert int(listed(control)[0]["id"]) > int(before)  # no id means two requests


def test_the_oldest_go_when_there_are_too_many():
    client = Client(make_mock(journal_entries=2))
    control = Client(client.mock, prefix="/__admin")
    for _ in range(5):
        client.get(PROJECT)

    answer = control.get("/requests").json
    assert [one["id"] for one in answer["requests"]] == ["5", "4"]
    assert answer["meta"] == {"total": 2, "kept": 2, "evicted": 3}


def test_the_oldest_go_when_they_are_too_large():
    client = Client(make_mock(journal_bytes=30_000))
    control = Client(client.mock, prefix="/__admin")
    for _ in range(4):
        client.post(TOPICS, {"name": "x" * 10_000})

    assert control.get("/requests").json["meta"]["kept"] == 2


def test_an_entry_larger_than_all_that_is_kept_is_kept_alone():
    client = Client(make_mock(journal_bytes=1_000))
    client.post(TOPICS, {"name": "x" * 5_000})

    assert len(urls(Client(client.mock, prefix="/__admin"))) == 1


# ---------------------------------------------------------------- listing


def test_the_list_is_narrowed_by_operation_status_and_time(control: Client, client: Client):
    client.get(PROJECT)
    client.get("/projects/none")
    control.post("/clock", {"seconds": 60})
    client.get(TOPICS)

    assert urls(control, "?operationId=getProject") == ["/v1/projects/none", f"/v1{PROJECT}"]
    assert urls(control, "?status=404") == ["/v1/projects/none"]
    assert urls(control, "?since=2026-02-01T12:01:00Z") == [f"/v1{TOPICS}"]
    assert urls(control, "?since=2026-02-01T12:01:01Z") == []


def test_the_list_goes_on_where_the_page_before_ended(control: Client, client: Client):
    for number in range(5):
        client.get(f"/projects/p{number}")

    first = control.get("/requests?limit=2").json
    second = control.get(f"/requests?limit=2&after={first['next']}").json
    last = control.get(f"/requests?limit=2&after={second['next']}").json
    pages = [[r["request"]["url"][-1] for r in page["requests"]] for page in (first, second, last)]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    assert "next" not in last


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "status=x", "since=yesterday", "after=nothing", "since=9"]
)
def test_a_wrong_filter_is_refused(control: Client, query: str):
    answer = control.get(f"/requests?{query}")

    assert answer.status == 400
    assert answer.issue_names == [query.partition("=")[0]]


# ---------------------------------------------------------------- one entry


def test_an_entry_is_found_by_its_id_and_by_its_request_id(control: Client, client: Client):
    identifier = client.get(PROJECT).headers["x-request-id"]
    (entry,) = listed(control)

    assert control.get(f"/requests/{entry['id']}").json == entry
    assert control.get(f"/requests/{identifier.replace('#', '%23')}").json == entry


def test_an_entry_can_be_forgotten(control: Client, client: Client):
    client.get(PROJECT)
    client.get(TOPICS)
    newest = listed(control)[0]["id"]

    assert control.delete(f"/requests/{newest}").status == 204
    assert urls(control) == [f"/v1{PROJECT}"]
    for answer in (control.get(f"/requests/{newest}"), control.delete(f"/requests/{newest}")):
        assert (answer.status, answer.issue_names) == (404, ["requestId"])


def test_the_journal_can_be_emptied(control: Client, client: Client):
    client.get(PROJECT)

    assert control.delete("/requests").status == 204
    assert control.get("/requests").json == {
        "requests": [],
        "meta": {"total": 0, "kept": 0, "evicted": 0},
    }
    assert control.delete("/requests").status == 204
