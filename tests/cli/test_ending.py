"""How a server ends: what is under way is delivered, and what is left is told."""

from __future__ import annotations

import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest

from mockserver.testing import CallRefused, Twin
from mockserver.testing.servers import DEFAULT, SharedServer
from tests.client import Client
from tests.conftest import make_mock
from tests.server import Server, serving
from tests.sinks import Answer, Received, Sink, closed_port, sink


@contextmanager
def slow_sink() -> Iterator[tuple[Sink, threading.Event, threading.Event]]:
    """Serve a sink that answers when it may; tell when somebody waits for it."""
    asked, may = threading.Event(), threading.Event()

    def act(_: Received) -> Answer:
        asked.set()
        may.wait(timeout=60)
        return Answer()

    with sink(act=act) as here:
        try:
            yield here, asked, may
        finally:
            may.set()


@contextmanager
def twin_of(server: Server) -> Iterator[Twin]:
    shared = SharedServer(server.url)
    try:
        yield Twin(shared, DEFAULT)
    finally:
        shared.close()


def call(mock: Twin, operation: str, **body: Any) -> Any:
    known = {"api_key": "mock-full-key", "projectIdOrName": "my-project"}
    return mock.call(operation, body=body, **known)


def connect(mock: Twin, url: str, *groups: str) -> None:
    """Send one message for each group to a webhook."""
    hook = call(mock, "createDestination", name="hook", type="webhook", metadata={"url": url})
    topic = call(mock, "createTopic", name="connected")["id"]
    call(mock, "createEventTopicRoute", eventType="connection.created", topicId=topic)
    call(mock, "createTopicDestinationRoute", topicId=topic, destinationId=hook["id"])
    for group in groups:
        call(
            mock,
            "generateConnection",
            groupRef=group,
            consumerRef="ann",
            provider="hubspot",
            oauth2AuthorizationCode={"accessToken": {"token": "t"}},
        )


def ended(server: Server) -> tuple[int, str, str]:
    """Wait for the end; return exit code, what was printed after the banner, and stderr."""
    out, _ = server.process.communicate(timeout=60)
    server.errors.seek(0)
    return server.process.returncode, out.strip(), server.errors.read()


def wait_until_it_takes_no_more(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
        except ConnectionError:
            return


def test_the_control_plane_ends_the_server():
    with serving() as server, twin_of(server) as mock:
        assert mock.control.post("/shutdown") == {"seconds": 5.0, "deliveries": 0}
        assert ended(server) == (0, "stopped", "")


def test_a_mock_inside_another_program_is_not_ended():
    answer = Client(make_mock(), key=None, prefix="/__admin").post("/shutdown")
    assert answer.status == 409
    assert "inside another program" in answer.json["detail"]


@pytest.mark.parametrize("how", ["request", "signal"])
def test_deliveries_under_way_are_finished(how: str):
    with (
        slow_sink() as (here, asked, may),
        serving("--shutdown-seconds", "600") as server,
        twin_of(server) as mock,
    ):
        connect(mock, here.url, "a", "b")
        assert asked.wait(timeout=20)
        if how == "request":
            assert mock.control.post("/shutdown") == {"seconds": 600.0, "deliveries": 2}
        else:
            server.process.send_signal(signal.SIGTERM)
        wait_until_it_takes_no_more(server)
        may.set()
        assert ended(server) == (0, "stopped", "")
        assert [one.json["data"]["groupRef"] for one in here.received] == ["a", "b"]


def test_deliveries_that_take_too_long_are_left_and_told():
    with (
        slow_sink() as (here, asked, _),
        serving("--shutdown-seconds", "0.2") as server,
        twin_of(server) as mock,
    ):
        connect(mock, here.url, "a", "b", "c")
        assert asked.wait(timeout=20)
        server.process.send_signal(signal.SIGINT)
        line = "deliveries left in sandbox default: 3 not sent\n"
        assert ended(server) == (0, "stopped", line)


def test_what_waits_for_another_attempt_is_told():
    with serving() as server, twin_of(server) as mock:
        connect(mock, f"http://localhost:{closed_port()}", "a")
        assert [one["status"] for one in mock.deliveries] == ["waiting"]
        mock.control.post("/shutdown")
        line = "deliveries left in sandbox default: 1 waiting for another attempt\n"
        assert ended(server) == (0, "stopped", line)


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_at_once(second: signal.Signals):
    with (
        slow_sink() as (here, asked, _),
        serving("--shutdown-seconds", "600") as server,
        twin_of(server) as mock,
    ):
        connect(mock, here.url, "a")
        assert asked.wait(timeout=20)
        server.process.send_signal(signal.SIGTERM)
        wait_until_it_takes_no_more(server)
        server.process.send_signal(second)
        line = "deliveries left in sandbox default: 1 not sent\n"
        assert ended(server) == (0, "stopped at once", line)


def test_the_token_of_a_server_that_others_reach_is_printed_and_opens_it():
    with serving("--host", "0.0.0.0") as server:
        address = next(line for line in server.banner.splitlines() if "Dashboard" in line)
        url, _, token = address.split()[-1].partition("?token=")
        assert url == f"{server.url}/__admin/ui"
        with twin_of(server) as closed, pytest.raises(CallRefused, match="needs its token"):
            closed.control.post("/shutdown")
        shared = SharedServer(server.url, token)
        assert Twin(shared, DEFAULT).control.post("/shutdown")["deliveries"] == 0
        shared.close()
        assert ended(server)[0] == 0


def test_a_token_that_was_given_is_not_printed():
    token = "a-secret-of-the-team"
    environment = {"MOCKSERVER_ADMIN_TOKEN": token}
    with serving(environment=environment) as server:
        assert token not in server.banner
        assert "/__admin/ui  (asks for the token)" in server.banner
        request = urllib.request.Request(  # noqa: S310 # our own server
            f"{server.url}/__admin/clock", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 # the same
            assert orjson.loads(answer.read())["mode"] == "real"
