"""What the proxy does not pass on, and what it says then; where redirects lead."""

from __future__ import annotations

import socket
import threading

import pytest

from mockserver.proxy.bench import Bench
from tests.proxy.standing import ALIAS, MOST, TOPICS, Canned, proxying, raw, standing


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
