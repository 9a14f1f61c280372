"""The control plane: what the mock says about itself, to anybody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockserver import __version__
from mockserver.app import Mock
from tests.client import Client

CALLERS: dict[str, dict[str, Any]] = {
    "nobody": {"key": None},
    "a key": {},
    "a wrong key": {"key": "nope"},
    "an inactive key": {"key": "mock-inactive-key"},
    "a wrong token": {"key": None, "bearer": "nope"},
}


@pytest.fixture(params=CALLERS)
def caller(request: pytest.FixtureRequest, mock: Mock) -> Client:
    return Client(mock, **CALLERS[request.param], prefix="/__admin")


@pytest.fixture
def control(mock: Mock) -> Client:
    return Client(mock, key=None, prefix="/__admin")


def test_anybody_may_ask_whether_it_is_healthy(caller: Client):
    answer = caller.get("/health")
    assert (answer.status, answer.json) == (200, {"status": "healthy"})
    assert answer.media_type == "application/json"


def test_anybody_may_ask_what_it_is(caller: Client, mock: Mock):
    answer = caller.get("/version")

    assert answer.status == 200
    assert answer.json["version"] == __version__
    assert answer.json["contract"] == "Ampersand public API 1.0.0"
    assert re.fullmatch("[0-9a-f]{64}", answer.json["contractDigest"])
    assert answer.json["operations"] == len(mock.contract.operations) == 81


@pytest.mark.parametrize("path", ["/health", "/version"])
@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused_with_those_that_work(control: Client, method: str, path: str):
    answer = control.call(method, path)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, OPTIONS"


@pytest.mark.parametrize("path", ["", "/", "/nope", "/health/x", "/Health"])
def test_what_does_not_exist_is_404(control: Client, path: str):
    answer = control.get(path)
    assert answer.status == 404
    assert answer.media_type == "application/problem+json"


def test_the_control_plane_is_not_open_to_pages_of_other_origins(control: Client):
    answer = control.get("/health", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_the_control_plane_is_not_part_of_the_api(client: Client):
    assert client.get("/health").status == 404
    assert client.get("/__admin/health").status == 404
