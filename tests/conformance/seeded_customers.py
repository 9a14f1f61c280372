"""The part of the seeded world that customers make: what generated requests name of it.

One integration, its installation and its connection stay; what requests use up is in pools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from tests.conformance.pools import PROJECT, pool_id

HUBSPOT_APP = "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a01"
GROUP = "seeded-group"
CONSUMER = "seeded-consumer"
INTEGRATION = pool_id("integration", 0)
REVISION = pool_id("revision", 0)
REVISED = pool_id("integration", 1)  # gets new revisions, so that nothing else changes under way
CONNECTION = pool_id("connection", 0)  # with tokens
KEYED_CONNECTION = pool_id("connection", 1)  # with a key to be rotated
INSTALLATION = pool_id("installation", 0)
OPERATION = pool_id("operation", 0)

_IN_INTEGRATION = {"integrationId": INTEGRATION}
_IN_INSTALLATION = {**_IN_INTEGRATION, "installationId": INSTALLATION}
_OF_OBJECT = {"objectName": "contacts"}
#: As in `seeded_world`, for the operations of this part.
STAYS: Mapping[str, dict[str, str]] = {
    "oauthUpdate": {"connectionId": CONNECTION},
    "getConnection": {"connectionId": CONNECTION},
    "updateConnection": {"connectionId": KEYED_CONNECTION},
    "getIntegration": {"integrationIdOrName": INTEGRATION},
    "createRevision": {"integrationId": REVISED},
    "getHydratedRevision": {**_IN_INTEGRATION, "revisionId": REVISION},
    "listInstallations": _IN_INTEGRATION,
    "createInstallation": _IN_INTEGRATION,
    "getInstallation": _IN_INSTALLATION,
    "updateInstallation": _IN_INSTALLATION,
    "deleteInstallation": _IN_INTEGRATION,
    "patchObjectConfigContent": {**_IN_INTEGRATION, **_OF_OBJECT},
    "getObjectMetadataForInstallation": {**_IN_INTEGRATION, **_OF_OBJECT},
    "getObjectMetadataForConnection": {"provider": "hubspot", **_OF_OBJECT},
    "upsertMetadataForInstallation": _IN_INTEGRATION,
    "upsertMetadataForConnection": {"provider": "hubspot"},
    "listOperations": _IN_INSTALLATION,
    "getBackfillProgress": {**_IN_INSTALLATION, **_OF_OBJECT},
    "getOperation": {"operationId": OPERATION},
    "listOperationLogs": {"operationId": OPERATION},
}
USES_UP: Mapping[str, dict[str, str]] = {
    "deleteIntegration": {"integrationId": "integrations"},
    "deleteInstallation": {"installationId": "installations"},
    "deleteConnection": {"connectionId": "connections"},
}
QUERY_STAYS: Mapping[str, dict[str, str]] = {
    "getHydratedRevision": {"connectionId": CONNECTION},
    "getObjectMetadataForInstallation": {"groupRef": GROUP},
    "getObjectMetadataForConnection": {"groupRef": GROUP},
}
BODY_STAYS: Mapping[str, dict[str, str]] = {
    "oauthConnect": {"projectId": PROJECT},
    "patchObjectConfigContent": {"groupRef": GROUP, "installationId": INSTALLATION},
    "upsertMetadataForInstallation": {"groupRef": GROUP},
    "upsertMetadataForConnection": {"groupRef": GROUP},
}

_READ: dict[str, Any] = {
    "objectName": "contacts",
    "destination": "defaultWebhook",
    "schedule": "*/10 * * * *",
    "requiredFields": [{"fieldName": "email"}],
    "optionalFields": [{"fieldName": "phone"}, {"fieldName": "city"}],
    "backfill": {"defaultPeriod": {"fullHistory": True}},
}
_CONFIG: dict[str, Any] = {
    "provider": "hubspot",
    "read": {
        "objects": {
            "contacts": {
                "objectName": "contacts",
                "selectedFields": {},
                "selectedFieldMappings": {},
            }
        }
    },
}
_TOKENS: dict[str, Any] = {
    "accessToken": {"token": "seeded", "expiresAt": "2099-01-05T10:00:00Z"},
    "refreshToken": {"token": "seeded"},
    "scopes": ["oauth"],
}
_FIELDS: dict[str, Any] = {
    "contacts": [{"fieldName": "deal_size", "displayName": "Deal size", "valueType": "int"}]
}


def _integration(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "provider": "hubspot",
        "read": {"objects": [_READ]},
        "write": {"objects": [{"objectName": "contacts"}]},
        "proxy": {"enabled": True},
    }


def _manifest(name: str) -> dict[str, Any]:
    manifest = {"specVersion": "1.0.0", "integrations": [_integration(name)]}
    return {"sourceYaml": yaml.safe_dump(manifest), "sourceZipUrl": None}


def _created(number: int) -> dict[str, Any]:
    content = _integration(f"new-{number}")
    return {
        "name": content["name"],
        "provider": content["provider"],
        "latestRevision": {"specVersion": "1.0.0", "content": content},
    }


def _connected(number: int) -> dict[str, Any]:
    others = ("basicAuth", "customAuth", "oauth2AuthorizationCode")
    grants = ("oauth2ClientCredentials", "oauth2PasswordCredentials")
    return {
        "groupRef": f"connected-{number}",
        "consumerRef": CONSUMER,
        "provider": "apollo",
        "apiKey": "new",
        **dict.fromkeys((*others, *grants)),
    }


def _installed(number: int) -> dict[str, Any]:
    return {
        "groupRef": f"installing-{number}",
        "connectionId": pool_id("installing", number),
        "config": {"content": _CONFIG},
    }


#: operationId -> the parts of a body that make it right, by a number that never comes twice. What
#: only prose describes is never generated. None leaves a part out.
RIGHT_PARTS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "oauthConnect": lambda _: {"provider": "hubspot", "providerAppId": HUBSPOT_APP},
    "createIntegration": _created,
    "batchUpsertIntegrations": lambda _: _manifest("seeded-batch"),
    "createRevision": lambda _: _manifest("seeded-revised"),
    "generateConnection": _connected,
    "updateConnection": lambda _: {"updateMask": ["apiKey"], "connection": {"apiKey": "other"}},
    "createInstallation": _installed,
    "updateInstallation": lambda _: {
        "updateMask": ["config.content.proxy.enabled"],
        "installation": {"config": {"content": {"proxy": {"enabled": True}}}},
    },
    "patchObjectConfigContent": lambda _: {
        "action": "read",
        "changes": [{"op": "add", "path": "/selectedFields/city", "value": True}],
    },
    "upsertMetadataForInstallation": lambda _: {"fields": _FIELDS},
    "upsertMetadataForConnection": lambda _: {"fields": _FIELDS},
}

Made = tuple[str, dict[str, Any]]


def stay() -> Iterator[Made]:
    """Yield the records that stay, each with its section of the fixture."""
    yield from _deployed(INTEGRATION, REVISION, "seeded-sync")
    yield from _deployed(REVISED, pool_id("revision", 1), "seeded-revised")
    yield "groups", {"projectId": PROJECT, "groupRef": GROUP, "groupName": GROUP}
    consumer = {"projectId": PROJECT, "consumerRef": CONSUMER, "consumerName": CONSUMER}
    yield "consumers", consumer
    yield _connection(CONNECTION, GROUP)
    keyed = _connection(KEYED_CONNECTION, GROUP)[1]
    del keyed["providerAppId"]
    credentials = {"apiKey": "seeded"}
    yield (
        "connections",
        {**keyed, "provider": "apollo", "authScheme": "apiKey", "credentials": credentials},
    )
    # By a step, like a request: it starts the backfill.
    yield (
        "install",
        {
            "id": INSTALLATION,
            "projectId": PROJECT,
            "integration": INTEGRATION,
            "groupRef": GROUP,
            "config": {"content": _CONFIG},
        },
    )
    operation = {"projectId": PROJECT, "installationId": INSTALLATION, "actionType": "write"}
    yield "operations", {"id": OPERATION, **operation, "status": "success"}
    log = {"timestamp": "2026-01-05T09:15:00.000000Z", "severity": "INFO"}
    yield "operationLogs", {"operationId": OPERATION, **log, "message": {"msg": "Writing"}}


def pooled(number: int) -> Iterator[Made]:
    """Yield the `number`th record of every pool, each with its section of the fixture."""
    spare = pool_id("integrations", number)
    yield from _deployed(spare, pool_id("revisions", number), f"spare-{number}")
    for name in ("spare", "installed", "installing"):
        group = f"{name}-{number}"
        yield "groups", {"projectId": PROJECT, "groupRef": group, "groupName": group}
    yield _connection(pool_id("connections", number), f"spare-{number}")
    yield _connection(pool_id("installing", number), f"installing-{number}")
    used, group = pool_id("installed", number), f"installed-{number}"
    yield _connection(used, group)
    config = {
        "id": pool_id("configs", number),
        "revisionId": REVISION,
        "createTime": "2026-01-05T09:00:00.000000Z",
        "createdBy": "api:create-installation",
        "content": {"provider": "hubspot"},
    }
    yield (
        "installations",
        {
            "id": pool_id("installations", number),
            "projectId": PROJECT,
            "integrationId": INTEGRATION,
            "groupRef": group,
            "connectionId": used,
            "healthStatus": "healthy",
            "createdBy": "api:create-installation",
            "config": config,
        },
    )


def _deployed(integration_id: str, revision_id: str, name: str) -> Iterator[Made]:
    yield (
        "integrations",
        {
            "id": integration_id,
            "projectId": PROJECT,
            "name": name,
            "provider": "hubspot",
            "latestRevisionId": revision_id,
        },
    )
    yield (
        "revisions",
        {
            "id": revision_id,
            "integrationId": integration_id,
            "specVersion": "1.0.0",
            "content": _integration(name),
        },
    )


def _connection(connection_id: str, group: str) -> Made:
    return (
        "connections",
        {
            "id": connection_id,
            "projectId": PROJECT,
            "provider": "hubspot",
            "providerAppId": HUBSPOT_APP,
            "groupRef": group,
            "consumerRef": CONSUMER,
            "authScheme": "oauth2/authorizationCode",
            "status": "working",
            "credentials": {"oauth2AuthorizationCode": _TOKENS},
        },
    )
