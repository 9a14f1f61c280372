"""What the feed tells: requests, deliveries, and what they did to clock and state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mockserver.journal.exchange import Exchange
from mockserver.journal.feed import Event, Feed, dropped
from mockserver.journal.journals import Journals
from mockserver.journal.showing import summary
from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox


class Shown(Protocol):
    """A delivery, as far as the feed knows one."""

    def summary(self) -> dict[str, Any]:
        """Return what the list of deliveries shows of it."""


class Happenings:
    """Turns what happens into events; costs next to nothing while nobody listens."""

    def __init__(self, feed: Feed, journals: Journals) -> None:
        """Take who listens, and what was asked before they did."""
        self.feed = feed
        self.journals = journals
        self._seen: dict[str, Root] = {}  # by sandbox: the root that was last looked at

    def requested(self, exchange: Exchange) -> None:
        """Tell of a request, and of what it changed."""
        if self.feed.listeners:
            # Told as it is now: an event that waits must not hold what the journal has let go of.
            told = summary(exchange)
            self.feed.tell(
                exchange.sandbox, Event("request", lambda: told, exchange.sequence or None)
            )
            self.look(exchange.sandbox)

    def controlled(self, exchange: Exchange) -> None:
        """Tell of what a request of the control plane changed, not of the request."""
        if self.feed.listeners:
            self.look(exchange.sandbox)

    def delivered(self, sandbox: Sandbox, delivery: Shown) -> None:
        """Tell how a delivery goes."""
        if self.feed.listeners:
            told = _without_payload(delivery.summary())
            self.feed.tell(sandbox, Event("delivery", lambda: told))

    def look(self, sandbox: Sandbox) -> None:
        """Tell what is different from when somebody last looked."""
        if sandbox.is_gone:  # whoever still listens hears the next one of its name
            return
        before, now = self._seen.get(sandbox.name, sandbox.root), sandbox.root
        self._seen[sandbox.name] = now
        if before is now:
            return
        tables = sorted(
            name for name, table in now.tables.items() if before.tables.get(name) is not table
        )
        if tables:
            self.feed.tell(sandbox, Event("state", lambda: {"tables": tables}))
        if before.clock != now.clock:
            clock = now.clock
            told = {"mode": clock.mode, "instant": clock.instant, "offset": clock.offset}
            self.feed.tell(sandbox, Event("clock", lambda: told))

    def empty(self, sandbox: Sandbox) -> None:
        """Let go of what a sandbox was: it starts anew, or it is gone."""
        if sandbox.is_gone or not self.feed.listeners:
            self._seen.pop(sandbox.name, None)

    def missed(self, sandbox: Sandbox, since: int | None) -> list[Event]:
        """Return the requests after the entry `since`; None: none of them.

        Before them stands how many the journal has let go of meanwhile.
        """
        if len(self.feed.listeners) > 1:
            self.look(sandbox)  # the others have not heard of that yet
        self._seen[sandbox.name] = sandbox.root
        if since is None:
            return []
        journal = self.journals.of(sandbox)
        found = list(journal.after(since))
        first = found[0].sequence if found else journal.last + 1
        events = [_request(exchange) for exchange in found]
        lost = first - since - 1
        return [dropped(lost), *events] if lost > 0 else events


def _request(exchange: Exchange) -> Event:
    return Event("request", lambda: summary(exchange), exchange.sequence or None)


def _without_payload(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "payload"}
