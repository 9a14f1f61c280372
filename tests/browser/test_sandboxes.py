"""The React library in a sandbox of its own, which its base URL selects.

By the path it can do everything but take the popup's message: the library compares the origin of
the message with its whole base URL. By the host it can do that as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.backend import Backend
from tests.browser.visits import PATIENCE, Visit
from tests.server import Server

SANDBOX = "worker-7"


@pytest.fixture
def inside(server: Server, group: str) -> Iterator[Backend]:
    base = f"{server.url}/__sandbox/{SANDBOX}/v1/projects/my-project"
    with httpx.Client(base_url=base, trust_env=False) as http:
        yield Backend(http, group)


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, app: str, server: Server, group: str
) -> Iterator[Visit]:
    by_path = f"{server.url}/__sandbox/{SANDBOX}"
    by_host = server.url.replace("127.0.0.1", f"{SANDBOX}.localhost")
    base = {"path": by_path, "host": by_host}[request.param]
    with browser.new_context() as context:
        visiting = Visit(context, app, base, group)
        yield visiting
        visiting.assert_went_well()


@pytest.mark.parametrize("visit", ["path", "host"], indirect=True)
def test_connecting_by_key_happens_there_alone(visit: Visit, inside: Backend, backend: Backend):
    visit.open(integration="my-integration")
    visit.connect_with_key()
    visit.button("Install").click()
    visit.sees("installed ")

    assert len(inside.installations("my-integration")) == 1
    assert backend.connections() == []


@pytest.mark.parametrize("visit", ["host"], indirect=True)
def test_connecting_by_oauth_happens_there_alone(visit: Visit, inside: Backend, backend: Backend):
    visit.open(integration="oauth-integration")
    visit.consent("Approve")
    expect(visit.button("Install")).to_be_visible(timeout=PATIENCE)

    assert len(inside.connections()) == 1
    assert backend.connections() == []
