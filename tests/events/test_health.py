"""A destination that fails for too long is disabled, others hear of it, and it loses nothing."""

from __future__ import annotations

from typing import Any

from tests.client import Client
from tests.listening import PROJECT
from tests.posting import DAY, DISABLED, EVENT, Post, post
from tests.sinks import closed_port, sink
from tests.worlds import project_id


def moved(here: Post, name: str, url: str) -> Any:
    """Give a destination another URL."""
    body = {"updateMask": ["metadata.url"], "destination": {"metadata": {"url": url}}}
    answer = here.client.patch(f"{PROJECT}/destinations/{name}", body)
    assert answer.status == 200
    return answer.json


def test_a_sink_dead_for_five_days_is_disabled_and_the_other_one_is_told():
    here = post()
    with sink() as alerts:
        dead = here.hook("dead", f"http://localhost:{closed_port()}/hook")
        here.hook("alerts", alerts.url)
        here.emit()
        here.turn(5 * DAY - 1)
        assert here.health("dead")["status"] == "failing"
        assert [one.json["notificationType"] for one in alerts.received] == [EVENT]
        here.turn(1)

        told = alerts.received[-1].json
    assert told == {
        "notificationType": DISABLED,
        "data": {
            "projectId": project_id(here.mock),
            "destinationId": dead,
            "destinationName": "dead",
            "url": here.delivery(destination="dead")["attempts"][0]["request"]["url"],
        },
    }
    health = here.health("dead")
    assert health["status"] == "disabled"
    assert health["failingSince"] == "2026-02-01T12:00:00.000000Z"
    assert health["disabledTime"] == "2026-02-06T12:00:00.000000Z"
    assert health["missed"] == 1
    # It is not told of its own end, now or later.
    assert [d["eventType"] for d in here.deliveries(destination="dead")] == [EVENT]


def test_nothing_is_lost_when_it_returns():
    here = post()
    with sink() as there:
        here.hook("late", f"http://localhost:{closed_port()}/")
        here.emit(3, when="before it was given up")
        here.turn(2 * DAY)
        here.emit(2, when="while it fails")
        here.turn(3 * DAY)
        assert here.health("late")["status"] == "disabled"
        here.emit(2, when="while it is disabled")
        here.turn(DAY)
        assert [d["status"] for d in here.deliveries()] == ["failed"] * 5 + ["held"] * 2
        assert there.received == []

        moved(here, "late", there.url)
        here.turn()

        assert [
            (one.json["data"]["when"], one.json["data"]["number"]) for one in there.received
        ] == [
            *[("before it was given up", n) for n in range(3)],
            *[("while it fails", n) for n in range(2)],
            *[("while it is disabled", n) for n in range(2)],
        ]
        here.emit(1, when="afterwards")
        here.turn(10 * DAY)
        assert len(there.received) == 8
    assert {d["status"] for d in here.deliveries()} == {"delivered"}
    assert here.health("late") == {
        "destinationId": here.deliveries()[0]["destinationId"],
        "destinationName": "late",
        "status": "healthy",
        "missed": 0,
    }


def test_the_control_plane_enables_it_too_and_resends_with_attempts_anew():
    here = post()
    with sink(*[500] * 8, 500, 200) as there:
        here.hook("late", there.url)
        here.emit()
        here.turn(5 * DAY)
        recovered = here.admin.post("/destinations/late/recover")
        assert (recovered.status, recovered.json["resent"]) == (200, 1)
        here.turn()
        assert here.delivery()["status"] == "waiting"
        here.turn(5)

        assert len(there.received) == 10
        assert len(set(there.ids)) == 1
    assert here.delivery()["status"] == "delivered"
    assert here.admin.post("/destinations/late/recover").json["resent"] == 0


def test_one_success_in_between_starts_the_count_anew():
    here = post()
    with sink(*[500] * 8, 200, 500) as there:
        here.hook("flaky", there.url)
        here.emit()
        here.turn(4 * DAY)
        here.emit()
        here.turn()
        assert here.health("flaky")["status"] == "healthy"
        here.emit()
        here.turn(4 * DAY)
        assert here.health("flaky")["status"] == "failing"
        here.turn(DAY)
        assert here.health("flaky")["status"] == "disabled"


def test_gone_disables_at_once():
    here = post()
    with sink(410) as there:
        here.hook("gone", there.url)
        here.emit(2)
        here.turn(DAY)

        assert len(there.received) == 1
    assert here.health("gone")["status"] == "disabled"
    assert [d["status"] for d in here.deliveries(eventType=EVENT)] == ["held", "held"]


def test_the_window_is_a_setting():
    here = post(webhook_disable_after=60)
    here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit()
    here.turn(59)
    assert here.health("dead")["status"] == "failing"
    here.turn(1)
    assert here.health("dead")["status"] == "disabled"


def test_a_stream_is_never_disabled():
    here = post(webhook_disable_after=1)
    endpoint = f"http://localhost:{closed_port()}/"
    body = {
        "name": "stream",
        "type": "kinesis",
        "metadata": {"region": "us-east-1", "streamName": "s", "endpointUrl": endpoint},
        "secrets": {"awsKeyId": "a", "awsSecretKey": "b"},
    }
    made = here.client.post(f"{PROJECT}/destinations", body).json
    route = {"topicId": here.topic_id, "destinationId": made["id"]}
    here.client.post(f"{PROJECT}/topic-destination-routes", route)
    here.emit()
    here.turn(10)

    assert here.delivery()["status"] == "waiting"
    assert here.health("stream")["status"] == "healthy"


def test_a_failing_destination_that_is_only_renamed_stays_disabled():
    here = post(webhook_disable_after=1)
    here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit()
    here.turn(1)
    body = {"updateMask": ["name"], "destination": {"name": "renamed"}}
    assert here.client.patch(f"{PROJECT}/destinations/dead", body).status == 200

    assert here.health("renamed")["status"] == "disabled"


def test_what_is_known_of_a_destination_goes_with_it():
    here = post(webhook_disable_after=1)
    here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit()
    here.turn(2 * DAY)
    assert here.health("dead")["missed"] == 1
    here.client.delete(f"{PROJECT}/destinations/dead")

    tables = here.mock.sandbox.root.tables
    assert len(tables["destinationHealth"]) == len(tables["missedMessages"]) == 0


def test_health_and_recovery_need_a_destination(client: Client):
    admin = Client(client.mock, key=None, prefix="/__admin")
    for answer in (
        admin.get("/destinations/none/health"),
        admin.post("/destinations/none/recover"),
    ):
        assert answer.status == 404
        assert answer.json["issues"][0]["name"] == "destinationId"
    # Two projects have one of this name: it names neither.
    assert admin.get("/destinations/contactWebhook/health").status == 404
    assert admin.get("/destinations/defaultWebhook/health").json["status"] == "healthy"
