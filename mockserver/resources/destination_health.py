"""How deliveries to a destination go: since when they fail, which keys sign, what it missed.

Source: Svix, "Retry Schedule" (disabling failing endpoints, recovering) and "Security" (rotation
of signing secrets). Assumed: the vendor keeps Svix's periods; its guide names none.
"""

from __future__ import annotations

from typing import Any

from mockserver.resources import notifications
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.state.outbox import Message
from mockserver.state.tables import Record

DISABLED_EVENT = "destination.webhook.disabled"
#: Kind of the job that looks whether a destination has failed for too long.
OVERDUE = "destination.overdue"
#: How long a replaced signing key still signs, beside the new one.
GRACE = 24 * 3600 * SECOND
#: Messages that are kept for one destination until it is back; the oldest go first.
MOST_MISSED = 10_000

DESTINATION_HEALTH = Resource(
    name="destinationHealth",
    noun="destination's health",
    key="destinationId",
    references=(Reference("destinationId", "destinations", "destination", on_delete="cascade"),),
    stamped=False,
)
MISSED = Resource(
    name="missedMessages",
    noun="missed message",
    references=(Reference("destinationId", "destinations", "destination", on_delete="cascade"),),
    stamped=False,
)


def of(work: Work, destination_id: str) -> Record:
    """Return what is known of a destination: nothing, while all is well.

    `failingSince`: when the first attempt failed of those that failed in a row. `disabledTime`:
    when it was disabled. `retiredKeys`: replaced signing keys, each with its `expireTime`.
    """
    return work.tx.get(DESTINATION_HEALTH.name, destination_id) or {}


def signing_keys(work: Work, destination: Record) -> list[str]:
    """Return the keys that sign at this moment, the newest first."""
    current = destination["secrets"]["webhookSigningKey"]
    return [current, *(key["key"] for key in _still_valid(work, destination["id"]))]


def retire_key(work: Work, destination: Record) -> None:
    """Let the present signing key of a webhook sign beside its successor for a while."""
    retired = {
        "key": destination["secrets"]["webhookSigningKey"],
        "expireTime": stamp(work.moment + GRACE),
    }
    keys = [retired, *_still_valid(work, destination["id"])]
    _put(work, destination["id"], retiredKeys=keys)


def _still_valid(work: Work, destination_id: str) -> list[Record]:
    keys = of(work, destination_id).get("retiredKeys", [])
    return [key for key in keys if moment(key["expireTime"]) > work.moment]


def is_disabled(work: Work, destination_id: str) -> bool:
    """Tell whether nothing is sent to a destination until somebody enables it."""
    return "disabledTime" in of(work, destination_id)


def succeeded(work: Work, destination_id: str) -> None:
    """Note that a destination took a message. That alone enables none that is disabled."""
    health = of(work, destination_id)
    if "failingSince" in health and "disabledTime" not in health:
        _put(work, destination_id, failingSince=None)


def failed(work: Work, destination: Record) -> None:
    """Note that an attempt failed; after the first of a row, look again when it may be too long.

    Only webhooks are disabled: the event is called so.
    """
    if destination["type"] != "webhook" or "failingSince" in of(work, destination["id"]):
        return
    _put(work, destination["id"], failingSince=work.now)
    due = work.moment + round(work.settings.webhook_disable_after * SECOND)
    payload = {"destinationId": destination["id"], "failingSince": work.now}
    work.schedule(OVERDUE, due, payload)


def disable(work: Work, destination: Record) -> None:
    """Send nothing more to a destination, and let the others know."""
    if destination["type"] != "webhook" or is_disabled(work, destination["id"]):
        return
    _put(work, destination["id"], disabledTime=work.now)
    notifications.webhook_disabled(work, destination)


def recover(work: Work, destination_id: str) -> int:
    """Enable a destination again and send what it missed, oldest first; return how many."""
    health = of(work, destination_id)
    if "failingSince" in health or "disabledTime" in health:
        _put(work, destination_id, failingSince=None, disabledTime=None)
    missed = sorted(missed_by(work, destination_id), key=lambda message: message.created)
    for message in missed:
        work.tx.delete(MISSED.name, message.id)
        work.tx.send(message)
    return len(missed)


def missed_by(work: Work, destination_id: str) -> list[Message]:
    """Return the messages that a destination will not get by itself any more."""
    found = work.tx.find(MISSED.name, "destinationId", (destination_id,))
    return [Message.of_json(record["message"]) for record in found]


def miss(work: Work, message: Message) -> Message | None:
    """Keep a message until its destination is back; return the one that had to go for it."""
    fresh = {**message.as_json(), "attempt": 1}
    key = (message.destination_id,)
    record = {"id": message.id, "destinationId": message.destination_id, "message": fresh}
    work.tx.put(MISSED.name, message.id, record)
    if work.tx.size(MISSED.name, "destinationId", key) <= MOST_MISSED:
        return None
    oldest = work.tx.first(MISSED.name, "destinationId", key)
    if oldest is None:
        return None
    work.tx.delete(MISSED.name, oldest["id"])
    return Message.of_json(oldest["message"])


def arrived(work: Work, message_id: str) -> None:
    """Keep a message no longer: it was delivered after all."""
    work.tx.delete(MISSED.name, message_id)


def _put(work: Work, destination_id: str, **changes: Any) -> None:
    """Change what is known of a destination; None takes a field away."""
    known = {"destinationId": destination_id, **of(work, destination_id), **changes}
    record = {name: value for name, value in known.items() if value is not None}
    work.tx.put(DESTINATION_HEALTH.name, destination_id, record)
