"""The way through the operations of integrations, connections, installations and what they do."""

from __future__ import annotations

from typing import Any

from tests.clients.calling import Call, P

_GROUP = "generated-group"
_CONSUMER = {"groupRef": _GROUP, "groupName": "Group", "consumerRef": "generated-consumer"}
_MANIFEST = """
specVersion: 1.0.0
integrations:
  - name: generated-sync
    provider: hubspot
    displayName: Generated
    read:
      objects:
        - objectName: contacts
          destination: defaultWebhook
          schedule: "*/10 * * * *"
          requiredFields:
            - fieldName: email
          optionalFields:
            - fieldName: phone
            - fieldName: city
          backfill:
            defaultPeriod:
              fullHistory: true
    write:
      objects:
        - objectName: contacts
    proxy:
      enabled: true
"""
_CONTENT: dict[str, Any] = {
    "name": "generated-proxy",
    "provider": "apollo",
    "proxy": {"enabled": True},
}
_TOKENS: dict[str, Any] = {
    "accessToken": {"token": "access", "expiresAt": "2099-01-05T10:00:00+00:00"},
    "refreshToken": {"token": "refresh"},
    "scopes": ["oauth"],
}
_CONFIG: dict[str, Any] = {
    "provider": "hubspot",
    "read": {
        "objects": {
            "contacts": {
                "objectName": "contacts",
                "selectedFields": {"phone": True},
                "selectedFieldMappings": {},
            }
        }
    },
    "write": {"objects": {"contacts": {"objectName": "contacts"}}},
}
_FIELDS: dict[str, Any] = {
    "groupRef": _GROUP,
    "fields": {
        "contacts": [{"fieldName": "deal_size", "displayName": "Deal size", "valueType": "int"}]
    },
}

_INTEGRATIONS = (
    Call("generateUploadUrl", "SignedURL"),
    Call(
        "batchUpsertIntegrations",
        "[Integration]",
        (P,),
        {"sourceYaml": _MANIFEST},
        query={"destructive": True},
        keep="sync",
        at="0.id",
    ),
    Call("createRevision", "", (P, "$sync"), {"sourceYaml": _MANIFEST}),
    Call(
        "createIntegration",
        "",
        (P,),
        {
            "name": "generated-proxy",
            "provider": "apollo",
            "latestRevision": {"specVersion": "1.0.0", "content": _CONTENT},
        },
    ),
    Call("listIntegrations", "[Integration]", (P,)),
    Call("getIntegration", "Integration", (P, "generated-proxy"), keep="proxy"),
    Call("getIntegration", "Integration", (P, "$sync"), keep="revision", at="latestRevision.id"),
)
_CONNECTIONS = (
    Call(
        "generateConnection",
        "Connection",
        (P,),
        {**_CONSUMER, "provider": "hubspot", "oauth2AuthorizationCode": _TOKENS},
        keep="connection",
    ),
    Call(
        "generateConnection",
        "Connection",
        (P,),
        {**_CONSUMER, "provider": "apollo", "apiKey": "secret"},
        keep="spare",
    ),
    Call(
        "listConnections",
        "[Connection]",
        (P,),
        query={"provider": "hubspot", "group_ref": _GROUP, "consumer_ref": "generated-consumer"},
    ),
    Call(
        "getConnection",
        "Connection",
        (P, "$connection"),
        query={"include_creds": True, "include_refresh_token": True},
    ),
    Call(
        "updateConnection",
        "Connection",
        (P, "$spare"),
        {"updateMask": ["apiKey"], "connection": {"apiKey": "other"}},
    ),
    Call("deleteConnection", "", (P, "$spare")),
    Call(
        "oauthConnect",
        "str",
        body={**_CONSUMER, "projectId": P, "provider": "hubspot"},
    ),
    Call("oauthUpdate", "str", (P, "$connection")),
    Call(
        "getHydratedRevision",
        "HydratedRevision",
        (P, "$sync", "$revision"),
        query={"connection_id": "$connection"},
    ),
    Call(
        "getObjectMetadataForConnection",
        "ObjectMetadata",
        (P, "hubspot", "contacts"),
        query={"group_ref": _GROUP},
    ),
    Call("upsertMetadataForConnection", "UpsertMetadataResponse", (P, "hubspot"), _FIELDS),
)
_INSTALLATIONS = (
    Call(
        "createInstallation",
        "Installation",
        (P, "$sync"),
        {"groupRef": _GROUP, "connectionId": "$connection", "config": {"content": _CONFIG}},
        keep="installation",
    ),
    Call("listInstallations", "[Installation]", (P, "$sync"), query={"group_ref": _GROUP}),
    Call("listInstallationsForProject", "[Installation]", (P,), query={"group_ref": _GROUP}),
    Call("getInstallation", "Installation", (P, "$sync", "$installation")),
    Call(
        "updateInstallation",
        "Installation",
        (P, "$sync", "$installation"),
        {
            "updateMask": ["config.content.proxy.enabled"],
            "installation": {"config": {"content": {"proxy": {"enabled": True}}}},
        },
    ),
    Call(
        "patchObjectConfigContent",
        "Installation",
        (P, "$sync", "contacts"),
        {
            "installationId": "$installation",
            "action": "read",
            "changes": [{"op": "add", "path": "/selectedFields/city", "value": True}],
        },
    ),
    Call(
        "getObjectMetadataForInstallation",
        "ObjectMetadata",
        (P, "$sync", "contacts"),
        query={"group_ref": _GROUP, "exclude_read_only": True},
    ),
    Call("upsertMetadataForInstallation", "UpsertMetadataResponse", (P, "$sync"), _FIELDS),
    Call(
        "listOperations",
        "ListOperationsResponse200",
        (P, "$sync", "$installation"),
        query={"page_size": 1},
        keep="operation",
        at="results.0.id",
    ),
    Call("getOperation", "Operation", (P, "$operation")),
    Call("listOperationLogs", "[Log]", (P, "$operation")),
    Call("getBackfillProgress", "BackfillProgress", (P, "$sync", "$installation", "contacts")),
    Call("deleteInstallation", "", (P, "$sync", "$installation")),
    Call("deleteIntegration", "", (P, "$sync")),
)

CUSTOMER_WALK = (*_INTEGRATIONS, *_CONNECTIONS, *_INSTALLATIONS)
