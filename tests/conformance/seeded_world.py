"""The world that generated requests run in: the acme fixture, and much to be used up.

A random id is never found, and what answers 404 to everything proves little. So whatever a
generated request looks up is here: for reading and changing one record that stays, for deleting
and other things that can be done once a whole pool, drawn one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mockserver.contract.documents import read_yaml
from mockserver.seeding.source import fixtures_directory
from tests.conformance import seeded_customers as customers
from tests.conformance.pools import PROJECT, pool_email, pool_id

KEY = "mock-full-key"
TOKEN = "mock-builder-token"
ORG = "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"
DESTINATION = "0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c01"
#: operationId -> path parameter -> a record that stays.
STAYS: dict[str, dict[str, str]] = {
    "getProvider": {"provider": "salesforce"},
    "updateProviderApp": {"providerAppId": "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a01"},
    "getApiKey": {"apiKey": "mock-frontend-key"},
    "updateApiKey": {"apiKey": "mock-frontend-key"},
    "getJWTKey": {"keyId": "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"},
    "updateJWTKey": {"keyId": "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"},
    "getDestination": {"destination": DESTINATION},
    "updateDestination": {"destination": DESTINATION},
    "updateTopic": {"topicId": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01"},
    "getOrgInvite": {"inviteId": "f7a8b9c0-d1e2-4f3a-8b4c-5d6e7f8a9b01"},
    "createBillingAccountSession": {"billingAccountId": "c0d1e2f3-a4b5-4c6d-8e7f-8a9b0c1d2e01"},
    **customers.STAYS,
}
#: operationId -> path parameter -> the pool whose records it uses up.
USES_UP: dict[str, dict[str, str]] = {
    "deleteApiKey": {"apiKey": "apiKeys"},
    "deleteJWTKey": {"keyId": "jwtKeys"},
    "deleteProviderApp": {"providerAppId": "providerApps"},
    "deleteDestination": {"destination": "destinations"},
    "deleteTopic": {"topicId": "topics"},
    "deleteEventTopicRoute": {"routeId": "eventTopicRoutes"},
    "deleteTopicDestinationRoute": {"routeId": "topicDestinationRoutes"},
    "deleteOrgInvite": {"inviteId": "invites"},
    **customers.USES_UP,
}
#: operationId -> field of the body, where it has it -> a record that stays, or (below) a pool.
BODY_STAYS: dict[str, dict[str, str]] = {
    "createProject": {"orgId": ORG},
    "claimDomain": {"parentId": ORG},
    "createTopicDestinationRoute": {"destinationId": DESTINATION},
    **customers.BODY_STAYS,
}
BODY_USES_UP: dict[str, dict[str, str]] = {
    "addUserToOrg": {"builderId": "builders"},
    "createEventTopicRoute": {"topicId": "routed topics"},
    "createTopicDestinationRoute": {"topicId": "routed topics"},
}
#: operationId -> a free text that it looks up, or that must be new and well formed. Every second
#: one is left as it was generated: reading the text is the work.
TEXT_IN_BODY: dict[str, dict[str, str]] = {
    "acceptInvite": {"invitedEmail": "guests"},
    "createOrgInvite": {"email": "strangers"},
    "createProject": {"name": "new-project"},
    "createDestination": {"name": "new-destination"},
    "createTopic": {"name": "new-topic"},
    "updateTopic": {"name": "renamed-topic"},
}
TEXT_IN_QUERY: dict[str, dict[str, str]] = {"checkClaimedDomain": {"domain": "mailmonkey.com"}}


def write_fixture(path: Path, size: int, customers_size: int) -> None:
    """Write the fixture of this world, with `size` records in each pool.

    Pools of connections and installations have their own size: long lists of them are slow.
    """
    acme = read_yaml(fixtures_directory() / "acme.yaml")
    for section, record in customers.stay():
        acme.setdefault(section, []).append(record)
    for number in range(size):
        for section, record in _records(number, acme["jwtKeys"][0]["publicKeyPem"]):
            acme[section].append(record)
    for number in range(customers_size):
        for section, record in customers.pooled(number):
            acme.setdefault(section, []).append(record)
    path.write_text(json.dumps(acme), encoding="utf-8")  # JSON is YAML, and quicker to write


def _records(number: int, pem: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the `number`th record of every pool, with its section."""

    def made(section: str, kind: str = "", **fields: Any) -> tuple[str, dict[str, Any]]:
        return section, {"id": pool_id(kind or section, number), **fields}

    in_project = {"projectId": PROJECT}
    yield "apiKeys", {"key": pool_id("apiKeys", number), "label": "spare", **in_project}
    yield made("jwtKeys", label="spare", publicKeyPem=pem, **in_project)
    app: dict[str, Any] = {
        "provider": "hubspot",
        "clientId": f"spare-{number}",
        "scopes": ["oauth"],
    }
    yield made("providerApps", **app, **in_project)
    hook: dict[str, Any] = {"type": "webhook", "metadata": {"url": "https://hooks.company.com"}}
    yield made("destinations", name=f"spare-{number}", **hook, **in_project)
    yield made("topics", name=f"spare-{number}", **in_project)
    yield made("topics", "routed topics", name=f"routed-{number}", **in_project)
    topic = {"topicId": f"taken-{number}", **in_project}
    yield made("topics", "taken topics", name=f"taken-{number}", **in_project)
    yield made("eventTopicRoutes", eventType="connection.created", **topic)
    yield made("topicDestinationRoutes", destinationId=DESTINATION, **topic)
    yield made(
        "builders",
        idpProvider="clerk",
        idpRef=f"user_spare{number}",
        fullName="Spare",
        primaryEmail=f"spare.{number}@mailmonkey.com",
    )
    # Invitations expire by the clock a week after they were made: these are in the future.
    pending = {"parentId": ORG, "createTime": "2099-01-05T09:00:00.000000Z"}
    yield made("invites", invitedEmail=f"spare.{number}@company.com", **pending)
    yield made("invites", "guests", invitedEmail=pool_email("guests", number), **pending)
