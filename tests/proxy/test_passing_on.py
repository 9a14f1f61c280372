"""The proxy passes on what it gets, in both directions, and bounds what it takes."""

from __future__ import annotations

import gzip
import json
import zlib
from urllib.parse import urlsplit

import pytest

from mockserver.proxy.bench import Bench
from tests.proxy.standing import (
    ALIAS,
    MOST,
    TOPIC,
    TOPICS,
    Canned,
    proxying,
    raw,
    standing,
    violations,
)

HTML = [("content-type", "text/html")]
BROKEN = {key: value for key, value in TOPIC.items() if key != "name"}
RAW_DEFLATE = zlib.compressobj(wbits=-15)
DEFLATED = RAW_DEFLATE.compress(json.dumps([BROKEN]).encode()) + RAW_DEFLATE.flush()


def coded(body: bytes, coding: str) -> Canned:
    return Canned(200, body, [("content-type", "application/json"), ("content-encoding", coding)])


def test_a_request_reaches_the_upstream_byte_for_byte(bench: Bench):
    upstream = Canned.json(TOPIC, 201)
    path = "/v1/projects/a%2Fb/topics/%7e..%2E?x=1&x=%20&y"

    with standing(upstream) as url, proxying(bench, f"{url}/v1/") as proxy:
        proxy.call("POST", path, content=b'{"name":\n"x"}', headers={"X-Own": "kept"})

    (seen,) = upstream.seen
    assert (seen.method, seen.target, seen.body) == ("POST", path, b'{"name":\n"x"}')
    assert seen.header("x-own") == "kept"
    assert seen.header("x-api-key") == "a-key-of-a-customer"
    assert seen.header("host") == urlsplit(url).netloc
    assert seen.header("via") == f"1.1 {ALIAS}"
    assert seen.header("forwarded") == f'host="{urlsplit(proxy.url).netloc}";proto=http'


def test_an_upstream_may_live_below_a_path(bench: Bench):
    upstream = Canned.json([])

    with standing(upstream) as url, proxying(bench, f"{url}/ampersand/v1") as proxy:
        answer = proxy.get(TOPICS)

    assert upstream.seen[0].target == f"/ampersand{TOPICS}"
    assert (answer.status_code, proxy.judged[0].verdict.operation_id) == (200, "listTopics")


def test_headers_of_one_connection_stay_on_it(bench: Bench):
    upstream = Canned(
        200,
        b"[]",
        [
            ("content-type", "application/json"),
            ("keep-alive", "timeout=9"),
            ("connection", "x-hop"),
            ("x-hop", "1"),
            ("x-end", "2"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("sl-violations", "[]"),
            ("date", "Tue, 03 Feb 2026 00:00:00 GMT"),
        ],
    )

    sent = {
        "Connection": "close, X-Mine",
        "X-Mine": "1",
        "TE": "trailers",
        "Proxy-Authorization": "Basic eA==",
        "X-Other": "2",
    }
    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS, headers=sent)

    (seen,) = upstream.seen
    assert {seen.header(n) for n in ("x-mine", "te", "proxy-authorization")} == {None}
    assert seen.header("x-other") == "2"
    assert "x-hop" not in answer.headers
    assert "keep-alive" not in answer.headers
    assert answer.headers["x-end"] == "2"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["date"] == "Tue, 03 Feb 2026 00:00:00 GMT"
    assert answer.headers["via"].endswith(ALIAS)
    assert "sl-violations" not in answer.headers  # the upstream's own word is not the proxy's


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(json.dumps([BROKEN]).encode()), "gzip"),
        (zlib.compress(json.dumps([BROKEN]).encode()), "deflate"),
        (DEFLATED, "deflate"),
        (gzip.compress(gzip.compress(json.dumps([BROKEN]).encode())), "gzip, gzip"),
        (gzip.compress(b"[", mtime=0) + gzip.compress(json.dumps(BROKEN).encode() + b"]"), "gzip"),
    ],
)
def test_a_packed_answer_is_judged_unpacked_and_passed_on_packed(
    bench: Bench, body: bytes, coding: str
):
    upstream = coded(body, coding)

    with standing(upstream) as url, proxying(bench, url) as proxy:
        received = raw(
            proxy,
            f"GET {TOPICS} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: k\r\n"
            "Accept-Encoding: br, gzip;q=0.9\r\nConnection: close\r\n\r\n".encode(),
        )

    head, _, got = received.partition(b"\r\n\r\n")
    assert got == body
    assert f"content-encoding: {coding}".encode() in head
    assert [v.pointer for v in proxy.judged[0].verdict.violations] == ["/0/name"]
    assert upstream.seen[0].header("accept-encoding") == "gzip;q=0.9"


@pytest.mark.parametrize(
    ("body", "coding", "why"),
    [
        (b"\x00", "br", "content coding br"),
        (b"no gzip", "gzip", "broken gzip data"),
        (gzip.compress(b"[]", mtime=0)[:-4], "gzip", "broken gzip data"),
        (gzip.compress(b"0" * (MOST + 1), mtime=0), "gzip", "more than"),
        (b"[]", ", ".join(["gzip"] * 9), "9 content codings"),
    ],
)
def test_what_cannot_be_unpacked_is_passed_on_and_said_not_to_be_judged(
    bench: Bench, body: bytes, coding: str, why: str
):
    with standing(coded(body, coding)) as url, proxying(bench, url) as proxy:
        received = raw(
            proxy,
            f"GET {TOPICS} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: k\r\n"
            "Connection: close\r\n\r\n".encode(),
        )

    assert received.partition(b"\r\n\r\n")[2] == body
    assert b"sl-violations" not in received
    assert why in proxy.judged[0].unread


def test_a_packed_request_is_judged_unpacked(bench: Bench):
    upstream = Canned.json(TOPIC, 201)
    packed = gzip.compress(b'{"name": 7}', mtime=0)

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.call("POST", TOPICS, content=packed, headers={"Content-Encoding": "gzip"})

    assert upstream.seen[0].body == packed
    assert upstream.seen[0].header("content-encoding") == "gzip"
    assert [v["location"] for v in violations(answer)] == [["request", "body", "name"]]


def test_an_answer_to_head_keeps_the_length_of_what_it_does_not_have(bench: Bench):
    upstream = Canned(200, b"", [*HTML, ("content-length", "1234")])

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.call("HEAD", "/ui")

    assert upstream.seen[0].method == "HEAD"
    assert (answer.headers["content-length"], answer.content) == ("1234", b"")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_stays_one(bench: Bench, status: int):
    with standing(Canned(status, b"", [("etag", '"1"')])) as url, proxying(bench, url) as proxy:
        answer = proxy.call("GET", TOPICS, headers={"If-None-Match": '"1"'})

    assert (answer.status_code, answer.content) == (status, b"")
    assert "content-length" not in answer.headers


def test_a_chunked_request_arrives_whole(bench: Bench):
    upstream = Canned.json(TOPIC, 201)

    with standing(upstream) as url, proxying(bench, url) as proxy:
        received = raw(
            proxy,
            f"POST {TOPICS} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: k\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            'Connection: close\r\n\r\n5\r\n{"nam\r\n6\r\ne":"x"\r\n1\r\n}\r\n0\r\n\r\n'.encode(),
        )

    assert received.startswith(b"HTTP/1.1 201")
    assert upstream.seen[0].body == b'{"name":"x"}'
    assert upstream.seen[0].header("content-length") == "12"
