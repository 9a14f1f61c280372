"""The inbox on the control plane: found, shown, repeated, emptied, bounded."""

from __future__ import annotations

import pytest
from svix.webhooks import Webhook

from tests.posting import DISABLED, EVENT, headers, post
from tests.sinks import Answer, closed_port, sink


def test_a_delivery_is_shown_with_everything_that_was_tried():
    here = post(signature_time="wall")
    with sink(Answer(503, {"X-Why": "tired"}, b"later"), 200) as there:
        here.hook("first", f"{there.url}/hook")
        here.emit()
        here.turn(5)
        one, two = there.received

    shown = here.delivery()
    assert shown["eventType"] == EVENT
    assert shown["destinationName"] == "first"
    assert shown["status"] == "delivered"
    assert shown["body"].encode() == one.body
    assert shown["payload"] == one.json
    assert shown["topicIds"] == [here.topic_id]
    first, second = shown["attempts"]
    assert (first["number"], second["number"]) == (1, 2)
    assert (first["succeeded"], second["succeeded"]) == (False, True)
    assert first["request"]["method"] == "POST"
    assert first["request"]["url"] == f"{there.url}/hook"
    assert first["response"]["status"] == 503
    assert first["response"]["body"] == "later"
    assert {"name": "X-Why", "value": "tired"} in first["response"]["headers"]
    assert second["durationMs"] > 0
    assert second["time"] == "2026-02-01T12:00:05.000000Z"
    assert headers(second)["svix-signature"] == two.headers["svix-signature"]
    # What the inbox shows verifies as what was sent does.
    Webhook(here.secret("first")).verify(shown["body"].encode(), headers(second))


def test_deliveries_are_found_by_destination_type_and_status():
    here = post(webhook_disable_after=1)
    here.hook("good", "https://sink.localhost/")
    dead = here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit(2)
    here.turn(1)

    assert len(here.deliveries()) == 5
    assert [d["eventType"] for d in here.deliveries(destination="good")] == [EVENT, EVENT, DISABLED]
    assert len(here.deliveries(destination=dead)) == 2
    assert len(here.deliveries(eventType=DISABLED)) == 1
    assert {d["destinationName"] for d in here.deliveries(status="waiting")} == {"dead"}
    assert here.deliveries(destination="good", status="failed") == []
    limited = here.admin.get("/deliveries?limit=2").json
    assert (len(limited["deliveries"]), limited["total"]) == (2, 5)
    assert [d["id"] for d in limited["deliveries"]] == [d["id"] for d in here.deliveries()[:-3:-1]]


@pytest.mark.parametrize("query", ["status=lost", "limit=0", "limit=x", "limit=10001"])
def test_a_wrong_filter_is_refused(query: str):
    assert post().admin.get(f"/deliveries?{query}").status == 400


def test_an_unknown_delivery_is_not_found():
    admin = post().admin
    for answer in (admin.get("/deliveries/msg_x"), admin.post("/deliveries/msg_x/redeliver")):
        assert (answer.status, answer.issue_names) == (404, ["deliveryId"])


def test_a_message_is_redelivered_as_it_was_and_the_answer_tells_how_it_went():
    here = post(signature_time="wall")
    with sink(200, 500, 200) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
        path = f"/deliveries/{here.delivery()['id']}/redeliver"
        failed, done = here.admin.post(path), here.admin.post(path)

        for again in there.received:
            again.verify(here.secret("first"))
            assert (again.id, again.body) == (there.received[0].id, there.received[0].body)
    assert [a["response"]["status"] for a in failed.json["attempts"]] == [200, 500]
    assert failed.json["status"] == "delivered"  # which it was, once
    assert [a["trigger"] for a in done.json["attempts"]] == ["schedule", "redeliver", "redeliver"]
    assert here.turn(100)["messagesSent"] == 0  # a failed redelivery is not tried again


def test_a_message_that_is_redelivered_in_time_is_not_tried_again():
    here = post()
    with sink(500, 200) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
        assert here.admin.post(f"/deliveries/{here.delivery()['id']}/redeliver").status == 200
        here.turn(100_000)

        assert len(there.received) == 2
    assert here.delivery()["status"] == "delivered"


def test_what_is_missed_can_be_redelivered_one_by_one():
    here = post(webhook_disable_after=1)
    with sink(410, 200) as there:
        here.hook("gone", there.url)
        here.emit()
        here.turn()
        held = here.delivery()
        assert held["status"] == "held"
        again = here.admin.post(f"/deliveries/{held['id']}/redeliver")

        assert again.json["status"] == "delivered"
        assert len(there.received) == 2
    assert here.health("gone")["missed"] == 0


def test_the_inbox_can_be_emptied_and_what_waits_is_delivered_all_the_same():
    here = post()
    with sink(500, 200) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
        assert here.admin.delete("/deliveries").status == 204
        assert here.deliveries() == []
        here.turn(5)

        assert len(there.received) == 2
    assert here.delivery()["status"] == "delivered"


def test_the_inbox_keeps_so_many_deliveries():
    here = post(inbox_deliveries=3)
    here.hook("first", "https://sink.localhost/")
    here.emit(5)
    here.turn()

    found = here.admin.get("/deliveries").json
    assert [d["payload"]["data"]["number"] for d in found["deliveries"]] == [4, 3, 2]
    assert (found["total"], found["evicted"]) == (3, 2)


def test_the_inbox_keeps_so_many_bytes():
    here = post(inbox_bytes=20_000)
    here.hook("first", "https://sink.localhost/")
    here.emit(20, text="x" * 3000)
    here.turn()

    found = here.admin.get("/deliveries").json
    assert 3 <= found["total"] <= 6
    assert here.mock.deliveries.inbox(here.mock.sandbox).bytes <= 20_000


def test_of_many_attempts_the_latest_are_kept():
    here = post()
    here.hook("first", "https://sink.localhost/")
    here.emit()
    here.turn()
    path = f"/deliveries/{here.delivery()['id']}/redeliver"
    for _ in range(55):
        here.admin.post(path)

    shown = here.delivery()
    assert shown["attemptCount"] == 56
    assert [a["number"] for a in shown["attempts"]] == list(range(7, 57))


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("", [200]),
        ("?status=500,200", [500, 200]),
        ("?status=503, 404,201", [503, 404, 201]),
        ("?status=teapot", [400] * 3),
    ],
)
def test_the_mocks_own_sink_answers_as_told(query: str, statuses: list[int]):
    here = post()
    here.hook("own", f"https://sink.localhost/any/path{query.replace(' ', '')}")
    here.emit()
    here.turn(400)

    answers = [a["response"]["status"] for a in here.delivery()["attempts"]]
    assert answers == statuses


def test_the_mocks_own_sink_is_taken_whatever_the_settings_say():
    here = post(allow_http_destinations=False, deliver_to="none")
    here.hook("own", "http://sink.localhost/")
    here.emit()
    here.turn()

    assert here.delivery()["status"] == "delivered"
