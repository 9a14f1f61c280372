"""Events as they happen, over a real connection, and the queue of one listener."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mockserver.app import Mock
from mockserver.journal.feed import HEARTBEAT, MOST_WAITING, Event, Feed, Listener
from tests.client import KEY, Client
from tests.posting import EVENT, post
from tests.server import Server, serving

TOPICS = "/v1/projects/my-project/topics"
_SECONDS = 20


@dataclass
class Listening:
    """A client that listens."""

    lines: Iterator[str]

    def next(self, name: str | None = None) -> tuple[str, Any, str | None]:
        """Return the next event (of a name): its name, its data and its id."""
        told: dict[str, str] = {}
        for line in self.lines:
            if line:
                key, _, value = line.partition(": ")
                told[key] = value
            elif "event" in told and name in {None, told["event"]}:
                return told["event"], json.loads(told["data"]), told.get("id")
            else:
                told = {}
        raise EOFError("the stream ended")


@contextmanager
def listening(server: Server, query: str = "", **headers: str) -> Iterator[Listening]:
    url = f"{server.url}/__admin/events{query}"
    with httpx.stream("GET", url, headers=headers, timeout=_SECONDS) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.iter_lines()
        assert next(lines) == ": still here"  # from here on it is heard
        yield Listening(lines)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def caller(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=_SECONDS) as client:
        yield client


def test_a_request_is_told_with_what_it_changed(server: Server, caller: httpx.Client):
    with listening(server) as ears:
        answer = caller.post(TOPICS, json={"name": "told"})

        name, data, identifier = ears.next()
        assert name == "request"
        assert data["id"] == identifier
        assert data["requestId"] == answer.headers["x-request-id"]
        assert (data["method"], data["url"], data["status"]) == ("POST", TOPICS, 201)
        assert (data["operationId"], data["violations"]) == ("createTopic", 0)
        assert ears.next() == ("state", {"tables": ["topics"]}, None)


def test_the_clock_is_told_and_requests_of_the_control_plane_are_not(
    server: Server, caller: httpx.Client
):
    with listening(server) as ears:
        caller.put("/__admin/clock", json={"mode": "frozen", "instant": "2026-03-01T00:00:00Z"})
        caller.put("/__admin/clock", json={"mode": "real"})

        name, data, _ = ears.next()
        assert (name, data["mode"]) == ("clock", "frozen")
        name, data, _ = ears.next()
        assert (name, data["mode"]) == ("clock", "real")


def test_deliveries_are_told_as_they_go():
    here = post()
    here.hook("heard", "https://sink.localhost/heard")
    listener = Listener("default")
    here.mock.observed.feed.listeners.add(listener)
    here.emit()
    here.turn()

    told = [event.data() for event in listener.take() if event.name == "delivery"]
    assert [one["status"] for one in told] == ["waiting", "delivered"]
    assert {one["eventType"] for one in told} == {EVENT}
    assert {one["destinationName"] for one in told} == {"heard"}
    assert "payload" not in told[0]


def test_a_listener_hears_only_its_own_sandbox(server: Server, caller: httpx.Client):
    with listening(server, **{"X-Mock-Sandbox": "ears"}) as ears:
        caller.get("/v1/projects")
        caller.get("/v1/projects/my-project", headers={"X-Mock-Sandbox": "ears"})

        assert ears.next()[1]["operationId"] == "getProject"


@pytest.mark.parametrize("by_header", [True, False])
def test_a_listener_goes_on_where_it_lost_its_connection(
    server: Server, caller: httpx.Client, by_header: bool
):
    with listening(server) as ears:
        caller.get("/v1/projects")
        _, _, last = ears.next()
    assert last is not None
    caller.get("/v1/projects/missed")

    headers = {"Last-Event-ID": last} if by_header else {}
    with listening(server, "" if by_header else f"?since={last}", **headers) as ears:
        assert ears.next()[1]["url"] == "/v1/projects/missed"
        caller.get("/v1/projects/next")
        assert ears.next()[1]["url"] == "/v1/projects/next"


def test_what_the_journal_has_no_longer_is_told_as_dropped(server: Server, caller: httpx.Client):
    quiet = {"X-Mock-Sandbox": "forgetful"}
    for _ in range(3):
        caller.get("/v1/projects", headers=quiet)
    caller.delete("/__admin/requests", headers=quiet)
    caller.get("/v1/projects", headers=quiet)

    with listening(server, "?since=1", **quiet) as ears:
        assert ears.next() == ("dropped", {"events": 2}, None)
        assert ears.next()[2] == "4"


def test_silence_is_broken_by_a_comment(server: Server):
    with listening(server, "?heartbeat=1") as ears:
        assert next(ears.lines) == ""
        assert next(ears.lines) == ": still here"


@pytest.mark.parametrize("query", ["since=x", "since=-1", "heartbeat=0"])
def test_a_wrong_question_is_refused(control: Client, query: str):
    assert control.get(f"/events?{query}").status == 400


def test_a_server_that_is_stopped_ends_its_streams():
    with serving() as server, listening(server) as ears:
        server.process.terminate()

        with pytest.raises(EOFError):
            ears.next()
        assert server.process.wait(timeout=_SECONDS) == 0


def test_a_client_that_goes_away_is_forgotten(fresh: Mock):
    async def visit() -> int:
        heard, gone = asyncio.Event(), asyncio.Event()
        sent: list[bytes] = []

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))
            if len(sent) > 1:
                heard.set()

        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/__admin/events",
            "raw_path": b"/__admin/events",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:4010")],
        }
        visitor = asyncio.ensure_future(fresh.asgi(scope, receive, send))
        await heard.wait()
        listeners = len(fresh.observed.feed.listeners)
        gone.set()
        await visitor
        return listeners

    assert asyncio.run(visit()) == 1
    assert fresh.observed.feed.listeners == set()


# ---------------------------------------------------------------- the queue


def test_a_listener_that_is_too_slow_loses_the_oldest_and_is_told(mock: Mock):
    async def hear() -> list[bytes]:
        feed = Feed()
        stream = feed.stream(mock.sandbox, first=list, heartbeat=60, look=lambda: None)
        heard = [await anext(stream)]
        for number in range(MOST_WAITING + 5):
            feed.tell(mock.sandbox, Event("state", lambda n=number: n))  # type: ignore[misc] # its default binds the number
        feed.close()
        heard += [part async for part in stream]
        return heard

    first, dropped, *others = asyncio.run(hear())
    assert first == HEARTBEAT
    assert dropped == b'event: dropped\ndata: {"events":5}\n\n'
    assert others[0] == b"event: state\ndata: 5\n\n"
    assert len(others) == MOST_WAITING


def test_a_feed_that_is_closed_ends_whoever_comes(mock: Mock):
    async def hear() -> list[bytes]:
        feed = Feed()
        feed.close()
        stream = feed.stream(mock.sandbox, first=list, heartbeat=60, look=lambda: None)
        return [part async for part in stream]

    assert asyncio.run(hear()) == [HEARTBEAT]


def test_what_happens_without_a_request_is_looked_for_in_silence(mock: Mock):
    async def hear() -> list[bytes]:
        feed = Feed()

        def look() -> None:
            feed.tell(mock.sandbox, Event("clock", dict))
            feed.close()

        stream = feed.stream(mock.sandbox, first=list, heartbeat=0.01, look=look)
        return [part async for part in stream]

    assert asyncio.run(hear()) == [HEARTBEAT, b"event: clock\ndata: {}\n\n"]
