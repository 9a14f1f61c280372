"""`--log-requests`: one line of JSON for each request, without secrets."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.client import Client
from tests.conftest import make_mock


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(make_mock(log_requests=True))


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Any:
    def read() -> list[dict[str, Any]]:
        out, err = capsys.readouterr()
        assert out == ""
        return [orjson.loads(line) for line in err.splitlines()]

    return read


def test_a_request_is_one_line(client: Client, logged: Any):
    answer = client.get("/projects/my-project/topics", headers={"x-mock-sandbox": "other"})
    (line,) = logged()
    milliseconds = line.pop("milliseconds")
    assert 0 < milliseconds < 60_000
    assert line.pop("time").endswith("Z")
    assert line == {
        "sandbox": "other",
        "method": "GET",
        "path": "/v1/projects/my-project/topics",
        "query": "",
        "operationId": "listTopics",
        "status": 200,
        "requestId": answer.headers["x-request-id"],
    }


def test_it_tells_the_time_of_the_machine_whatever_the_clock_of_the_sandbox_says(
    client: Client, logged: Any
):
    client.get("/providers")
    (line,) = logged()
    assert not line["time"].startswith("2026-02-01T12:00:00")


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        ("/v1/nope", {}, (None, 404)),
        ("/v1/projects/my-project", {"headers": {"x-api-key": "wrong"}}, ("getProject", 401)),
        ("/v1/projects/my-project", {"headers": {"x-mock-sandbox": "-"}}, (None, 400)),
        ("/__admin/clock", {"headers": {"host": "evil.example"}}, (None, 403)),
        ("/ui", {}, (None, 200)),
    ],
)
def test_refusals_and_pages_are_logged_too(
    client: Client, logged: Any, path: str, options: Any, expected: tuple[str | None, int]
):
    client.call("GET", path, root=True, **options)
    (line,) = logged()
    assert (line["operationId"], line["status"]) == expected


def test_a_preflight_is_logged(client: Client, logged: Any):
    client.call("OPTIONS", "/projects", headers={"origin": "https://app.example"})
    (line,) = logged()
    assert (line["method"], line["status"], line["requestId"]) == ("OPTIONS", 204, None)


def test_secrets_are_left_out(client: Client, logged: Any):
    client.get("/projects/my-project/api-keys/mock-frontend-key")
    client.get("/projects/my-project?token=hunter2&limit=3")
    client.call("GET", "/callbacks/v1/oauth?state=s3cret&code=hunter2", root=True)
    client.call("GET", "/__sandbox/other/__admin/ui?token=hunter2", root=True)
    lines = logged()
    text = orjson.dumps(lines).decode()
    assert not [secret for secret in ("hunter2", "s3cret", "mock-f") if secret in text]
    assert lines[1]["query"] == "token=%5BREDACTED%5D&limit=3"
    assert (lines[3]["sandbox"], lines[3]["path"]) == ("other", "/__admin/ui")


def test_nothing_is_logged_unless_it_is_asked_for(logged: Any):
    Client(make_mock()).get("/projects/my-project")
    assert logged() == []
