"""A visit to the page with the React library, and what went wrong during it."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    TimeoutError,
    expect,
)

#: What the library loads from elsewhere: a font and a logo. The browser resolves no such name.
_ELSEWHERE = {"fonts.googleapis.com", "res.cloudinary.com"}
#: How long to wait for what must come, in milliseconds: long, for machines that are busy.
PATIENCE = 40_000


class Visit:
    """One browser window of one customer."""

    def __init__(self, context: BrowserContext, app: str, server: str, group: str) -> None:
        self._app = app
        self.server = server
        self.group = group
        self._trouble: list[str] = []
        self._expected: tuple[str, ...] = ()
        self._forgiven: tuple[str, ...] = ()
        self._is_leaving = False
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._trouble.append(str(error.error)))
        context.on("requestfailed", self._failed)
        self.page: Page = context.new_page()

    def open(self, **query: str) -> None:
        """Load the page; without other credentials it has the frontend key."""
        key = {} if "token" in query else {"key": "mock-frontend-key"}
        asked = {"server": self.server, "group": self.group, **key, **query}
        self._is_leaving = True
        self.page.goto(f"{self._app}/?{urlencode(asked)}")
        self._is_leaving = False

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name, exact=True)

    def box(self, name: str) -> Locator:
        return self.page.get_by_role("checkbox", name=name, exact=True)

    def sees(self, text: str) -> None:
        """Wait until a text is on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def hears(self, event: str, identifier: str, times: int = 1) -> None:
        """Wait until the library has called one of the page's callbacks so many times."""
        told = self.page.get_by_role("list", name="Events").get_by_text(f"{event} {identifier}")
        expect(told).to_have_count(times, timeout=PATIENCE)

    def sees_ticked(self, name: str, ticked: bool = True) -> None:
        """Wait until a box is ticked, or is not."""
        expect(self.box(name)).to_be_checked(checked=ticked, timeout=PATIENCE)

    def connect_with_key(self, key: str = "apollo-key-1") -> None:
        self.page.get_by_placeholder("Paste your API key here").fill(key)
        self.button("Next").click()

    def asked_by_popup(self) -> Page:
        """Press Next; return the consent page that opens."""
        with self.page.expect_popup() as opening:
            self.button("Next").click()
        popup = opening.value
        expect(popup.get_by_role("button", name="Approve")).to_be_visible(timeout=PATIENCE)
        return popup

    def consent(self, answer: str) -> None:
        """Press Next, answer the consent page, and wait until its window has closed."""
        popup = self.asked_by_popup()
        with popup.expect_event("close"):
            popup.get_by_role("button", name=answer).click()

    def expects(self, *trouble: str) -> None:
        """Name, in part, each console error or failed request that belongs to this visit."""
        self._expected = trouble

    def forgives(self, *trouble: str) -> None:
        """Name, in part, what the library logs at times without any harm."""
        self._forgiven = trouble

    def assert_went_well(self) -> None:
        """Fail for any console error or failed request that nobody expected, or that is absent."""
        self.page.evaluate("null")  # whatever the browser has said until now has arrived then
        absent = [part for part in self._expected if not self._has_happened(part)]
        known = (*self._expected, *self._forgiven)
        surprises = [line for line in self._trouble if not any(part in line for part in known)]
        assert not surprises, "unexpected in the browser:\n" + "\n".join(surprises)
        assert not absent, "expected in the browser, but absent:\n" + "\n".join(absent)

    def _has_happened(self, part: str) -> bool:
        """Tell whether something was logged, or is within a while: the library takes its time."""
        if any(part in line for line in self._trouble):
            return True
        with suppress(TimeoutError):
            self.page.wait_for_event("console", lambda message: part in _line(message))
            return True
        return False

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_elsewhere(message.location["url"]):
            self._trouble.append(_line(message))

    def _failed(self, request: Request) -> None:
        # The library fetches freely: whoever leaves the page cuts some of it off.
        is_cut_off = self._is_leaving and request.failure == "net::ERR_ABORTED"
        if not is_cut_off and not _is_elsewhere(request.url):
            self._trouble.append(f"{request.method} {request.url}: {request.failure}")


def _line(message: ConsoleMessage) -> str:
    return f"{message.text} [{urlsplit(message.location['url']).path}]"


def _is_elsewhere(url: str) -> bool:
    return urlsplit(url).hostname in _ELSEWHERE
