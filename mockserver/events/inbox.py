"""Every delivery of one sandbox, with everything that was tried: bounded, the oldest go first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mockserver.events.wire import Attempt
from mockserver.simulation.clock import stamp
from mockserver.state.outbox import Message

WAITING = "waiting"  # for its turn, or for its next attempt
DELIVERED = "delivered"  # answered with 2xx
FAILED = "failed"  # no further attempt will be made
HELD = "held"  # until the destination is enabled again
RECORDED = "recorded"  # by a setting, or for want of an endpoint, it is not sent
DROPPED = "dropped"  # the destination was deleted, or the sandbox was put back
STATUSES = (WAITING, DELIVERED, FAILED, HELD, RECORDED, DROPPED)
#: Attempts that are kept of one delivery: the latest ones.
_MOST_ATTEMPTS = 50


@dataclass(slots=True)
class Delivery:
    """One message on its way to one destination."""

    message: Message
    destination: Mapping[str, Any]  # its record, as it was when the message was first taken
    status: str = WAITING
    reason: str = ""  # why it is held, recorded, dropped, or was given up
    due: int | None = None  # of the next attempt, by the sandbox's clock
    job_id: str | None = None  # the job that makes it
    tried: int = 0
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many bytes are kept of it, roughly."""
        return len(self.message.body) + sum(attempt.size for attempt in self.attempts)

    def add(self, attempt: Attempt) -> None:
        """Keep one attempt more."""
        self.tried += 1
        self.attempts = [*self.attempts[1 - _MOST_ATTEMPTS :], attempt]

    def summary(self) -> dict[str, Any]:
        """Return what the list of deliveries shows of it."""
        message, destination = self.message, self.destination
        shown = {
            "id": message.id,
            "eventType": message.event_type,
            "projectId": message.project_id,
            "destinationId": message.destination_id,
            "destinationName": destination.get("name", ""),
            "status": self.status,
            "attemptCount": self.tried,
            "createTime": stamp(message.created),
            "payload": orjson.loads(message.body),
        }
        if self.reason:
            shown["reason"] = self.reason
        if self.due is not None:
            shown["nextAttemptTime"] = stamp(self.due)
        if self.attempts and self.attempts[-1].reply.status is not None:
            shown["responseStatus"] = self.attempts[-1].reply.status
        return shown

    def details(self) -> dict[str, Any]:
        """Return everything that is known of it."""
        first = self.tried - len(self.attempts) + 1
        return {
            **self.summary(),
            "body": self.message.body,
            "topicIds": list(self.message.topic_ids),
            "attempts": [attempt.shown(first + n) for n, attempt in enumerate(self.attempts)],
        }


class Inbox:
    """The deliveries of one sandbox by message id, in the order in which they were taken."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        """Start empty; `most` deliveries and about `most_bytes` bytes are kept."""
        self._most, self._most_bytes = most, most_bytes
        self._deliveries: dict[str, Delivery] = {}
        self._sizes: dict[str, int] = {}
        self.bytes = 0
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._deliveries)

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self._deliveries.values())

    def get(self, message_id: str) -> Delivery | None:
        """Return a delivery, or None."""
        return self._deliveries.get(message_id)

    def keep(self, delivery: Delivery) -> None:
        """Add a delivery, or count again what one that is there has grown by."""
        identifier = delivery.message.id
        self._deliveries.setdefault(identifier, delivery)
        self.bytes += delivery.size - self._sizes.get(identifier, 0)
        self._sizes[identifier] = delivery.size
        while len(self) > self._most or (self.bytes > self._most_bytes and len(self) > 1):
            self._remove(next(iter(self._deliveries)))
            self.evicted += 1

    def forget(self, message_id: str) -> None:
        """Forget a delivery; an absent one is no error."""
        if message_id in self._deliveries:
            self._remove(message_id)

    def let_go(self, reason: str) -> None:
        """Say of every delivery that something was still to be done for that it is not done."""
        for delivery in self:
            if delivery.status in {WAITING, HELD}:
                delivery.status, delivery.reason = DROPPED, reason
                delivery.due = delivery.job_id = None

    def clear(self) -> None:
        """Forget every delivery."""
        for identifier in list(self._deliveries):
            self._remove(identifier)
        self.evicted = 0

    def find(
        self,
        *,
        destination: str | None = None,
        event_type: str | None = None,
        status: str | None = None,
    ) -> list[Delivery]:
        """Return the deliveries that match every filter given, oldest first.

        Args:
            destination: id or name.
            event_type: e.g. `installation.created`; of others `read`, `subscribe`, `schema.watch`.
            status: one of STATUSES.
        """
        return [
            one
            for one in self
            if destination in {None, one.message.destination_id, one.destination.get("name")}
            and event_type in {None, one.message.event_type}
            and status in {None, one.status}
        ]

    def _remove(self, identifier: str) -> None:
        del self._deliveries[identifier]
        self.bytes -= self._sizes.pop(identifier)
