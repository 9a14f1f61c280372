"""What leaves a sandbox: events and direct messages inside a transaction, messages after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a project; whoever routes its type hears of it."""

    type: str  # the wire name, e.g. "installation.created"
    project_id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Direct:
    """A message for one destination, which is named and not routed to."""

    project_id: str
    destination: str  # its name
    kind: str  # what it is, e.g. "read" or "subscribe"
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to deliver to one destination. JSON types only."""

    id: str  # msg_…: the same in every attempt
    project_id: str
    destination_id: str
    event_type: str  # of an event its type, of a direct message its kind
    body: str  # what is sent, byte for byte, as UTF-8
    created: int  # microseconds since 1970-01-01 UTC
    topic_ids: tuple[str, ...] = ()  # the topics that led here; none of a direct message
    attempt: int = 1  # counts from 1
    generation: int = 0  # of the sandbox, when it was handed out

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body.encode()

    def in_generation(self, generation: int) -> Message:
        """Return the message as it is handed out in a generation of its sandbox."""
        return self if self.generation == generation else replace(self, generation=generation)

    def as_json(self) -> dict[str, Any]:
        """Return the message as JSON types, for a job's payload."""
        return {
            "id": self.id,
            "project_id": self.project_id,
            "destination_id": self.destination_id,
            "event_type": self.event_type,
            "body": self.body,
            "created": self.created,
            "topic_ids": list(self.topic_ids),
            "attempt": self.attempt,
            "generation": self.generation,
        }

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Message:
        """Return the message that `as_json` wrote."""
        return cls(**{**fields, "topic_ids": tuple(fields["topic_ids"])})


#: What a transaction may hold to be sent when it is kept.
Outgoing = Event | Direct | Message
