"""Numbers of requests, and the recording that an independent judge reads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.contract.recordings import Recording, read_recordings
from mockserver.http.journal import Journal
from mockserver.http.sandboxes import PREFIX, SANDBOX
from mockserver.journal.exchange import Exchange
from tests.client import Client
from tests.conftest import make_mock

TOPICS = "/projects/my-project/topics"


def number(identifier: str) -> int:
    return int(identifier.partition("#")[2])


def test_requests_are_numbered_as_they_come_and_the_number_is_part_of_the_world(
    mock: Mock, client: Client
):
    assert number(client.get(TOPICS).headers["x-request-id"]) == 1
    snapshot = mock.sandbox.snapshot()
    assert number(client.get("/nothing").headers["x-request-id"]) == 2
    mock.sandbox.restore(snapshot)

    assert number(client.get(TOPICS).headers["x-request-id"]) == 2

    mock.sandbox.reset()
    assert number(client.get(TOPICS).headers["x-request-id"]) == 1


def test_requests_whose_bodies_are_still_coming_do_not_share_a_number_or_lose_a_change():
    mock = make_mock()
    answers = asyncio.run(_interleaved(mock))

    assert [status for status, _ in answers] == [201, 201]
    assert sorted(number(identifier) for _, identifier in answers) == [1, 2]
    names = [topic["name"] for topic in Client(mock).get(TOPICS).json]
    assert names[-2:] == ["second", "first"]


async def _interleaved(mock: Mock) -> list[tuple[int, str]]:
    """Start a request, let another one run from start to end, then send the first one's body."""
    second_is_done = asyncio.Event()

    async def first_body() -> bytes:
        await second_is_done.wait()
        return b'{"name":"first"}'

    async def second_body() -> bytes:
        return b'{"name":"second"}'

    first = asyncio.create_task(_post(mock, first_body))
    await asyncio.sleep(0)
    second = await _post(mock, second_body)
    second_is_done.set()
    return [await first, second]


async def _post(mock: Mock, body: Callable[[], Awaitable[bytes]]) -> tuple[int, str]:
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": await body(), "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    headers = {
        "x-api-key": "mock-full-key",
        "content-type": "application/json",
        "transfer-encoding": "chunked",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": f"/v1{TOPICS}",
        "raw_path": f"/v1{TOPICS}".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await mock.asgi(scope, receive, send)
    start = answers[0]
    return start["status"], dict(start["headers"])[b"x-request-id"].decode()


# ---------------------------------------------------------------- the recording


def recorded(folder: Path, play: Callable[[Client], object]) -> Recording:
    play(Client(make_mock(record=str(folder))))
    (recording,) = read_recordings(folder)
    return recording


def test_a_recording_holds_what_went_over_the_wire(tmp_path: Path):
    def play(client: Client) -> None:
        client.post(f"{TOPICS}?x=%20", raw=b'{"name":"recorded"}')
        client.get("/projects/a%2Fb")

    recording = recorded(tmp_path / "new" / "folder", play)

    created, absent = recording.exchanges
    assert (created.method, created.path, created.query) == ("POST", f"/v1{TOPICS}", "x=%20")
    assert (created.request_body, created.status) == (b'{"name":"recorded"}', 201)
    assert b'"name":"recorded"' in created.response_body
    assert "x-request-id" in dict(created.response_headers)
    assert dict(created.request_headers)["x-api-key"] == "mock-full-key"
    assert (absent.path, absent.status) == ("/v1/projects/a%2Fb", 404)


def test_no_request_is_missing_from_a_recording(tmp_path: Path):
    def play(client: Client) -> None:
        client.get(TOPICS)
        client.post(TOPICS, raw=b"{")
        client.get("/nothing")
        client.as_().get(TOPICS)
        client.get("/", root=True)
        client.get("/__admin/health", root=True)

    recording = recorded(tmp_path, play)

    assert (recording.arrived, len(recording.exchanges), recording.lost) == (6, 6, 0)
    assert [e.status for e in recording.exchanges] == [200, 400, 404, 401, 200, 200]


def test_a_recording_is_for_the_eyes_of_its_owner(tmp_path: Path):
    recorded(tmp_path, lambda client: client.get(TOPICS))

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_nothing_is_recorded_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    Client(make_mock(record="")).get(TOPICS)

    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what is noted


@pytest.mark.parametrize("broken", [False, True])
def test_a_connection_that_ends_without_an_answer_is_noted_once(mock: Mock, broken: bool):
    noted: list[Exchange] = []

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        if broken:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            raise ConnectionResetError

    layer = Journal(silent, scheduler=mock.scheduler, closed=[noted.append])
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/projects",
        "raw_path": b"/v1/projects",
        "query_string": b"",
        "headers": [],
        SANDBOX: mock.sandbox,
        PREFIX: "",
    }

    async def nothing(*_: Any) -> Any:
        return {"type": "http.disconnect"}

    with contextlib.suppress(ConnectionResetError):
        asyncio.run(layer(scope, nothing, nothing))

    (exchange,) = noted
    assert (exchange.status, exchange.answer) == ((200, b"half") if broken else (0, b""))
    assert exchange.elapsed > 0
