"""The secrets of destinations: signing keys of webhooks, credentials of streams."""

from __future__ import annotations

from typing import Any

from tests.client import Client

DESTINATIONS = "/projects/my-project/destinations"
WEBHOOK = f"{DESTINATIONS}/defaultWebhook"
HOOK = {"name": "newHook", "type": "webhook", "metadata": {"url": "https://example.com/a"}}
AWS = {"awsKeyId": "AKIATEST", "awsSecretKey": "aws-very-secret", "awsSessionToken": "aws-session"}
STREAM = {
    "name": "newStream",
    "type": "kinesis",
    "metadata": {"region": "us-west-2", "streamName": "events"},
    "secrets": AWS,
}


def update(client: Client, *mask: str, path: str = WEBHOOK, **values: Any) -> Any:
    return client.patch(path, {"updateMask": list(mask), "destination": values})


def signing_key(client: Client, name: str, query: str = "") -> str:
    shown = client.get(f"{DESTINATIONS}/{name}?includeSecrets=true{query}")
    key: str = shown.json["secrets"]["webhookSigningKey"]
    return key


def test_secrets_are_shown_by_nothing_but_the_call_that_asks_for_them(client: Client):
    key = signing_key(client, "defaultWebhook").encode()
    answers = [
        client.post(DESTINATIONS, HOOK),
        client.post(DESTINATIONS, STREAM),
        client.get(DESTINATIONS),
        client.get(WEBHOOK),
        client.get(f"{WEBHOOK}?includeSecrets=false"),
        client.get(f"{WEBHOOK}?rotate=true"),
        client.get(f"{DESTINATIONS}/newStream"),
        client.get(f"{DESTINATIONS}/newStream?includeSecrets=true"),
        update(client, "secrets.awsKeyId", secrets={"awsKeyId": "AKIATEST"}),
        client.post(DESTINATIONS, {**STREAM, "name": "a_b"}),
        client.post(DESTINATIONS, {**STREAM, "secrets": {**AWS, "awsSecretKey": ""}}),
    ]

    for answer in answers:
        assert b"whsec_" not in answer.body
        assert key not in answer.body
        for secret in AWS.values():
            assert secret.encode() not in answer.body


def test_each_webhook_has_a_signing_key_of_its_own_and_a_stream_has_none(client: Client):
    client.post(DESTINATIONS, HOOK)
    client.post(DESTINATIONS, STREAM)

    keys = {signing_key(client, name) for name in ("newHook", "defaultWebhook")}

    assert len(keys) == 2
    assert all(key.startswith("whsec_") for key in keys)
    assert client.get(f"{DESTINATIONS}/newStream?includeSecrets=true").json["secrets"] == {}


def test_rotating_changes_the_key_of_that_destination_only(client: Client):
    old, other = (signing_key(client, name) for name in ("defaultWebhook", "production-alerts"))

    rotated = signing_key(client, "defaultWebhook", "&rotate=true")

    assert rotated.startswith("whsec_")
    assert rotated != old
    assert signing_key(client, "defaultWebhook", "&rotate=false") == rotated
    assert signing_key(client, "production-alerts") == other


def test_rotating_a_stream_changes_nothing(client: Client):
    created = client.post(DESTINATIONS, STREAM).json

    assert client.get(f"{DESTINATIONS}/newStream?rotate=true").json == created
