"""Messages reach real sinks: signed, in order, tried again until they are taken."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from svix.webhooks import WebhookVerificationError

from mockserver.events.attempts import USER_AGENT
from mockserver.events.schedule import WAITS, next_due
from tests.conftest import START
from tests.listening import PROJECT
from tests.posting import DAY, EVENT, post, times
from tests.sinks import Answer, closed_port, sink
from tests.worlds import change

WALL: dict[str, Any] = {"signature_time": "wall"}


def test_an_event_arrives_signed_once_at_each_destination_that_it_is_routed_to():
    here = post(**WALL)
    with sink() as first, sink() as second:
        here.hook("first", f"{first.url}/a?b=c", headers={"X-Team": "integrations"})
        here.hook("second", second.url)
        here.emit()
        here.turn()

        (got,), (other,) = first.received, second.received
    assert got.path == "/a?b=c"
    assert got.json == {"notificationType": EVENT, "data": {"number": 0}}
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"] == USER_AGENT
    assert got.headers["user-agent"].startswith("Svix-Webhooks/")
    assert got.headers["x-team"] == "integrations"
    assert got.headers["host"] == f"localhost:{first.port}"
    assert "accept-encoding" not in got.headers
    got.verify(here.secret("first"))
    other.verify(here.secret("second"))
    assert got.id != other.id
    with pytest.raises(WebhookVerificationError):
        got.verify(here.secret("second"))


def test_messages_of_a_destination_arrive_in_the_order_of_their_events():
    here = post()
    with sink() as there:
        here.hook("first", there.url)
        here.emit(50)
        here.turn()

        assert [one.json["data"]["number"] for one in there.received] == list(range(50))


def test_a_failed_attempt_is_followed_by_another_with_the_same_id_and_a_signature_of_its_own():
    here = post()
    with sink(500, 200) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
        assert here.delivery()["status"] == "waiting"
        assert here.delivery()["nextAttemptTime"] == "2026-02-01T12:00:05.000000Z"
        here.turn(4.9)
        assert len(there.received) == 1
        here.turn(0.1)

        one, two = there.received
    assert one.id == two.id
    assert one.body == two.body
    assert int(two.headers["svix-timestamp"]) - int(one.headers["svix-timestamp"]) == 5
    assert one.headers["svix-signature"] != two.headers["svix-signature"]
    delivered = here.delivery()
    assert (delivered["status"], delivered["attemptCount"]) == ("delivered", 2)
    assert [a["response"]["status"] for a in delivered["attempts"]] == [500, 200]
    assert "nextAttemptTime" not in delivered


def test_a_message_that_waits_for_its_next_attempt_does_not_hold_up_the_others():
    here = post()
    with sink(500, 200) as there:
        here.hook("first", there.url)
        here.emit(3)
        here.turn(10)

        numbers = [one.json["data"]["number"] for one in there.received]
    assert numbers == [0, 1, 2, 0]


def test_attempts_follow_the_schedule_and_then_end():
    here = post()
    here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit()
    here.turn(2 * DAY)

    failed = here.delivery()
    start = datetime.fromisoformat(START[:19])
    expected = [start]
    for wait in WAITS:
        expected.append(expected[-1] + timedelta(seconds=wait))
    assert times(failed) == [moment.isoformat() for moment in expected]
    assert (failed["status"], failed["attemptCount"]) == ("failed", 8)
    assert failed["reason"] == "every attempt failed"
    assert all("response" not in attempt for attempt in failed["attempts"])
    assert {a["error"] for a in failed["attempts"]} == {"connection refused"}


def test_the_schedule_is_the_documented_one():
    hours = 3600
    assert list(WAITS) == [5, 300, 1800, 2 * hours, 5 * hours, 10 * hours, 10 * hours]
    assert next_due(1, 0, 1.0) == 5_000_000
    assert next_due(7, 0, 0.5) == 5 * hours * 1_000_000
    assert next_due(8, 0, 1.0) is None


def test_the_schedule_can_be_scaled():
    here = post(webhook_retry_scale=0.001)
    here.hook("dead", f"http://localhost:{closed_port()}/")
    here.emit()
    here.turn(sum(WAITS) / 1000)

    assert here.delivery()["status"] == "failed"


@pytest.mark.parametrize("status", [201, 204, 299])
def test_any_2xx_is_a_success(status: int):
    here = post()
    with sink(status) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
    assert here.delivery()["status"] == "delivered"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_anything_else_is_a_failure(status: int):
    here = post()
    with sink(status) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
    delivery = here.delivery()
    assert delivery["status"] == "waiting"
    assert delivery["responseStatus"] == status


def test_an_endpoint_can_abort_a_message():
    here = post()
    with sink(Answer(500, {"webhook-delivery": "abort-message"})) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn(2 * DAY)
    delivery = here.delivery()
    assert (delivery["status"], delivery["attemptCount"]) == ("failed", 1)
    assert here.health("first")["missed"] == 0


def test_an_answer_that_takes_too_long_is_a_failure():
    here = post(webhook_timeout=0.05)
    gate = threading.Event()

    def wait(_: object) -> Answer:
        gate.wait(20)
        return Answer()

    with sink(act=wait) as there:
        here.hook("slow", there.url)
        here.emit()
        here.turn()
        gate.set()
    assert here.delivery()["attempts"][0]["error"] == "no answer within 0.05 s"


def test_a_turn_of_the_clock_waits_at_length_only_once_for_one_that_does_not_answer():
    here = post(webhook_timeout=0.2, webhook_turn_timeout=0.05)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        here.hook("deaf", f"http://localhost:{deaf.getsockname()[1]}/")
        here.emit()
        here.turn(DAY)
        here.turn(DAY)

    errors = [attempt["error"] for attempt in here.delivery()["attempts"]]
    long, short = "no answer within 0.2 s", "no answer within 0.05 s"
    assert errors == [long, *[short] * 6, long]


def test_of_a_long_answer_only_the_beginning_is_read():
    here = post()
    with sink(Answer(500, body=b"x" * 5_000_000)) as there:
        here.hook("chatty", there.url)
        here.emit()
        here.turn()
    answer = here.delivery()["attempts"][0]["response"]
    assert answer["truncated"] is True
    assert len(answer["body"]) == 16 * 1024


def test_a_deleted_destination_gets_nothing_more_and_that_is_recorded():
    here = post()
    with sink(500) as there:
        here.hook("first", there.url)
        here.emit()
        here.turn()
        assert here.client.delete(f"{PROJECT}/destinations/first").status == 204
        here.turn(DAY)

        assert len(there.received) == 1
    delivery = here.delivery()
    assert (delivery["status"], delivery["reason"]) == ("dropped", "the destination was deleted")
    assert [d.id for d in here.mock.sandbox.dropped] == [delivery["id"]]


def test_a_changed_url_is_where_the_next_attempt_goes():
    here = post()
    with sink(500) as old, sink() as new:
        here.hook("first", old.url)
        here.emit()
        here.turn()
        body = {"updateMask": ["metadata.url"], "destination": {"metadata": {"url": new.url}}}
        assert here.client.patch(f"{PROJECT}/destinations/first", body).status == 200
        here.turn(5)

        assert (len(old.received), len(new.received)) == (1, 1)


def test_a_reset_drops_what_waits_and_records_it():
    here = post()
    with sink() as there:
        here.hook("first", there.url)
        here.emit(3)
        waiting = [d["id"] for d in here.deliveries()]
        here.mock.sandbox.reset()
        here.turn()

        assert there.received == []
    assert [d.id for d in here.mock.sandbox.dropped if d.what == "message"] == waiting
    assert [(d["id"], d["status"]) for d in here.deliveries()] == [(d, "dropped") for d in waiting]


def test_a_sink_that_calls_the_mock_during_its_delivery_is_answered():
    here = post()
    statuses: list[int] = []

    async def scenario() -> None:
        # In one event loop, as a server runs it: the sink's call needs the loop that delivers.
        transport = httpx.ASGITransport(here.mock.asgi)
        loop = asyncio.get_running_loop()

        async def create() -> int:
            async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
                key = {"X-Api-Key": "mock-full-key"}
                body = {"name": f"made-in-the-sink-{len(statuses)}"}
                path = "/v1/projects/my-project/topics"
                return (await client.post(path, json=body, headers=key)).status_code

        def call(_: object) -> Answer:
            statuses.append(asyncio.run_coroutine_threadsafe(create(), loop).result(20))
            return Answer()

        with sink(act=call) as there:
            url = there.url
            scheduler, sandbox = here.mock.scheduler, here.mock.sandbox
            with change(here.mock) as work:
                hook = work.tx.get("destinations", hook_id)
                assert hook is not None
                moved = {**hook, "metadata": {"url": url}}
                work.tx.put("destinations", hook_id, moved)
            here.emit(2)
            fired = await scheduler.advance(sandbox, scheduler.now(sandbox))
            assert fired.complete

    hook_id = here.hook("first", "https://sink.localhost/")
    asyncio.run(scenario())

    assert statuses == [201, 201]
    assert {d["status"] for d in here.deliveries()} == {"delivered"}
