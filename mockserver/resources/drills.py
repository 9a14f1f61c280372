"""Failure drills: troubles of a provider that a test arms by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.rules.work import Work

BAD_CREDENTIALS = "bad_credentials"
PROVIDER_THROTTLED = "provider_throttled"
SAMPLE_READ_REJECTED = "sample_read_rejected"
PARTIAL_BATCH_WRITE = "partial_batch_write"
BACKFILL_FAILURE = "backfill_failure"

#: What each drill does, for people.
DRILLS: Mapping[str, str] = {
    BAD_CREDENTIALS: "The provider answers 401: the connection has bad credentials from then on.",
    PROVIDER_THROTTLED: "The provider answers 429: jobs try again later.",
    SAMPLE_READ_REJECTED: "The sample read before an installation is refused.",
    PARTIAL_BATCH_WRITE: "The provider refuses every second record of a batch.",
    BACKFILL_FAILURE: "The next batch of a backfill fails, and the backfill with it.",
}
_CONTROL = "drills"
#: What an armed drill may be limited to.
LIMITS = ("projectId", "provider", "groupRef", "objectName")


def armed(work: Work) -> dict[str, dict[str, Any]]:
    """Return the armed drills by name: `times` left, if limited, and what they are limited to."""
    return dict(work.tx.control(_CONTROL) or {})


def arm(work: Work, name: str, drill: Mapping[str, Any]) -> None:
    """Arm a drill, in place of what was armed under its name."""
    work.tx.set_control(_CONTROL, {**armed(work), name: dict(drill)})


def disarm(work: Work, name: str | None = None) -> None:
    """Disarm a drill, or all of them."""
    left = {known: drill for known, drill in armed(work).items() if name not in {None, known}}
    work.tx.set_control(_CONTROL, left or None)


def fires(work: Work, name: str, **place: str | None) -> bool:
    """Tell whether a drill is armed for a place, and use up one of its times.

    Args:
        work: the unit of work; it must be kept for the time to be used up.
        name: the drill.
        place: where it would fire: `projectId`, `provider`, `groupRef`, `objectName`.
    """
    drill = armed(work).get(name)
    if drill is None or any(
        limit in drill and drill[limit] != place.get(limit) for limit in LIMITS
    ):
        return False
    times = drill.get("times")
    if times == 1:
        disarm(work, name)
    elif times is not None:
        arm(work, name, {**drill, "times": times - 1})
    return True
