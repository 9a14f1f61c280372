"""What must hold of every kind of record, told as journeys through several calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mockserver.app import Mock
from tests import calls
from tests.client import BUILDER, Client, Response

P = "/projects/my-project"


@dataclass(frozen=True)
class Family:
    """One kind of record: its operations, by what they do."""

    name: str
    create: str
    listing: str
    get: str | None = None
    patch: str | None = None
    delete: str | None = None
    key: str = "id"
    parameter: str = ""  # the path parameter that names a record


FAMILIES = [
    Family(
        "project", "createProject", "listProjects", get="getProject", parameter="projectIdOrName"
    ),
    Family(
        "provider app",
        "createProviderApp",
        "listProviderApps",
        patch="updateProviderApp",
        delete="deleteProviderApp",
        parameter="providerAppId",
    ),
    Family(
        "API key",
        "createApiKey",
        "listApiKeys",
        "getApiKey",
        "updateApiKey",
        "deleteApiKey",
        key="key",
        parameter="apiKey",
    ),
    Family(
        "destination",
        "createDestination",
        "listDestinations",
        "getDestination",
        "updateDestination",
        "deleteDestination",
        parameter="destination",
    ),
    Family(
        "topic",
        "createTopic",
        "listTopics",
        patch="updateTopic",
        delete="deleteTopic",
        parameter="topicId",
    ),
    Family(
        "event route",
        "createEventTopicRoute",
        "listEventTopicRoutes",
        delete="deleteEventTopicRoute",
        parameter="routeId",
    ),
    Family(
        "destination route",
        "createTopicDestinationRoute",
        "listTopicDestinationRoutes",
        delete="deleteTopicDestinationRoute",
        parameter="routeId",
    ),
    Family("invite", "createOrgInvite", "listOrgInvites", get="getOrgInvite", parameter="inviteId"),
    Family(
        "JWT key",
        "createJWTKey",
        "listJWTKeys",
        "getJWTKey",
        "updateJWTKey",
        "deleteJWTKey",
        key="kid",
        parameter="keyId",
    ),
]


DELETABLE = [family for family in FAMILIES if family.delete]


def make(client: Client, name: str, **changes: Any) -> Response:
    """Call as Jane, who reaches everything of Acme Inc."""
    return calls.make(client.as_(bearer=BUILDER), name, **changes)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_invariant_1_what_is_created_is_got_and_listed_as_it_was_answered(
    client: Client, family: Family
):
    before = make(client, family.listing).json

    created = make(client, family.create).json

    after = make(client, family.listing).json
    key = "id" if family.key == "kid" else family.key  # a JWT key is answered by its kid alone
    new = [one for one in after if one[key] == created[family.key]]
    assert len(new) == 1
    assert sorted(after, key=str) == sorted([*before, *new], key=str)
    if family.key != "kid":
        assert new == [created]
    if family.get:
        assert make(client, family.get, **{family.parameter: created[family.key]}).json == new[0]


@pytest.mark.parametrize("family", DELETABLE, ids=lambda family: family.name)
def test_invariant_2_what_is_deleted_is_neither_got_nor_listed_nor_deleted_again(
    client: Client, family: Family
):
    before = make(client, family.listing).json
    created = make(client, family.create).json
    assert family.delete is not None
    named = {family.parameter: created[family.key]}

    deleted = make(client, family.delete, **named)

    assert deleted.status == 204
    assert make(client, family.listing).json == before
    assert make(client, family.delete, **named).status == 404
    for again in (family.get, family.patch):
        assert again is None or make(client, again, **named).status == 404


def secret_texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield the secrets of a connection's credentials, however deep they stand."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from secret_texts(inner, key)
    elif name in {"token", "apiKey", "clientSecret", "password", "accessToken", "refreshToken"}:
        yield value


def secrets(mock: Mock) -> set[bytes]:
    """Return every secret of the world that no list and no create may show."""
    tables = mock.sandbox.root.tables
    found: set[str] = {app["clientSecret"] for app in tables["providerApps"]}
    for destination in tables["destinations"]:
        found |= set(destination["secrets"].values())
    found |= {key["privateKeyPem"][:60] for key in tables["jwtKeys"] if "privateKeyPem" in key}
    found |= {token["token"] for token in tables["builderTokens"]}
    for connection in tables["connections"]:
        found |= set(secret_texts(connection["credentials"]))
    return {secret.encode() for secret in found}


@pytest.mark.parametrize("name", [operation.operation_id for operation in calls.every()])
def test_invariant_35_no_answer_shows_a_secret_that_was_not_asked_for(
    client: Client, mock: Mock, name: str
):
    stream = {
        "name": "aStream",
        "type": "kinesis",
        "metadata": {"region": "us-west-2", "streamName": "events"},
        "secrets": {"awsKeyId": "AKIATEST", "awsSecretKey": "very-secret"},
    }
    client.post(f"{P}/destinations", stream)

    answer = make(client, name)

    assert len(secrets(mock)) > 14
    assert not [secret for secret in secrets(mock) if secret in answer.body]
