"""A mock, a page on another port, and a headless Chromium that visits it.

Without Chromium or the built page these tests are skipped, or fail where MOCKSERVER_REQUIRE_CLIENTS
is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser.backend import Backend
from tests.browser.built_page import missing, serving_page
from tests.browser.chromium import running_browser
from tests.browser.visits import Visit
from tests.server import Server, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip by a mark: the report then has one line per file, not one per test."""
    reason = missing()
    if reason is None or os.environ.get("MOCKSERVER_REQUIRE_CLIENTS"):
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason=reason))


# Per module, not per session: while Playwright runs, asyncio.run() is refused in its thread, and
# the tests of other folders need it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    reason = missing()
    if reason is not None:
        pytest.fail(reason)
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def app(browser: Browser) -> Iterator[str]:
    with serving_page() as origin:
        yield origin


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[Server]:
    with serving("--fixture", "frontend") as running:
        yield running


@pytest.fixture
def group(request: pytest.FixtureRequest) -> str:
    """Return a customer group of the test's own."""
    return f"group-of-{request.node.name}"


@pytest.fixture
def backend(server: Server, group: str) -> Iterator[Backend]:
    base = f"{server.url}/v1/projects/my-project"
    with httpx.Client(base_url=base, trust_env=False) as http:
        yield Backend(http, group)


@pytest.fixture
def visit(browser: Browser, app: str, server: Server, group: str) -> Iterator[Visit]:
    """Give a new window; at the end nothing may have gone wrong in it that was not expected."""
    with browser.new_context() as context:
        visiting = Visit(context, app, server.url, group)
        yield visiting
        visiting.assert_went_well()
