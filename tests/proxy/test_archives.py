"""Archives leave things out, each tool in its way: what is not there breaks nothing."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.proxy.bench import Bench
from tests.proxy.archives import API, archive, entry, facts, places
from tests.proxy.standing import TOPIC, TOPICS

BROKEN = {name: value for name, value in TOPIC.items() if name != "name"}
CONNECTION = f"{API}/v1/projects/p/connections/c"


UNREAD = [
    pytest.param(entry(content={"size": 900, "mimeType": "application/json"}), id="no text"),
    pytest.param(
        entry(content={"size": 0, "mimeType": "application/json"}, bodySize=900), id="evicted"
    ),
    pytest.param(
        entry(
            content={
                "size": 9,
                "mimeType": "application/json",
                "text": "[{",
                "comment": "Body truncated: 2 of 9 bytes recorded",
            }
        ),
        id="schemathesis, cut short",
    ),
    pytest.param(entry(content={"encoding": "base64", "text": "%%%"}), id="broken base64"),
    pytest.param(
        entry("POST", status=201, answer=TOPIC, request={"bodySize": 20}), id="no postData"
    ),
    pytest.param(
        entry(
            "POST",
            status=201,
            answer=TOPIC,
            postData={"text": "\x1f\ufffd"},
            headers=[("X-Api-Key", "k"), ("Content-Encoding", "gzip")],
        ),
        id="packed request",
    ),
]


@pytest.mark.parametrize("one", UNREAD)
def test_a_body_that_is_not_there_breaks_nothing(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    found = facts(bench, archive(tmp_path, one))

    assert (found["judged"], found["violations"], found["bodiesUnread"]) == (1, [], 1)


def test_status_and_media_type_are_judged_without_a_body(bench: Bench, tmp_path: Path):
    page = {"size": 900, "mimeType": "text/html"}

    found = facts(bench, archive(tmp_path, entry(content=page, answered=[])))

    assert places(found) == ["response header /content-type"]


@pytest.mark.parametrize(("status", "why"), [(0, "never answered"), (-1, "never answered")])
def test_what_was_never_answered_is_skipped(bench: Bench, tmp_path: Path, status: int, why: str):
    found = facts(bench, archive(tmp_path, entry(status=status), entry()))

    assert (found["judged"], found["skipped"]) == (1, {why: 1})


def test_what_a_cache_answered_is_skipped(bench: Bench, tmp_path: Path):
    cached = entry(headers=[], entry={"_fromCache": "disk"})
    revalidated = entry(
        status=304, content={"size": 0}, headers=[("If-None-Match", "x"), ("X-Api-Key", "k")]
    )

    found = facts(bench, archive(tmp_path, cached, revalidated, entry()))

    assert (found["judged"], found["errors"]) == (1, 0)
    assert found["skipped"] == {"answered from the browser's cache": 1}


PACKED = base64.b64encode(json.dumps([BROKEN]).encode()).decode()
TWICE = base64.b64encode(gzip.compress(json.dumps([BROKEN]).encode())).decode()


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            entry(content={"encoding": "base64", "text": PACKED, "mimeType": "application/json"}),
            id="base64",
        ),
        pytest.param(
            entry(
                content={"encoding": "base64", "text": TWICE, "mimeType": "application/json"},
                answered=[("content-encoding", "gzip")],
            ),
            id="base64 of what went over the wire",
        ),
        pytest.param(
            entry(
                answer=[BROKEN],
                headers=[(":authority", "x"), (":path", "/"), ("x-api-key", "k")],
                answered=[(":status", "200"), ("Content-Encoding", "br")],
            ),
            id="HTTP/2, decoded, media type only in content",
        ),
        pytest.param(
            entry(answer=[BROKEN], answered=[("set-cookie", "a=1\nb=2"), ("x", "y")]),
            id="several values in one, by lines",
        ),
    ],
)
def test_bodies_are_read_in_every_form(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    assert places(facts(bench, archive(tmp_path, one))) == ["response body /*/name"]


def test_a_form_without_text_is_read_from_its_parameters(bench: Bench, tmp_path: Path):
    form = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "name", "value": "x"}],
    }
    one = entry("POST", status=201, answer=TOPIC, postData=form, headers=[("X-Api-Key", "k")])

    assert places(facts(bench, archive(tmp_path, one))) == ["request header /content-type"]


REDACTED_ENTRIES = [
    entry(
        url=f"{CONNECTION}?includeCreds=[Filtered]&includeRefreshToken=%5BFiltered%5D",
        status=404,
        answer={"title": "No", "status": 404},
        answered=[("content-type", "application/problem+json")],
    ),
    entry(headers=[("Authorization", "[Filtered]")]),
    entry(headers=[("authorization", "Bearer ***")]),
    entry(headers=[("X-Api-Key", "[REDACTED]")]),
    entry("POST", status=201, answer={**TOPIC, "createTime": "[REDACTED]"}, sent={"name": "x"}),
    entry(url="https://[Filtered]@api.withampersand.com" + TOPICS),
    entry(content={"mimeType": "application/json", "text": "[Filtered]"}),
]


@pytest.mark.parametrize("one", REDACTED_ENTRIES)
def test_what_was_taken_out_breaks_nothing(bench: Bench, tmp_path: Path, one: dict[str, Any]):
    found = facts(bench, archive(tmp_path, one))

    assert (found["judged"], found["violations"]) == (1, [])


def test_credentials_that_a_browser_left_out_are_not_missed(bench: Bench, tmp_path: Path):
    bare = entry(url=f"{API}/v1/my-info", status=401, answer={}, headers=[])
    granted = entry(headers=[])

    exported = facts(bench, archive(tmp_path, granted, creator="WebInspector"))
    whole = facts(bench, archive(tmp_path, granted, bare, creator="other"))

    assert (exported["violations"], exported["credentialsHidden"]) == ([], True)
    assert "request header " in places(whole)


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {},
        {"request": 7},
        {"request": {}, "response": {}},
        {"request": {"method": 7, "url": 7}},
        {
            "request": {"method": "GET", "url": f"{API}{TOPICS}", "headers": 7},
            "response": {"status": 200, "headers": [7, {}], "content": {"text": 7}},
        },
    ],
)
def test_a_broken_entry_does_no_harm_to_the_others(bench: Bench, tmp_path: Path, broken: Any):
    found = facts(bench, archive(tmp_path, broken, entry()))

    assert found["entries"] == 2
    assert found["judged"] >= 1
