"""Destinations, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import calls
from tests.client import Client
from tests.conftest import make_mock

DESTINATIONS = "/projects/my-project/destinations"
WEBHOOK = f"{DESTINATIONS}/defaultWebhook"
URL = {"url": "https://example.com/a"}
HOOK = {"name": "newHook", "type": "webhook", "metadata": URL}
AWS = {"awsKeyId": "AKIATEST", "awsSecretKey": "aws-very-secret", "awsSessionToken": "aws-session"}
STREAM = {
    "name": "newStream",
    "type": "kinesis",
    "metadata": {"region": "us-west-2", "streamName": "events"},
    "secrets": AWS,
}


def update(client: Client, *mask: str, path: str = WEBHOOK, **values: Any) -> Any:
    return client.patch(path, {"updateMask": list(mask), "destination": values})


@pytest.mark.parametrize("body", [HOOK, STREAM], ids=["webhook", "kinesis"])
def test_a_created_destination_is_got_and_listed_as_it_was_answered(
    client: Client, body: dict[str, Any]
):
    created = client.post(DESTINATIONS, body)

    assert created.status == 201
    assert created.json.keys() == {"id", "name", "type", "metadata", "createTime"}
    assert created.json["metadata"] == body["metadata"]
    assert client.get(f"{DESTINATIONS}/{body['name']}").json == created.json
    listed = client.get(DESTINATIONS).json
    assert [one for one in listed if one["name"] == body["name"]] == [created.json]


@pytest.mark.parametrize("wanted", ["defaultWebhook", calls.DEFAULT_WEBHOOK])
def test_a_destination_is_got_changed_and_deleted_by_its_id_or_name(client: Client, wanted: str):
    path = f"{DESTINATIONS}/{wanted}"

    got = client.get(path)
    changed = update(client, "metadata.url", path=path, metadata={"url": "https://example.com/b"})
    deleted = client.delete(path)

    assert got.json["id"] == changed.json["id"] == calls.DEFAULT_WEBHOOK
    assert deleted.status == 204


def test_an_id_counts_before_a_name_that_looks_like_it(client: Client):
    client.post(DESTINATIONS, {**HOOK, "name": calls.DEFAULT_WEBHOOK})

    assert client.get(f"{DESTINATIONS}/{calls.DEFAULT_WEBHOOK}").json["name"] == "defaultWebhook"


def test_destination_names_are_compared_exactly(client: Client):
    assert client.get(f"{DESTINATIONS}/DEFAULTwebhook").status == 404
    assert client.post(DESTINATIONS, {**HOOK, "name": "DEFAULTwebhook"}).status == 201


@pytest.mark.parametrize("name", ["", "a b", "a_b", "ä", "a.b", "a\n"])
def test_a_destination_name_has_letters_numbers_and_dashes_only(client: Client, name: str):
    created = client.post(DESTINATIONS, {**HOOK, "name": name})
    changed = update(client, "name", name=name)

    assert (created.status, created.issue_names) == (422, ["name"])
    assert (changed.status, changed.issue_names) == (422, ["destination.name"])


def test_destination_names_are_unique_in_their_project_only(client: Client):
    created = client.post(DESTINATIONS, {**HOOK, "name": "defaultWebhook"})
    renamed = update(client, "name", name="production-alerts")
    elsewhere = client.post(DESTINATIONS, {**HOOK, "name": "contactWebhook"})

    assert (created.status, created.issue_names) == (422, ["name"])
    assert (renamed.status, renamed.issue_names) == (422, ["destination.name"])
    assert elsewhere.status == 201


def test_a_destination_may_be_renamed_to_its_own_name(client: Client):
    assert update(client, "name", name="defaultWebhook").status == 200


def test_a_renamed_destination_is_found_by_its_new_name(client: Client):
    assert update(client, "name", name="renamed").json["id"] == calls.DEFAULT_WEBHOOK
    assert client.get(WEBHOOK).status == 404
    assert client.get(f"{DESTINATIONS}/renamed").status == 200


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com", "http://example.com", "https://", "https://a b"]
)
def test_a_webhook_url_is_https(client: Client, url: str):
    created = client.post(DESTINATIONS, {**HOOK, "metadata": {"url": url}})
    changed = update(client, "metadata.url", metadata={"url": url})

    assert (created.status, created.issue_names) == (422, ["metadata.url"])
    assert (changed.status, changed.issue_names) == (422, ["destination.metadata.url"])


def test_a_webhook_needs_a_url(client: Client):
    refused = client.post(DESTINATIONS, {**HOOK, "metadata": {}})

    assert (refused.status, refused.issue_names) == (422, ["metadata.url"])


@pytest.mark.parametrize(
    "url", ["http://localhost", "http://localhost:4011/a", "http://127.0.0.1", "http://[::1]:80/"]
)
def test_http_is_taken_for_this_machine_only_while_the_setting_allows_it(client: Client, url: str):
    body = {**HOOK, "metadata": {"url": url}}
    closed = Client(make_mock(allow_http_destinations=False))

    assert client.post(DESTINATIONS, body).status == 201
    assert closed.post(DESTINATIONS, body).status == 422
    assert closed.post(DESTINATIONS, HOOK).status == 201


@pytest.mark.parametrize(
    "host", ["localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "192.168.0.1"]
)
def test_http_to_other_machines_is_never_taken(client: Client, host: str):
    assert client.post(DESTINATIONS, {**HOOK, "metadata": {"url": f"http://{host}/"}}).status == 422


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("metadata", "region"),
        ("metadata", "streamName"),
        ("secrets", "awsKeyId"),
        ("secrets", "awsSecretKey"),
    ],
)
def test_a_stream_needs_its_place_and_its_credentials(client: Client, part: str, name: str):
    values: Any = STREAM[part]
    body = {**STREAM, part: {key: value for key, value in values.items() if key != name}}

    refused = client.post(DESTINATIONS, body)

    assert (refused.status, refused.issue_names) == (422, [f"{part}.{name}"])


def test_a_stream_may_have_an_endpoint_and_a_template(client: Client):
    metadata = {
        "region": "us-west-2",
        "streamName": "events",
        "endpointUrl": "http://localhost:4566",
        "partitionKeyTemplate": "data.groupRef",
    }

    created = client.post(DESTINATIONS, {**STREAM, "metadata": metadata})
    wrong = client.post(
        DESTINATIONS, {**STREAM, "name": "b", "metadata": {**metadata, "endpointUrl": "nowhere"}}
    )

    assert created.json["metadata"] == metadata
    assert (wrong.status, wrong.issue_names) == (422, ["metadata.endpointUrl"])


@pytest.mark.parametrize("headers", [{"X Y": "1"}, {"X": "a\nb"}, {"": "1"}, {"X": "\u2026"}])
def test_headers_that_http_cannot_carry_are_422(client: Client, headers: dict[str, str]):
    refused = client.post(DESTINATIONS, {**HOOK, "metadata": {**URL, "headers": headers}})

    assert refused.status == 422


@pytest.mark.parametrize(
    "wrong", [{"metadata": {**URL, "headers": {"X": None}}}, {"name": 5}, {"metadata": "a"}]
)
def test_a_value_of_the_wrong_type_is_400(client: Client, wrong: dict[str, Any]):
    assert client.post(DESTINATIONS, {**HOOK, **wrong}).status == 400


def test_an_unknown_type_is_422(client: Client):
    refused = client.post(DESTINATIONS, {**HOOK, "type": "carrier-pigeon"})

    assert (refused.status, refused.issue_names) == (422, ["type"])


def test_an_update_changes_only_what_its_mask_names(
    client: Client, advance: Callable[[float], None]
):
    path = f"{DESTINATIONS}/production-alerts"
    old = client.get(path).json
    advance(60)

    changed = update(
        client,
        "metadata.url",
        path=path,
        name="ignored",
        metadata={"url": "https://abc.ngrok.io/path", "headers": {}},
    )

    assert changed.status == 200
    assert changed.json == {
        **old,
        "metadata": {"url": "https://abc.ngrok.io/path", "headers": {"X-Team": "integrations"}},
        "updateTime": "2026-02-01T12:01:00.000000Z",
    }
    assert client.get(path).json == changed.json


def test_headers_may_be_removed_with_null(client: Client):
    path = f"{DESTINATIONS}/production-alerts"

    changed = update(client, "metadata.headers", path=path, metadata={"headers": None})

    assert changed.status == 200
    assert "headers" not in changed.json["metadata"]


def test_a_whole_metadata_may_be_replaced_and_keeps_no_unknown_key(client: Client):
    changed = update(client, "metadata", metadata={"url": "https://example.com/c", "other": "x"})

    assert (changed.status, changed.json["metadata"]) == (200, {"url": "https://example.com/c"})


def test_the_credentials_of_a_stream_can_be_changed_one_by_one(client: Client):
    client.post(DESTINATIONS, STREAM)
    path = f"{DESTINATIONS}/newStream"

    changed = update(client, "secrets.awsSecretKey", path=path, secrets={"awsSecretKey": "new"})
    emptied = update(client, "secrets.awsSecretKey", path=path, secrets={"awsSecretKey": ""})

    assert changed.status == 200
    assert (emptied.status, emptied.issue_names) == (422, ["destination.secrets.awsSecretKey"])


@pytest.mark.parametrize("mask", ["type", "secrets", "secrets.webhookSigningKey", "metadata.x", ""])
def test_an_unknown_mask_is_400_and_names_the_allowed_ones(client: Client, mask: str):
    refused = update(client, mask, type="kinesis")

    assert (refused.status, refused.issue_names) == (400, ["updateMask[0]"])
    assert refused.json["remedy"] == (
        "Allowed masks: 'name', 'metadata.url', 'metadata.headers', 'metadata.region',"
        " 'metadata.streamName', 'metadata.endpointUrl', 'metadata.partitionKeyTemplate',"
        " 'secrets.awsKeyId', 'secrets.awsSecretKey' and 'secrets.awsSessionToken'"
    )


@pytest.mark.parametrize("values", [{}, {"metadata": {}}])
def test_a_path_of_the_mask_without_a_value_is_422(client: Client, values: dict[str, Any]):
    refused = update(client, "metadata.url", **values)

    assert (refused.status, refused.issue_names) == (422, ["destination.metadata.url"])


def test_a_deleted_destination_is_gone_together_with_its_routes(client: Client):
    deleted = client.delete(WEBHOOK)

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.get(WEBHOOK).status == 404
    assert client.delete(WEBHOOK).status == 404
    routes = client.get("/projects/my-project/topic-destination-routes").json
    assert [route["destinationId"] for route in routes] == [calls.ALERTS_WEBHOOK]


def test_a_frontend_key_does_not_reach_destinations(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    assert frontend.get(DESTINATIONS).status == 403
    assert frontend.get(f"{WEBHOOK}?includeSecrets=true").status == 403
    assert frontend.post(DESTINATIONS, HOOK).status == 403
