"""One browser window with the dashboard, what the tests do there, and what went wrong in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.client import KEY

#: How long to wait for what must come, in milliseconds: long, for machines that are busy.
PATIENCE = 40_000
PANELS = (
    "Journal",
    "State",
    "Changes",
    "Snapshots",
    "Clock",
    "Deliveries",
    "Faults",
    "Coverage",
    "Sandboxes",
)
PROJECT = "/v1/projects/my-project"


class Desk:
    """The dashboard of one sandbox, and clients of the same sandbox."""

    def __init__(self, context: BrowserContext, server: str, sandbox: str) -> None:
        self.server = server
        self.sandbox = sandbox
        self._trouble: list[str] = []
        self._expected: tuple[str, ...] = ()
        self.hosts: set[str | None] = set()  # that anything was asked of
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._trouble.append(str(error.error)))
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        context.on("requestfailed", self._failed)
        self.page: Page = context.new_page()
        self.http = httpx.Client(
            base_url=server, headers={"X-Mock-Sandbox": sandbox}, trust_env=False, timeout=60
        )

    # What a client of the mock does, in the sandbox that is shown.

    def client(self, method: str, path: str, body: Any = None, *, key: str = KEY) -> httpx.Response:
        """Call my-project as its server."""
        return self.http.request(method, f"{PROJECT}{path}", json=body, headers={"X-Api-Key": key})

    def make_topic(self, name: str) -> str:
        made = self.client("POST", "/topics", {"name": name})
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control plane; return what it answers."""
        answer = self.http.request(method, f"/__admin{path}", json=body)
        assert answer.is_success, answer.text
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json else answer.text

    # What somebody at the dashboard does.

    def open(self, panel: str = "Journal", **query: str) -> None:
        """Load the page and turn to a panel."""
        asked = urlencode({"sandbox": self.sandbox, **query})
        self.page.goto(f"{self.server}/__admin/ui?{asked}#{panel.lower()}")
        expect(self.heading).to_be_visible(timeout=PATIENCE)

    def turn_to(self, panel: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=panel, exact=True).click()

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def heading(self) -> Locator:
        return self.main.get_by_role("heading", level=1)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(label, exact=True)

    def rows(self, table: str) -> Locator:
        """Return the rows of a table, without its head."""
        return self.main.get_by_role("table", name=table).locator("tbody tr:not(.spacer)")

    def sees(self, text: str, *, within: Locator | None = None) -> None:
        """Wait until a text is on the page."""
        expect((within or self.main).get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def confirm(self, answer: str) -> None:
        """Answer the question that the page asks before it does something."""
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible(timeout=PATIENCE)
        dialog.get_by_role("button", name=answer, exact=True).click()

    def is_live(self) -> None:
        """Wait until the page hears events."""
        connection = self.page.locator("#connection")
        expect(connection).to_have_text("Live", timeout=PATIENCE)

    # How it went.

    def expects(self, *trouble: str) -> None:
        """Name, in part, each console error or failed request that belongs to this test."""
        self._expected = trouble

    def assert_went_well(self) -> None:
        """Fail for any error that nobody expected, or when anything left this machine."""
        self.page.evaluate("null")  # whatever the browser has said until now has arrived then
        surprises = [
            line for line in self._trouble if not any(part in line for part in self._expected)
        ]
        assert not surprises, "unexpected in the browser:\n" + "\n".join(surprises)
        assert self.hosts <= {"127.0.0.1"}

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = urlsplit(message.location["url"]).path
            self._trouble.append(f"{message.text} [{place}]")

    def _failed(self, request: Request) -> None:
        # Whoever leaves a panel, a sandbox or the page ends what is under way for it.
        if request.failure != "net::ERR_ABORTED":
            self._trouble.append(f"{request.method} {request.url}: {request.failure}")
