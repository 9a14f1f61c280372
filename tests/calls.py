"""One call that succeeds for every operation, against the default fixture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.app import Mock
from mockserver.contract.contract import Contract, load_api
from mockserver.contract.operations import Operation
from tests.client import BUILDER, KEY, Client, Response
from tests.customer_samples import CUSTOMER_SAMPLES
from tests.sample import Sample

ACME = "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"
GLOBEX = "1d3e8c54-7b0a-4a63-9b1e-2c5f7d8e9a20"
MY_PROJECT = "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01"
JANE = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e501"
JOHN = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e502"
OLIVIA = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e503"
NORA = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e504"
MEMBER = "mock-member-token"
OUTSIDER = "mock-outsider-token"
NEWCOMER = "mock-newcomer-token"
NOTHING = "00000000-0000-4000-8000-000000000000"  # the id of no record

HUBSPOT_APP = "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a01"
DEFAULT_WEBHOOK = "0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c01"
ALERTS_WEBHOOK = "0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c02"
INSTALLATION_EVENTS = "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01"
SYSTEM_ALERTS = "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d02"
EVENT_ROUTE = "d5e6f7a8-b9c0-4d1e-8f2a-3b4c5d6e7f01"
DESTINATION_ROUTE = "e6f7a8b9-c0d1-4e2f-8a3b-4c5d6e7f8a01"
PENDING_INVITE = "f7a8b9c0-d1e2-4f3a-8b4c-5d6e7f8a9b01"
SIGNING_KEY = "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f01"
BILLING_ACCOUNT = "c0d1e2f3-a4b5-4c6d-8e7f-8a9b0c1d2e01"

#: A key as the contract's samples show it: PEM, cut short.
SHORT_PEM = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n-----END PUBLIC KEY-----\n"

#: Path parameters that name something of my-project or of Acme Inc.
OURS: Mapping[str, str] = {
    "projectIdOrName": "my-project",
    "orgId": ACME,
    "providerAppId": HUBSPOT_APP,
    "provider": "hubspot",
    "apiKey": "mock-frontend-key",
    "destination": DEFAULT_WEBHOOK,
    "inviteId": PENDING_INVITE,
    "billingAccountId": BILLING_ACCOUNT,
    "topicId": INSTALLATION_EVENTS,
    "keyId": SIGNING_KEY,
}

#: The same parameters, naming what belongs to another project.
THEIRS: Mapping[str, str] = {
    "providerAppId": "8c0e2a4b-6d7f-4182-9a3b-4c5d6e7f8a02",
    "apiKey": "mock-staging-key",
    "destination": "0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c03",
    "topicId": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d03",
    "keyId": "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f03",
}


SAMPLES: Mapping[str, Sample] = {
    "listProjects": Sample(),
    "createProject": Sample({"name": "new-project", "appName": "New", "orgId": ACME}),
    "getProject": Sample(),
    "updateProject": Sample({"updateMask": ["appName"], "project": {"appName": "Renamed"}}),
    "listProviderApps": Sample(),
    "createProviderApp": Sample(
        {"provider": "salesforce", "clientId": "client-1", "clientSecret": "top-1"}
    ),
    "updateProviderApp": Sample(
        {"updateMask": ["clientId"], "providerApp": {"clientId": "client-2"}}
    ),
    "deleteProviderApp": Sample(),
    "listProviders": Sample(),
    "getProvider": Sample(),
    "listApiKeys": Sample(),
    "createApiKey": Sample({"label": "New key"}),
    "getApiKey": Sample(),
    "updateApiKey": Sample({"updateMask": ["label"], "apiKey": {"label": "Other"}}),
    "deleteApiKey": Sample(),
    "listDestinations": Sample(),
    "createDestination": Sample(
        {"name": "newHook", "type": "webhook", "metadata": {"url": "https://example.com/a"}}
    ),
    "getDestination": Sample(),
    "updateDestination": Sample({"updateMask": ["name"], "destination": {"name": "otherName"}}),
    "deleteDestination": Sample(),
    "createOrg": Sample({"label": "New organization"}),
    "getOrg": Sample(),
    "updateOrg": Sample({"updateMask": ["label"], "org": {"label": "Acme GmbH"}}),
    "listOrgBuilders": Sample(),
    "listOrgInvites": Sample(),
    "createOrgInvite": Sample({"email": "bob@company.com"}),
    "getOrgInvite": Sample(),
    "deleteOrgInvite": Sample(),
    "addUserToOrg": Sample({"builderId": NORA}),
    "getMyInfo": Sample(),
    "acceptInvite": Sample({"invitedEmail": "alice@company.com"}),
    "getOrgBillingAccount": Sample(),
    "createBillingAccountSession": Sample({"redirectUrl": "https://app.mailmonkey.com/billing"}),
    "listTopics": Sample(),
    "createTopic": Sample({"name": "lead-alerts"}),
    "updateTopic": Sample({"name": "lead-alerts"}),
    "deleteTopic": Sample(),
    "listEventTopicRoutes": Sample(),
    "createEventTopicRoute": Sample(
        {"eventType": "read.triggered.done", "topicId": INSTALLATION_EVENTS}
    ),
    "deleteEventTopicRoute": Sample(
        parameters={"routeId": EVENT_ROUTE},
        theirs={"routeId": "d5e6f7a8-b9c0-4d1e-8f2a-3b4c5d6e7f04"},
    ),
    "listTopicDestinationRoutes": Sample(),
    "createTopicDestinationRoute": Sample(
        {"topicId": INSTALLATION_EVENTS, "destinationId": ALERTS_WEBHOOK}
    ),
    "deleteTopicDestinationRoute": Sample(
        parameters={"routeId": DESTINATION_ROUTE},
        theirs={"routeId": "e6f7a8b9-c0d1-4e2f-8a3b-4c5d6e7f8a03"},
    ),
    "listJWTKeys": Sample(),
    "createJWTKey": Sample({"label": "new", "algorithm": "RS256", "publicKeyPem": SHORT_PEM}),
    "getJWTKey": Sample(),
    "updateJWTKey": Sample({"updateMask": ["label"], "jwtKey": {"label": "other"}}),
    "deleteJWTKey": Sample(),
    "checkClaimedDomain": Sample(query="domain=mailmonkey.com"),
    "claimDomain": Sample({"domain": "company.com", "parentId": ACME, "parentType": "org"}),
    "listOrgClaimedDomains": Sample(),
    **CUSTOMER_SAMPLES,
}
#: A key with the scope `full` of each project that samples are made in.
_KEYS = {"my-project": KEY, "mailmonkey-prod": "mock-prod-key"}

CONTRACT: Contract = load_api()


def every() -> Iterator[Operation]:
    """Yield every operation."""
    yield from CONTRACT.operations.values()


def names(*, project: bool = False, org: bool = False, body: bool = False) -> list[str]:
    """Return the operations below a project, below an organization or with a body."""
    return [
        operation.operation_id
        for operation in every()
        if (not project or operation.path.startswith("/projects/{"))
        and (not org or operation.path.startswith("/orgs/{"))
        and (not body or operation.bodies)
    ]


def path_of(name: str, **parameters: str) -> str:
    """Return the path of an operation's sample, with some parameters replaced."""
    sample = SAMPLES[name]
    path = CONTRACT.operations[name].path
    for parameter, value in {**OURS, **sample.parameters, **parameters}.items():
        path = path.replace(f"{{{parameter}}}", value)
    return path


