"""An event becomes a message for each destination that its type is routed to."""

from __future__ import annotations

import json

import pytest

from tests.listening import Ear, destination, ear, lead, topic
from tests.noting import project_id, set_up
from tests.worlds import change


@pytest.fixture
def here() -> Ear:
    found = ear()
    set_up(found.mock)
    return found


def test_an_event_becomes_one_message_per_destination_however_many_topics_lead_there(here: Ear):
    client = here.client
    other = destination(client, "other")
    unrouted = destination(client, "unrouted")
    topics = [topic(client, f"topic-{n}", "connection.created") for n in range(3)]
    for one in topics:
        lead(client, one, here.destination_id)
        lead(client, one, other)
    here.forget()

    with change(here.mock) as work:
        work.emit("connection.created", project_id(here), {"x": 1})

    sent = list(here.kept.messages)
    assert sorted(m.destination_id for m in sent) == sorted([here.destination_id, other])
    assert unrouted not in {m.destination_id for m in sent}
    assert len({m.id for m in sent}) == 2
    assert all(m.id.startswith("msg_") for m in sent)
    by_place = {m.destination_id: m for m in sent}
    assert set(by_place[other].topic_ids) == set(topics)
    assert set(by_place[here.destination_id].topic_ids) > set(topics)
    assert json.loads(sent[0].body) == {"notificationType": "connection.created", "data": {"x": 1}}


def test_events_of_other_projects_and_unrouted_events_become_nothing(here: Ear):
    narrow = ear(types=["connection.deleted"])
    with change(narrow.mock) as work:
        work.emit("connection.created", project_id(narrow), {})
        work.emit("connection.deleted", "another project", {})

    assert narrow.messages == []


def test_a_stream_gets_the_data_alone_and_results_wrapped(here: Ear):
    stream = destination(
        here.client,
        "stream",
        type="kinesis",
        metadata={"region": "us-east-1", "streamName": "s"},
        secrets={"awsKeyId": "a", "awsSecretKey": "b"},
    )
    lead(here.client, topic(here.client, "t", "connection.created"), stream)
    here.forget()

    with change(here.mock) as work:
        work.emit("connection.created", project_id(here), {"x": 1})
        work.send(project_id(here), "stream", {"action": "read"}, "read")

    bodies = [json.loads(m.body) for m in here.kept.messages if m.destination_id == stream]
    assert bodies == [{"x": 1}, {"data": {"action": "read"}}]


def test_what_leaves_is_handed_out_in_the_order_of_the_commits(here: Ear):
    with change(here.mock) as work:
        work.emit("connection.created", project_id(here), {"n": 1})
        work.send(project_id(here), "contactWebhook", {"n": 2}, "read")
        work.emit("connection.deleted", project_id(here), {"n": 3})
    with change(here.mock) as work:
        work.send(project_id(here), "contactWebhook", {"n": 4}, "read")

    assert [body.get("n") or body["data"]["n"] for body in here.told()] == [1, 2, 3, 4]
    assert here.types == ["connection.created", "read", "connection.deleted", "read"]
    assert here.mock.sandbox.root.outbox == ()


def test_a_message_to_a_destination_that_nobody_made_is_recorded(here: Ear):
    with change(here.mock) as work:
        work.send(project_id(here), "nobody", {}, "read")

    assert here.messages == []
    assert "'nobody'" in here.mock.sandbox.dropped[-1].reason


def test_an_event_that_the_catalogue_lacks_is_a_defect(here: Ear):
    with pytest.raises(LookupError), change(here.mock) as work:
        work.emit("connection.invented", project_id(here), {})
