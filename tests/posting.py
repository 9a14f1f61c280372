"""A mock that really delivers, with destinations that events are routed to, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.listening import PROJECT, destination, lead, topic
from tests.noting import set_up
from tests.worlds import change, project_id

EVENT = "connection.created"
DISABLED = "destination.webhook.disabled"
DAY = 86_400


@dataclass
class Post:
    """A mock, its clients, and what it has delivered."""

    mock: Mock
    client: Client
    admin: Client
    topic_id: str

    def hook(self, name: str, url: str, **metadata: Any) -> str:
        """Create a webhook that everything of the topic is sent to; return its id."""
        made = destination(self.client, name, metadata={"url": url, **metadata})
        lead(self.client, self.topic_id, made)
        return made

    def emit(self, count: int = 1, **data: Any) -> None:
        """Let events happen, one after another; nothing is sent before the clock is turned."""
        project = project_id(self.mock)
        for number in range(count):
            with change(self.mock) as work:
                work.emit(EVENT, project, {"number": number, **data})

    def turn(self, seconds: float = 0) -> Any:
        """Turn the clock, and deliver what is due; return the report."""
        answer = self.admin.post("/clock", {"seconds": seconds})
        assert answer.status == 200, answer.body
        return answer.json

    def deliveries(self, **filters: Any) -> list[dict[str, Any]]:
        """Return what the inbox lists, oldest first."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        found: list[dict[str, Any]] = self.admin.get(f"/deliveries?{query}").json["deliveries"]
        return found[::-1]

    def delivery(self, **filters: Any) -> dict[str, Any]:
        """Return the only delivery that there is, in full."""
        (found,) = self.deliveries(**filters)
        shown: dict[str, Any] = self.admin.get(f"/deliveries/{found['id']}").json
        return shown

    def secret(self, name: str, *, rotate: bool = False) -> str:
        query = f"includeSecrets=true&rotate={str(rotate).lower()}"
        answer = self.client.get(f"{PROJECT}/destinations/{name}?{query}")
        return str(answer.json["secrets"]["webhookSigningKey"])

    def health(self, name: str) -> dict[str, Any]:
        answer = self.admin.get(f"/destinations/{name}/health")
        assert answer.status == 200, answer.body
        shown: dict[str, Any] = answer.json
        return shown


def post(mock: Mock | None = None, **settings: Any) -> Post:
    """Return a mock of its own in whose my-project one topic hears of connections and of ends."""
    mock = mock or make_mock(**settings)
    set_up(mock)
    client = Client(mock)
    with change(mock) as work:  # the fixture's own routes lead to other destinations
        for route in list(work.tx.all("topicDestinationRoutes")):
            work.tx.delete("topicDestinationRoutes", route["id"])
    return Post(
        mock,
        client,
        Client(mock, key=None, prefix="/__admin"),
        topic(client, "all", EVENT, DISABLED),
    )


def times(delivery: dict[str, Any]) -> list[str]:
    """Return when the attempts of a delivery were made, without the day's zone and fraction."""
    return [attempt["time"][:19] for attempt in delivery["attempts"]]


def headers(attempt: dict[str, Any]) -> dict[str, str]:
    """Return the headers of an attempt's request; names in lower case."""
    return {line["name"].lower(): line["value"] for line in attempt["request"]["headers"]}