def make(client: Client, name: str, **changes: Any) -> Response:
    """Make the call of an operation's sample.

    `body`, `raw`, `headers` and `query` replace the sample's own; everything else is a path
    parameter.
    """
    sample = SAMPLES[name]
    options = {key: changes.pop(key) for key in ("raw", "headers") if key in changes}
    body = changes.pop("body", sample.body)
    query = changes.pop("query", sample.query)
    if "{revisionId}" in CONTRACT.operations[name].path:
        changes = {"revisionId": revision_of(client.mock, sample), **changes}
    path = path_of(name, **changes) + (f"?{query}" if query else "")
    method = CONTRACT.operations[name].method
    if body is None or "raw" in options:
        return client.call(method, path, **options)
    return client.call(method, path, body, **options)


def caller(client: Client, name: str) -> Client:
    """Return a client whose credential may make the call: Jane where keys may not."""
    if CONTRACT.operations[name].schemes == {"Bearer"} or name == "createOrg":
        return client.as_(bearer=BUILDER)
    return client.as_(key=_KEYS[project_of(name)])


def project_of(name: str) -> str:
    """Return the name of the project that the sample of an operation is made in."""
    return SAMPLES[name].parameters.get("projectIdOrName", "my-project")


def revision_of(mock: Mock, sample: Sample) -> str:
    """Return the id of the latest revision of the integration that a sample names."""
    wanted = sample.parameters["integrationId"]
    tables = mock.sandbox.root.tables
    (project,) = (
        p["id"] for p in tables["projects"] if p["name"] == sample.parameters["projectIdOrName"]
    )
    (found,) = (
        integration["latestRevisionId"]
        for integration in tables["integrations"]
        if (integration["projectId"], integration["name"]) == (project, wanted)
    )
    return str(found)
