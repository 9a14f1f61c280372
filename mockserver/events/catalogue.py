"""Every type of event, and the component of the contract that its notification has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventType:
    """What is true of a type of event."""

    name: str  # on the wire
    #: The component of spec/notifications; None when the contract does not name the event.
    component: str | None = None
    #: The type whose routes it follows, when no route can name it.
    routed_as: str = ""


#: Source: NotificationEventType, and the components of spec/notifications.
CATALOGUE: Mapping[str, EventType] = {
    row.name: row
    for row in (
        EventType("connection.created", "ConnectionCreatedNotificationPayload"),
        EventType("connection.error", "ConnectionErrorNotificationPayload"),
        EventType("connection.refreshed", "ConnectionRefreshedNotificationPayload"),
        EventType("connection.deleted", "ConnectionDeletedNotificationPayload"),
        EventType("installation.created", "InstallationCreatedNotificationPayload"),
        EventType("installation.updated", "InstallationUpdatedNotificationPayload"),
        EventType("installation.deleted", "InstallationDeletedNotificationPayload"),
        EventType("read.schedule.paused", "ReadSchedulePausedNotificationPayload"),
        EventType("read.backfill.done", "ReadBackfillDoneNotificationPayload"),
        EventType("read.triggered.done", "ReadTriggeredDoneNotificationPayload"),
        EventType("read.triggered.error", "TriggeredReadErrorNotificationPayload"),
        EventType("write.async.done", "WriteAsyncDoneNotificationPayload"),
        EventType("destination.webhook.disabled", "DestinationWebhookDisabledNotificationPayload"),
        # Source: the vendor's notification guide. Assumed: it goes where new connections go.
        EventType("connection.updated", routed_as="connection.created"),
    )
}
