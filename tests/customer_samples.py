"""Calls about customers: integrations, connections, installations and their operations.

Most are made in mailmonkey-prod, whose customers the default fixture has connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.manifests import yaml_of
from tests.sample import Sample

PROD = "mailmonkey-prod"
HUBSPOT = "hubspotIntegration"
GROUP = "xyz-company"
HUBSPOT_CONNECTION = "51c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d02"
UNUSED_CONNECTION = "51c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d04"
SALESFORCE_INSTALLATION = "62d3e4f5-a6b7-4c8d-9e0f-1a2b3c4d5e01"
HUBSPOT_INSTALLATION = "62d3e4f5-a6b7-4c8d-9e0f-1a2b3c4d5e02"
OPERATION = "73e4f5a6-b7c8-4d9e-8f1a-2b3c4d5e6f02"
#: Group `group-123` reads contacts and leads of Salesforce: fully, the first time.
ACME_CORP = {
    "projectIdOrName": PROD,
    "integrationId": "mailmonkey-salesforce",
    "installationId": SALESFORCE_INSTALLATION,
    "objectName": "contact",
}
_CUSTOMER = {
    "projectIdOrName": PROD,
    "provider": "hubspot",
    "integrationId": HUBSPOT,
    "integrationIdOrName": HUBSPOT,
    "installationId": HUBSPOT_INSTALLATION,
    "connectionId": HUBSPOT_CONNECTION,
    "operationId": OPERATION,
    "objectName": "contacts",
}
_MANIFEST = {
    "name": "sync",
    "provider": "salesforce",
    "proxy": {"enabled": True},
}
_FIELD = {
    "fieldName": "loyalty_tier",
    "displayName": "Loyalty tier",
    "valueType": "string",
}


def _sample(body: Any = None, query: str = "", **options: Any) -> Sample:
    """Return the sample of a call about the customer `xyz-company`."""
    parameters = {**_CUSTOMER, **options.pop("parameters", {})}
    return Sample(body, query, parameters, **{"group": GROUP, **options})


CUSTOMER_SAMPLES: Mapping[str, Sample] = {
    "generateUploadUrl": Sample(),
    "listIntegrations": Sample(),
    "createIntegration": Sample(
        {
            "name": "sync",
            "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0", "content": _MANIFEST},
        }
    ),
    "batchUpsertIntegrations": Sample(
        {"sourceYaml": yaml_of(_MANIFEST)}, optional=frozenset({"sourceYaml"})
    ),
    "getIntegration": _sample(),
    "deleteIntegration": _sample(),
    "createRevision": _sample(
        {"sourceYaml": yaml_of({**_MANIFEST, "name": HUBSPOT, "provider": "hubspot"})},
        optional=frozenset({"sourceYaml"}),
    ),
    "getHydratedRevision": _sample(query=f"connectionId={HUBSPOT_CONNECTION}"),
    "oauthConnect": Sample(
        {
            "projectId": "my-project",
            "groupRef": "group-1",
            "consumerRef": "user-1",
            "provider": "hubspot",
        },
    ),
    "oauthUpdate": _sample(),
    "listConnections": _sample(),
    "generateConnection": Sample(
        {"groupRef": "group-1", "consumerRef": "user-1", "provider": "apollo", "apiKey": "key-1"}
    ),
    "getConnection": _sample(),
    "updateConnection": _sample(
        {"updateMask": ["apiKey"], "connection": {"apiKey": "key-2"}},
        parameters={"connectionId": UNUSED_CONNECTION},
        group="group-123",
    ),
    "deleteConnection": _sample(parameters={"connectionId": UNUSED_CONNECTION}, group="group-123"),
    "listInstallations": _sample(),
    "listInstallationsForProject": _sample(),
    "createInstallation": _sample(
        {"groupRef": "group-123", "config": {"content": {"provider": "salesforce"}}},
        parameters={"integrationId": "subscribeToSalesforce"},
        group="group-123",
    ),
    "getInstallation": _sample(),
    "updateInstallation": _sample(
        {
            "updateMask": ["connectionId"],
            "installation": {"connectionId": HUBSPOT_CONNECTION},
        }
    ),
    "deleteInstallation": _sample(),
    "patchObjectConfigContent": _sample(
        {
            "groupRef": GROUP,
            "action": "read",
            "changes": [{"op": "add", "path": "/selectedFields/city", "value": True}],
        },
        # The contract offers two forms of this body, so what is missing depends on the form.
        optional=frozenset({"groupRef", "action", "changes"}),
    ),
    "getObjectMetadataForInstallation": _sample(query=f"groupRef={GROUP}"),
    "getObjectMetadataForConnection": _sample(query=f"groupRef={GROUP}"),
    "upsertMetadataForInstallation": _sample({"groupRef": GROUP, "fields": {"contacts": [_FIELD]}}),
    "upsertMetadataForConnection": _sample({"groupRef": GROUP, "fields": {"contacts": [_FIELD]}}),
    "listOperations": _sample(),
    "getBackfillProgress": _sample(parameters=ACME_CORP, group="group-123"),
    "getOperation": _sample(),
    "listOperationLogs": _sample(),
}
