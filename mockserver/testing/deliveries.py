"""The inbox of a sandbox: what it sent to webhooks and streams, as tests look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from mockserver.testing.control import Control

_MOST = 10_000


class Deliveries:
    """The messages of one sandbox, oldest first, each with what became of it."""

    def __init__(self, control: Control) -> None:
        """Take the control plane of the sandbox."""
        self._control = control

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.find())

    def __len__(self) -> int:
        return len(self.find())

    def find(
        self,
        event_type: str | None = None,
        *,
        destination: str | None = None,
        status: str | None = None,
    ) -> list[dict[str, Any]]:
        """Return the deliveries that fit; what is on its way is waited for.

        Args:
            event_type: e.g. `installation.created`; of results `read` or `subscribe`.
            destination: id or name.
            status: e.g. `delivered`.
        """
        if any("nextAttemptTime" not in one for one in self._list(status="waiting")):
            self._control.post("/clock", {"seconds": 0})  # returns when they have arrived
        found = self._list(eventType=event_type, destination=destination, status=status)
        return found[::-1]

    def details(self, delivery_id: str) -> dict[str, Any]:
        """Return everything that is known of one: its attempts, headers and bodies."""
        found: dict[str, Any] = self._control.get(f"/deliveries/{quote(delivery_id, safe='')}")
        return found

    def redeliver(self, delivery_id: str) -> dict[str, Any]:
        """Send one again; return it when that is over."""
        path = f"/deliveries/{quote(delivery_id, safe='')}/redeliver"
        found: dict[str, Any] = self._control.post(path)
        return found

    def clear(self) -> None:
        """Forget all of them."""
        self._control.delete("/deliveries")

    def _list(self, **filters: Any) -> list[dict[str, Any]]:
        answered = self._control.get("/deliveries", limit=_MOST, **filters)
        found: list[dict[str, Any]] = answered["deliveries"]
        return found
