"""Kinesis streams: recorded, and sent to an endpoint that speaks Kinesis."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from mockserver.events import streams
from mockserver.state.outbox import Message
from tests.listening import PROJECT, lead
from tests.posting import EVENT, Post, post
from tests.worlds import change

AWS = {"awsKeyId": "AKIATEST", "awsSecretKey": "aws-very-secret", "awsSessionToken": "session"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def kinesis(endpoint: str) -> Iterator[Any]:
    client = boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id="AKIATEST",
        aws_secret_access_key="x",
    )
    client.create_stream(StreamName="events", ShardCount=1)
    yield client
    client.delete_stream(StreamName="events")
    client.close()


def stream(here: Post, **metadata: Any) -> str:
    body = {
        "name": "stream",
        "type": "kinesis",
        "metadata": {"region": "us-west-2", "streamName": "events", **metadata},
        "secrets": AWS,
    }
    made = here.client.post(f"{PROJECT}/destinations", body)
    assert made.status == 201, made.body
    lead(here.client, here.topic_id, made.json["id"])
    return str(made.json["id"])


def put(kinesis: Any) -> list[tuple[str, bytes]]:
    """Return the partition key and data of every record in the stream."""
    shard = kinesis.describe_stream(StreamName="events")["StreamDescription"]["Shards"][0]
    start = kinesis.get_shard_iterator(
        StreamName="events", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records = kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]
    return [(record["PartitionKey"], record["Data"]) for record in records]


def test_a_notification_arrives_as_its_data_alone(endpoint: str, kinesis: Any):
    here = post()
    stream(here, endpointUrl=endpoint)
    here.emit(2, groupRef="g1")
    here.turn()

    first, second = here.deliveries()
    assert put(kinesis) == [
        (first["id"], b'{"number":0,"groupRef":"g1"}'),
        (second["id"], b'{"number":1,"groupRef":"g1"}'),
    ]
    assert first["status"] == second["status"] == "delivered"
    shown = here.admin.get(f"/deliveries/{first['id']}")
    assert shown.json["eventType"] == EVENT
    assert b"SequenceNumber" in shown.body
    for secret in (b"aws-very-secret", b"Signature=", b'session"'):
        assert secret not in shown.body


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("data.groupRef", "g1"),
        ("data.number", "0"),
        ("data.nested.a[0]", "x"),
        ("join('-', [data.groupRef, data.nested.a[0]])", "g1-x"),
        ("data.absent", None),
        ("data.nested", None),
        ("data.yes", None),
        ("data.empty", None),
    ],
)
def test_a_template_makes_the_partition_key(
    endpoint: str, kinesis: Any, template: str, key: str | None
):
    here = post()
    stream(here, endpointUrl=endpoint, partitionKeyTemplate=template)
    here.emit(groupRef="g1", nested={"a": ["x"]}, yes=True, empty="")
    here.turn()

    assert [found for found, _ in put(kinesis)] == [key or here.delivery()["id"]]


def test_results_are_wrapped_and_the_template_reads_them_in_their_envelope(
    endpoint: str, kinesis: Any
):
    here = post()
    stream(here, endpointUrl=endpoint, partitionKeyTemplate="data.groupRef")
    with change(here.mock) as work:
        project = next(p["id"] for p in work.tx.all("projects") if p["name"] == "my-project")
        work.send(project, "stream", {"action": "read", "groupRef": "g2"}, "read")
    here.turn()

    assert put(kinesis) == [("g2", b'{"data":{"action":"read","groupRef":"g2"}}')]


def test_a_template_that_is_none_fails_with_its_reason():
    here = post()
    stream(here, endpointUrl="http://127.0.0.1:9/", partitionKeyTemplate="data.[")
    here.emit()
    here.turn()

    delivery = here.delivery()
    assert delivery["status"] == "failed"
    assert delivery["reason"].startswith("partitionKeyTemplate: ")


def test_a_stream_that_is_not_there_is_tried_again(endpoint: str):
    here = post()
    stream(here, endpointUrl=endpoint, streamName="none")
    here.emit()
    here.turn()

    delivery = here.delivery()
    assert delivery["status"] == "waiting"
    assert "ResourceNotFoundException" in delivery["attempts"][0]["response"]["body"]


def test_without_an_endpoint_it_is_recorded_and_aws_is_never_called():
    here = post()
    stream(here)
    here.emit()
    here.turn()

    delivery = here.delivery()
    assert (delivery["status"], delivery["attempts"]) == ("recorded", [])
    assert "AWS" in delivery["reason"]
    assert delivery["payload"] == {"number": 0}


def test_an_endpoint_that_resolves_to_a_private_address_is_not_connected_to():
    here = post(allow_http_destinations=False, allow_destination=("127.0.0.1:4",))
    stream(here, endpointUrl="http://127.0.0.1:4/")
    body = {"updateMask": ["metadata.endpointUrl"]}
    metadata = {"metadata": {"endpointUrl": "http://127.0.0.1:5/"}}
    refused = here.client.patch(f"{PROJECT}/destinations/stream", {**body, "destination": metadata})
    assert refused.status == 422


@pytest.mark.parametrize("missing", ["botocore.auth", "jmespath"])
def test_a_missing_extra_is_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, missing: str
):
    here = post()
    stream(here, endpointUrl="http://127.0.0.1:9/", partitionKeyTemplate="data.number")
    here.emit()
    monkeypatch.setitem(sys.modules, missing, None)
    here.turn()

    delivery = here.delivery()
    assert delivery["status"] == "recorded"
    assert delivery["reason"] == streams.MISSING
    assert "pip install 'ampersand-mockserver[kinesis]'" in streams.MISSING
    assert "\n" not in streams.MISSING
    assert [r.message for r in caplog.records if r.levelname == "WARNING"] == [streams.MISSING]


def test_a_partition_key_is_no_longer_than_kinesis_takes():
    message = Message("msg_1", "p", "d", "read", '{"data":{"x":"' + "y" * 300 + '"}}', 0)
    assert streams.partition_key("data.x", message) == "y" * 256
