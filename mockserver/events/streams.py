"""Puts messages into Kinesis streams.

The request is signed by botocore and sent the way webhooks are: botocore's own connections would
resolve the endpoint a second time, past the rules of addresses.

Source: Kinesis Data Streams API reference, PutRecord; the vendor's Kinesis guide
(partitionKeyTemplate).
"""

from __future__ import annotations

import base64
from importlib import import_module
from typing import Any

import orjson

from mockserver.events.wire import Request
from mockserver.state.outbox import Message
from mockserver.state.tables import Record

MISSING = (
    "sending to Kinesis needs botocore and jmespath: pip install 'ampersand-mockserver[kinesis]'"
)
_TARGET = "Kinesis_20131202.PutRecord"
_LONGEST_KEY = 256  # characters. Source: PutRecord (PartitionKey)


class MissingExtra(Exception):
    """The extra `[kinesis]` is not installed; the text says how to install it."""


def put_record(destination: Record, message: Message) -> Request:
    """Return the signed request that puts a message into a destination's stream.

    Raises:
        MissingExtra: what signs it is not installed.
        ValueError: the template of the partition key is no JMESPath.
    """
    auth, awsrequest, credentials = map(
        _needed, ("botocore.auth", "botocore.awsrequest", "botocore.credentials")
    )
    metadata, secrets = destination["metadata"], destination["secrets"]
    body = orjson.dumps(
        {
            "StreamName": metadata["streamName"],
            "Data": base64.b64encode(message.content).decode(),
            "PartitionKey": partition_key(metadata.get("partitionKeyTemplate"), message),
        }
    )
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": _TARGET}
    request = awsrequest.AWSRequest("POST", metadata["endpointUrl"], headers=headers, data=body)
    keys = credentials.Credentials(
        secrets["awsKeyId"], secrets["awsSecretKey"], secrets.get("awsSessionToken")
    )
    auth.SigV4Auth(keys, "kinesis", metadata["region"]).add_auth(request)
    return Request(metadata["endpointUrl"], list(request.headers.items()), body)


def partition_key(template: str | None, message: Message) -> str:
    """Return the key that decides about a record's shard.

    Source: the vendor's Kinesis guide: a JMESPath expression over `{data}`, else the message's id.
    Assumed: an expression that finds no text and no number counts as none.

    Raises:
        MissingExtra: what reads the template is not installed.
        ValueError: the template is no JMESPath.
    """
    if template is None:
        return message.id
    content = orjson.loads(message.body)
    # Results are sent in such an envelope already; of a notification the data alone.
    over = content if not message.topic_ids else {"data": content}
    found: Any = _needed("jmespath").search(template, over)
    if isinstance(found, bool) or not isinstance(found, str | int | float) or found == "":
        return message.id
    return str(found)[:_LONGEST_KEY]


def _needed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtra(MISSING) from None
