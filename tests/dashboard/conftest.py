"""A mock, and a headless Chromium that shows its dashboard. Each test has a sandbox of its own.

Without Chromium these tests are skipped, or fail where MOCKSERVER_REQUIRE_CLIENTS is set.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import find_browser, running_browser
from tests.dashboard.desk import Desk
from tests.server import Server, serving

_MISSING = "THE DASHBOARD IS NOT TESTED: chromium is not here"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip by a mark: the report then has one line per file, not one per test."""
    if find_browser() is not None or os.environ.get("MOCKSERVER_REQUIRE_CLIENTS"):
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason=_MISSING))


# Per module, as in tests/browser: while Playwright runs, asyncio.run() is refused in its thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_browser() is None:
        pytest.fail(_MISSING)
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[Server]:
    with serving("--journal-entries", "10000") as running:
        yield running


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> str:
    """Return the name of a sandbox of the test's own."""
    return re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")


@pytest.fixture
def desk(browser: Browser, server: Server, sandbox: str) -> Iterator[Desk]:
    """Give a new window; at the end nothing may have gone wrong in it that was not expected."""
    with browser.new_context(viewport={"width": 1360, "height": 860}) as context:
        sitting = Desk(context, server.url, sandbox)
        with sitting.http:
            yield sitting
        sitting.assert_went_well()
