"""Hears what a mock sends in tests, without any network: a dispatcher that keeps messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.app import Mock
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.contract.schemas import Schemas
from mockserver.events.catalogue import CATALOGUE
from mockserver.events.dispatcher import Kept
from mockserver.events.fired import Fired
from mockserver.simulation.clock import SECOND
from mockserver.state.outbox import Message
from tests.client import Client
from tests.conftest import make_mock

PROJECT = "/projects/my-project"
EVERYTHING = tuple(name for name, row in CATALOGUE.items() if row.component)


@dataclass
class Ear:
    """A mock, its server's client, and what it has sent to one webhook."""

    mock: Mock
    client: Client
    kept: Kept
    destination_id: str

    @property
    def messages(self) -> list[Message]:
        return [m for m in self.kept.messages if m.destination_id == self.destination_id]

    def told(self, *types: str) -> list[dict[str, Any]]:
        """Return the bodies of the messages of some types, or of all, in order."""
        return [
            json.loads(message.body)
            for message in self.messages
            if not types or message.event_type in types
        ]

    @property
    def types(self) -> list[str]:
        return [message.event_type for message in self.messages]

    def forget(self) -> None:
        self.kept.messages.clear()

    def advance(self, seconds: float) -> Fired:
        scheduler, sandbox = self.mock.scheduler, self.mock.sandbox
        return asyncio.run(
            scheduler.advance(sandbox, scheduler.now(sandbox) + int(seconds * SECOND))
        )

    def control(self) -> Client:
        """Return a client of the control plane."""
        return Client(self.mock, key=None, prefix="/__admin")


def ear(*, types: Sequence[str] = EVERYTHING, **settings: Any) -> Ear:
    """Return a mock of its own whose my-project routes some events to one webhook."""
    kept = Kept()
    mock = make_mock(dispatcher=kept, **settings)
    client = Client(mock)
    webhook = destination(client, "contactWebhook")
    route(client, webhook, *types)
    return Ear(mock, client, kept, webhook)


def destination(client: Client, name: str, **fields: Any) -> str:
    """Create a webhook, or what else `fields` say; return its id."""
    body = {"name": name, "type": "webhook", "metadata": {"url": f"https://{name}.example/hook"}}
    answer = client.post(f"{PROJECT}/destinations", {**body, **fields})
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def topic(client: Client, name: str, *types: str) -> str:
    """Create a topic that some events are routed to; return its id."""
    made = client.post(f"{PROJECT}/topics", {"name": name})
    assert made.status == 201, made.body
    for event_type in types:
        route = {"eventType": event_type, "topicId": made.json["id"]}
        answer = client.post(f"{PROJECT}/notification-event-topic-routes", route)
        assert answer.status == 201, answer.body
    return str(made.json["id"])


def lead(client: Client, topic_id: str, destination_id: str) -> None:
    """Route a topic to a destination."""
    body = {"topicId": topic_id, "destinationId": destination_id}
    answer = client.post(f"{PROJECT}/topic-destination-routes", body)
    assert answer.status == 201, answer.body


def route(client: Client, destination_id: str, *types: str) -> None:
    """Route some events to a destination, by a topic of its own."""
    lead(client, topic(client, f"to-{destination_id[:8]}", *types), destination_id)


def notification_schemas() -> Schemas:
    """Return the compiled components of spec/notifications."""
    return Schemas(read_yaml(spec_directory() / "notifications" / "notifications.yaml"))


def check(schemas: Schemas, body: dict[str, Any]) -> None:
    """Assert that a notification is what the contract says of its type."""
    component = CATALOGUE[body["notificationType"]].component
    violations = schemas.violations(f"/components/schemas/{component}", body)
    assert violations == [], (body, violations)
