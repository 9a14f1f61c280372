"""The proxy passes on what it gets, in both directions, and bounds what it takes."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import zlib
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from mockserver.proxy.bench import Bench
from tests.proxy.standing import (
    ALIAS,
    MOST,
    TOPIC,
    TOPICS,
    Canned,
    Running,
    proxying,
    standing,
    violations,
)

HTML = [("content-type", "text/html")]
BROKEN = {key: value for key, value in TOPIC.items() if key != "name"}
RAW_DEFLATE = zlib.compressobj(wbits=-15)
DEFLATED = RAW_DEFLATE.compress(json.dumps([BROKEN]).encode()) + RAW_DEFLATE.flush()


def coded(body: bytes, coding: str) -> Canned:
    return Canned(200, body, [("content-type", "application/json"), ("content-encoding", coding)])


def raw(proxy: Running, request: bytes) -> bytes:
    """Send bytes to the proxy and read until it closes."""
    parts = urlsplit(proxy.url)
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=20)) as wire:
        wire.sendall(request)
        received = b""
        while chunk := wire.recv(65_536):
            received += chunk
        return received


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
        (gzip.compress(b"[") + gzip.compress(json.dumps(BROKEN).encode() + b"]"), "gzip"),
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
        (gzip.compress(b"[]")[:-4], "gzip", "broken gzip data"),
        (gzip.compress(b"0" * (MOST + 1)), "gzip", "more than"),
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
    packed = gzip.compress(b'{"name": 7}')

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


def test_a_body_that_is_too_large_stops_at_the_proxy(bench: Bench):
    upstream = Canned.json([])

    with standing(upstream) as url, proxying(bench, url) as proxy:
        answer = proxy.call("POST", TOPICS, content=b" " * (MOST + 1))

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "--max-body" in answer.json()["remedy"]
    assert upstream.seen == []


def test_an_answer_that_is_too_large_is_a_502(bench: Bench):
    with standing(Canned(200, b" " * (MOST + 1))) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS)

    assert answer.status_code == 502
    assert answer.json()["subsystem"] == "proxy"
    assert f"more than {MOST} bytes" in proxy.failures[0]


def test_an_upstream_that_is_down_is_a_502_that_says_so(bench: Bench):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound, and nobody listens
        port = reserved.getsockname()[1]
        with proxying(bench, f"http://127.0.0.1:{port}") as proxy:
            answer = proxy.get(TOPICS)

    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["retryable"]) == (502, 502, True)
    assert f"http://127.0.0.1:{port} cannot be reached" in problem["detail"]
    assert proxy.judged == []
    assert len(proxy.failures) == 1


def test_an_upstream_that_is_silent_is_a_504(bench: Bench):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with proxying(bench, f"http://127.0.0.1:{port}", timeout=0.3) as proxy:
            answer = proxy.get(TOPICS)

    assert (answer.status_code, answer.json()["status"]) == (504, 504)
    assert "did not answer within 0.3 s" in answer.json()["detail"]


def test_an_upstream_that_speaks_no_http_is_a_502(bench: Bench):
    with socket.socket() as other, proxying(bench, _listening(other)) as proxy:
        thread = threading.Thread(target=_gibber, args=(other,))
        thread.start()
        answer = proxy.get(TOPICS)
        thread.join()

    assert answer.status_code == 502
    assert "broke the connection" in answer.json()["detail"]


def _listening(server: socket.socket) -> str:
    server.bind(("127.0.0.1", 0))
    server.listen()
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def _gibber(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"220 smtp.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("{upstream}/v1/projects?page=2#a", "{proxy}/v1/projects?page=2#a"),
        ("/v1/projects", "/v1/projects"),
        ("https://login.example/start?x=1", "https://login.example/start?x=1"),
        ("http://169.254.169.254/latest", "http://169.254.169.254/latest"),
        ("projects", "projects"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_a_redirect_is_the_clients_to_follow(bench: Bench, location: str, expected: str):
    upstream = Canned(307, b"")

    with standing(upstream) as url, proxying(bench, url) as proxy:
        upstream.headers = [("location", location.format(upstream=url))]
        answer = proxy.get(TOPICS)

    assert answer.status_code == 307
    assert answer.headers["location"] == expected.format(proxy=proxy.url)
    assert len(upstream.seen) == 1


def test_a_redirect_within_an_upstream_below_a_path_loses_that_path(bench: Bench):
    upstream = Canned(307, b"", [("location", "/ampersand/v1/projects")])

    with standing(upstream) as url, proxying(bench, f"{url}/ampersand") as proxy:
        answer = proxy.get(TOPICS)

    assert answer.headers["location"] == "/v1/projects"


def test_a_request_that_comes_around_is_stopped(bench: Bench):
    with standing(Canned.json([])) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS, headers={"Via": f"1.0 other, 1.1 {ALIAS}"})

    assert answer.status_code == 508
    assert "--upstream" in answer.json()["remedy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("127.0.0.1.evil.example:80", 421),
        ("localhost:4020", 200),
        ("my.localhost", 200),
        ("[::1]:4020", 200),
    ],
)
def test_another_sites_name_does_not_lead_here(bench: Bench, host: str, status: int):
    with standing(Canned.json([])) as url, proxying(bench, url) as proxy:
        answer = proxy.get(TOPICS, headers={"Host": host})

    assert answer.status_code == status


def test_no_tunnels_are_opened(bench: Bench):
    with standing(Canned.json([])) as url, proxying(bench, url) as proxy:
        received = raw(
            proxy,
            b"CONNECT internal.example:443 HTTP/1.1\r\nHost: localhost\r\n"
            b"Connection: close\r\n\r\n",
        )

    assert received.startswith((b"HTTP/1.1 501", b"HTTP/1.1 400"))
    assert proxy.judged == []
