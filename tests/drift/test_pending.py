"""An operation that is not built is there all the same: it refuses like any other, or says 501."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.contract import load_api
from mockserver.contract.documents import spec_directory
from mockserver.contract.gaps import read_pending
from mockserver.http import access
from tests.client import Client
from tests.paths import path_of

OPERATIONS = load_api().operations
PENDING = [OPERATIONS[name] for name in read_pending(spec_directory())]
METADATA = {"groupRef": "g", "fields": {}}
#: A body that each of them takes.
BODIES: dict[str, dict[str, Any]] = {
    "oauthConnect": {
        "projectId": "my-project",
        "groupRef": "g",
        "consumerRef": "c",
        "provider": "salesforce",
    },
    "createIntegration": {
        "name": "sync",
        "provider": "salesforce",
        "latestRevision": {
            "specVersion": "1.0.0",
            "content": {"name": "sync", "provider": "salesforce"},
        },
    },
    "batchUpsertIntegrations": {"sourceYaml": "specVersion: 1.0.0"},
    "createRevision": {"sourceYaml": "specVersion: 1.0.0"},
    "createInstallation": {
        "groupRef": "g",
        "config": {"content": {"provider": "salesforce"}},
    },
    "updateInstallation": {"updateMask": ["config.content"], "installation": {}},
    "patchObjectConfigContent": {
        "groupRef": "g",
        "action": "read",
        "changes": [{"op": "remove", "path": "/schedule"}],
    },
    "upsertMetadataForInstallation": METADATA,
    "upsertMetadataForConnection": METADATA,
    "generateConnection": {
        "groupRef": "g",
        "consumerRef": "c",
        "provider": "salesforce",
        "apiKey": "k",
    },
    "updateConnection": {"updateMask": ["apiKey"], "connection": {"apiKey": "k"}},
}
QUERIES = {
    "getHydratedRevision": "?connectionId=c",
    "getObjectMetadataForInstallation": "?groupRef=g",
    "getObjectMetadataForConnection": "?groupRef=g",
}
EACH = pytest.mark.parametrize("operation", PENDING, ids=lambda o: o.operation_id)
WITH_BODY = pytest.mark.parametrize(
    "operation", [o for o in PENDING if o.bodies], ids=lambda o: o.operation_id
)
WITH_QUERY = pytest.mark.parametrize(
    "operation", [o for o in PENDING if o.operation_id in QUERIES], ids=lambda o: o.operation_id
)
IN_PROJECT = pytest.mark.parametrize(
    "operation",
    [o for o in PENDING if access.tenant_parameter(o) == "projectIdOrName"],
    ids=lambda o: o.operation_id,
)


@EACH
def test_a_credential_comes_first(operation, anonymous: Client):
    assert anonymous.call(operation.method, path_of(operation)).status == 401


@IN_PROJECT
def test_the_project_must_be_the_callers(operation, client: Client):
    path = path_of(operation).replace("my-project", "globex-project")

    assert client.call(operation.method, path).status == 403


@WITH_QUERY
def test_a_required_parameter_must_be_there(operation, client: Client):
    refused = client.call(operation.method, path_of(operation))

    assert refused.status == 400
    assert refused.issue_names == [QUERIES[operation.operation_id][1:].partition("=")[0]]


@WITH_BODY
def test_a_body_must_be_json(operation, client: Client):
    only_422 = "422" in operation.answers and "400" not in operation.answers

    refused = client.call(operation.method, path_of(operation), raw=b"{")

    assert refused.status == (422 if only_422 else 400)


@EACH
def test_a_good_request_is_answered_501(operation, client: Client, builder: Client):
    name = operation.operation_id
    caller = builder if access.takes_bearer_only(operation) else client
    path = path_of(operation) + QUERIES.get(name, "")

    answer = caller.call(operation.method, path, *([BODIES[name]] if operation.bodies else []))

    assert answer.status == 501, answer.body
    assert name in answer.json["detail"]
