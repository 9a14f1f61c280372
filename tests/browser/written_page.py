"""Opens pages that commands write: files that load nothing and log nothing wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import find_browser


@contextmanager
def chromium_for(what: str) -> Iterator[Browser]:
    """Run the browser; without one, skip what it is for, unless it must be there."""
    path = find_browser()
    if path is None and not os.environ.get("MOCKSERVER_REQUIRE_CLIENTS"):
        pytest.skip(f"{what} is not tested: chromium is not here")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@contextmanager
def opened(browser: Browser, path: Path, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    """Open a file offline; at the end nothing may have gone wrong, and nothing asked for."""
    context = browser.new_context(color_scheme=scheme, offline=True)
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda told: trouble.append(told.text) if told.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith("file:") else trouble.append(asked.url),
    )
    page.goto(path.as_uri())
    yield page
    context.close()
    assert trouble == []
