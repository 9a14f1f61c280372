"""Worlds beside each other: selected by header, by path, by host."""

from __future__ import annotations

import pytest

from tests.client import Client
from tests.conftest import make_mock


@pytest.fixture
def client() -> Client:
    """Call a mock of its own: the sandboxes made here are nobody else's."""
    return Client(make_mock())


SELECTORS = [
    ("/v1", {"x-mock-sandbox": "other"}),
    ("/__sandbox/other/v1", {}),
    ("/v1", {"host": "other.localhost:4010"}),
]


@pytest.mark.parametrize(("prefix", "headers"), SELECTORS)
def test_a_sandbox_is_made_on_first_use_and_keeps_to_itself(
    client: Client, prefix: str, headers: dict[str, str]
) -> None:
    there = Client(client.mock, prefix=prefix, headers=headers)
    made = there.post("/projects/my-project/topics", {"name": "elsewhere"})
    assert (made.status, made.headers["x-mock-sandbox-created"]) == (201, "true")
    again = there.get("/projects/my-project/topics")
    assert "x-mock-sandbox-created" not in again.headers
    assert "elsewhere" in [topic["name"] for topic in again.json]
    assert "elsewhere" not in [t["name"] for t in client.get("/projects/my-project/topics").json]


@pytest.mark.parametrize("name", ["Other", "-a", "a" * 64, "read", ""])
def test_what_is_no_name_is_refused(client: Client, name: str) -> None:
    refused = client.get("/projects", headers={"x-mock-sandbox": name})
    assert refused.status == 400
    assert refused.issues[0]["name"] == "X-Mock-Sandbox"
