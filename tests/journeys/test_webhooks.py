"""Webhooks as a developer tests them: a mock as a process, a real sink, the clock turned."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from svix.webhooks import Webhook

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import START, make_mock
from tests.posting import post
from tests.server import serving
from tests.sinks import Answer, Received, Sink, sink

PROJECT = "/v1/projects/my-project"
CONNECTION = {"groupRef": "g1", "consumerRef": "c1", "provider": "apollo", "apiKey": "k"}
INSTALLATION = {
    "groupRef": "g1",
    "config": {
        "content": {
            "provider": "apollo",
            "read": {"objects": {"contacts": {"objectName": "contacts"}}},
        }
    },
}
FROZEN = ("--clock", START)
#: What a developer deploys: contacts, from their beginning on, and again once an hour.
MANIFEST = """
specVersion: 1.0.0
integrations:
  - name: people-sync
    provider: apollo
    read:
      objects:
        - objectName: contacts
          destination: defaultWebhook
          schedule: "0 * * * *"
          requiredFields: [{fieldName: email}]
          backfill: {defaultPeriod: {fullHistory: true}}
"""


@contextmanager
def running(*arguments: str) -> Iterator[httpx.Client]:
    """Run the mock as a process; yield a client that calls it as a server of my-project."""
    with (
        serving(*arguments) as server,
        httpx.Client(
            base_url=server.url, headers={"X-Api-Key": "mock-full-key"}, timeout=60
        ) as client,
    ):
        yield client


def point(client: httpx.Client, url: str, name: str = "defaultWebhook") -> str:
    """Let a destination of the fixture lead to a sink; return its signing secret."""
    path = f"{PROJECT}/destinations/{name}"
    body = {"updateMask": ["metadata.url"], "destination": {"metadata": {"url": url}}}
    assert client.patch(path, json=body).status_code == 200
    shown = client.get(path, params={"includeSecrets": True}).json()
    return str(shown["secrets"]["webhookSigningKey"])


def hear(client: httpx.Client, event_type: str) -> None:
    """Route one more event to the topic of installations."""
    topics = client.get(f"{PROJECT}/topics").json()
    (topic,) = (one["id"] for one in topics if one["name"] == "installation-events")
    body = {"eventType": event_type, "topicId": topic}
    answer = client.post(f"{PROJECT}/notification-event-topic-routes", json=body)
    assert answer.status_code == 201, answer.text


def install(client: httpx.Client, integration: str = "my-integration") -> str:
    made = client.post(f"{PROJECT}/connections:generate", json=CONNECTION)
    assert made.status_code == 201, made.text
    path = f"{PROJECT}/integrations/{integration}/installations"
    installed = client.post(path, json=INSTALLATION)
    assert installed.status_code == 201, installed.text
    return str(installed.json()["id"])


def turn(client: httpx.Client, seconds: float) -> Any:
    answer = client.post("/__admin/clock", json={"seconds": seconds})
    assert answer.status_code == 200, answer.text
    return answer.json()


def run(there: Sink) -> list[tuple[str, list[tuple[str, str]], bytes]]:
    """Deploy, connect, install and backfill against a sink; return what was sent, to the byte."""
    with running(*FROZEN) as client:
        secret = point(client, there.url)
        hear(client, "read.backfill.done")
        deployed = client.put(f"{PROJECT}/integrations:batch", json={"sourceYaml": MANIFEST})
        assert deployed.status_code == 200, deployed.text
        made = install(client, "people-sync")
        turn(client, 1800)
        inbox = client.get("/__admin/deliveries", params={"destination": "defaultWebhook"}).json()
        objects = f"{PROJECT}/integrations/people-sync/installations/{made}/objects"
        progress = client.get(f"{objects}/contacts/backfill-progress").json()
    assert {d["status"] for d in inbox["deliveries"]} == {"delivered"}
    assert inbox["total"] == len(set(there.ids))
    for one in there.received:
        # The clock that stands in the past signed it: `verify` would call it too old.
        signed_at = datetime.fromtimestamp(int(one.headers["svix-timestamp"]), UTC)
        signed = Webhook(secret).sign(one.id, signed_at, one.body.decode())
        assert one.headers["svix-signature"] == signed
    once = {one.id: one.json for one in there.received}.values()
    batches = [body["resultInfo"]["numRecords"] for body in once if body.get("action") == "read"]
    assert len(batches) > 1
    assert sum(batches) == progress["recordsProcessed"]
    return [
        (r.path, [line for line in r.header_lines if line[0] != "Host"], r.body)
        for r in there.received
    ]


def test_an_installation_its_backfill_and_a_second_attempt_twice_the_same_to_the_byte():
    with sink(500, 200) as first, sink(500, 200) as second:
        one, other = run(first), run(second)

        assert one == other
        again = first.received[0].id
        assert first.ids.count(again) == 2
        once = {received.id: received.json for received in first.received}.values()
    types = [body.get("notificationType", body.get("action")) for body in once]
    batches = types.count("read")
    assert types == ["installation.created", *["read"] * batches, "read.backfill.done"]


def test_with_the_clock_of_the_machine_and_a_scaled_schedule_it_takes_no_time():
    def fail_twice(received: Received) -> Answer:
        return Answer({1: 500, 2: 503}.get(there.ids.count(received.id), 200))

    with (
        sink(act=fail_twice) as there,
        running("--webhook-retry-scale", "0.0001") as client,
    ):
        secret = point(client, there.url)
        install(client)
        turn(client, 0)
        # Two waits of 5 and 300 seconds are half a millisecond and 30; then it has arrived.
        turn(client, 1)
        for received in there.received:
            received.verify(secret)
        assert there.ids.count(there.received[0].id) == 3


def test_a_sink_that_calls_the_mock_while_it_takes_a_message_is_answered():
    answers: list[int] = []

    with running(*FROZEN) as client:
        base = str(client.base_url)

        def call(_: Received) -> Answer:
            path = f"{base}{PROJECT}/destinations"
            key = {"X-Api-Key": "mock-full-key"}
            answers.append(httpx.get(path, headers=key, timeout=20).status_code)
            # To turn a clock that is being turned is refused, not waited for.
            body = {"seconds": 1}
            answers.append(httpx.post(f"{base}/__admin/clock", json=body, timeout=20).status_code)
            return Answer()

        with sink(act=call) as there:
            point(client, there.url)
            install(client)
            turn(client, 60)
            assert len(there.received) >= 1
    assert set(answers[::2]) == {200}
    assert set(answers[1::2]) <= {200, 409}


def test_a_clock_is_not_set_while_it_is_turned():
    statuses: list[int] = []

    with running(*FROZEN) as client:
        clock = f"{client.base_url}/__admin/clock".replace("//__admin", "/__admin")

        def put(_: Received) -> Answer:
            statuses.append(httpx.put(clock, json={"mode": "real"}, timeout=20).status_code)
            return Answer()

        install(client)
        with sink(act=put) as there:
            point(client, there.url)
            turn(client, 60)
        shown = client.get("/__admin/clock").json()

    assert set(statuses) == {409}
    assert shown["mode"] == "frozen"


def test_a_clock_that_stands_still_delivers_what_is_due_now():
    arrived = threading.Event()

    def take(_: Received) -> Answer:
        arrived.set()
        return Answer()

    with sink(act=take) as there, running(*FROZEN) as client:
        point(client, there.url)
        install(client)
        assert arrived.wait(20)
        assert there.received[0].json["notificationType"] == "installation.created"


def test_deliveries_give_way_to_calls_and_still_arrive_while_calls_go_on():
    arrived = threading.Event()

    def take(_: Received) -> Answer:
        arrived.set()
        return Answer()

    with sink(act=take) as there, running() as client:
        point(client, there.url)
        install(client)
        for _ in range(20_000):  # far longer than a delivery waits
            assert client.get(f"{PROJECT}/topics").status_code == 200
            if arrived.is_set():
                break
        assert arrived.is_set()


def test_a_destination_that_hangs_holds_up_nobody_who_calls_the_mock():
    with sink() as _, running("--webhook-timeout", "30") as client:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as deaf:
            point(client, f"http://localhost:{deaf.getsockname()[1]}/")
            install(client)
            assert client.get(f"{PROJECT}/destinations").status_code == 200
            waiting = client.get("/__admin/deliveries", params={"status": "waiting"}).json()
            assert waiting["total"] >= 1


def test_a_thousand_events_to_ten_destinations_arrive_once_each_and_the_inbox_keeps_its_bounds():
    here = post(inbox_deliveries=2_000)
    with sink() as real:
        here.hook("hook-0", real.url)
        for number in range(1, 10):
            here.hook(f"hook-{number}", f"https://sink.localhost/{number}")
        here.emit(1_000)
        here.turn()

        assert [r.json["data"]["number"] for r in real.received] == list(range(1_000))
    inbox = here.admin.get("/deliveries?limit=2000").json
    assert (inbox["total"], inbox["evicted"]) == (2_000, 8_000)
    assert {d["status"] for d in inbox["deliveries"]} == {"delivered"}
    assert {d["attemptCount"] for d in inbox["deliveries"]} == {1}


def test_the_fixture_delivers_to_the_mocks_own_sink_out_of_the_box():
    mock: Mock = make_mock()
    client, admin = Client(mock), Client(mock, key=None, prefix="/__admin")
    client.post("/projects/my-project/connections:generate", CONNECTION)
    path = "/projects/my-project/integrations/my-integration/installations"
    assert client.post(path, INSTALLATION).status == 201
    admin.post("/clock", {"seconds": 0})

    found = admin.get("/deliveries?eventType=installation.created").json["deliveries"]
    assert [d["status"] for d in found] == ["delivered"]
