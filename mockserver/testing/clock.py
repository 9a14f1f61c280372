"""The clock of a sandbox, as tests set and turn it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.testing.control import Control


class Clock:
    """What every timestamp, expiry, schedule and retry of one sandbox reads."""

    def __init__(self, control: Control) -> None:
        """Take the control plane of the sandbox."""
        self._control = control

    @property
    def now(self) -> datetime:
        """The time in the sandbox, in UTC."""
        return datetime.fromisoformat(self._control.get("/clock")["now"])

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Let it stand still, at an instant or now; return when that is."""
        body = {"mode": "frozen"} | ({} if at is None else {"instant": _text(at)})
        return datetime.fromisoformat(self._control.put("/clock", body)["now"])

    def run(self) -> None:
        """Let it follow the machine's clock again."""
        self._control.put("/clock", {"mode": "real"})

    def advance(self, by: timedelta | float = 0, **units: float) -> dict[str, Any]:
        """Turn it forward, and do everything on the way: jobs, reads, retries, deliveries.

        Args:
            by: how far; a number counts seconds.
            units: as of a timedelta: `advance(hours=1, minutes=30)`.

        Returns:
            what happened, as `POST /__admin/clock` tells it.
        """
        far = by if isinstance(by, timedelta) else timedelta(seconds=by)
        seconds = (far + timedelta(**units)).total_seconds()
        fired: dict[str, Any] = self._control.post("/clock", {"seconds": seconds})
        return fired

    def advance_to(self, instant: datetime | str) -> dict[str, Any]:
        """Turn it forward to an instant; see `advance`."""
        fired: dict[str, Any] = self._control.post("/clock", {"to": _text(instant)})
        return fired


def _text(instant: datetime | str) -> str:
    if isinstance(instant, str):
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; use datetime(…, tzinfo=UTC)")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
