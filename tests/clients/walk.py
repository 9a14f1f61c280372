"""One way through every operation, as data: what is called, and what comes back."""

from __future__ import annotations

from typing import Any

from tests.clients.calling import Call, P
from tests.clients.customer_walk import CUSTOMER_WALK

ORG = "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"
NEWCOMER = "2f4e6a80-9c1b-4d3e-8f50-a1b2c3d4e504"
BILLING_ACCOUNT = "c0d1e2f3-a4b5-4c6d-8e7f-8a9b0c1d2e01"


def _updated(name: str, /, **fields: Any) -> dict[str, Any]:
    return {"updateMask": list(fields), name: fields}


_PROVIDERS = (
    Call("listProviders", "Catalog"),
    Call("getProvider", "ProviderInfo", ("salesforce",)),
)
_PROJECTS = (
    Call(
        "createProject",
        "Project",
        body={"name": "generated", "appName": "Generated", "orgId": ORG},
        keep="project",
        bearer=True,
    ),
    Call("listProjects", "[Project]"),
    Call("getProject", "Project", (P,), query={"include_entitlements": True}),
    Call("updateProject", "Project", (P,), _updated("project", appName="MailMonkey Pro")),
)
_PROVIDER_APPS = (
    Call(
        "createProviderApp",
        "ProviderApp",
        (P,),
        {
            "provider": "salesforce",
            "clientId": "id",
            "clientSecret": "secret",
            "scopes": ["api"],
            "metadata": {"providerParams": {"packageInstallURL": "https://example.com"}},
        },
        keep="app",
    ),
    Call("listProviderApps", "[ProviderApp]", (P,)),
    Call("updateProviderApp", "ProviderApp", (P, "$app"), _updated("providerApp", clientId="new")),
    Call("deleteProviderApp", "", (P, "$app")),
)
_API_KEYS = (
    Call("createApiKey", "APIKey", (P,), {"label": "generated", "scopes": ["full"]}, keep="key"),
    Call("listApiKeys", "[APIKey]", (P,), query={"active": True}),
    Call("getApiKey", "APIKey", (P, "$key")),
    Call("updateApiKey", "APIKey", (P, "$key"), _updated("apiKey", active=False)),
    Call("deleteApiKey", "", (P, "$key")),
)
_JWT_KEYS = (
    Call(
        "createJWTKey",
        "JWTKeyResponse",
        (P,),
        {
            "label": "generated",
            "algorithm": "RS256",
            "publicKeyPem": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
        },
        keep="jwt",
    ),
    Call("listJWTKeys", "[JWTKey]", (P,), query={"active": True}),
    Call("getJWTKey", "JWTKey", (P, "$jwt")),
    Call("updateJWTKey", "JWTKey", (P, "$jwt"), _updated("jwtKey", label="renamed")),
    Call("deleteJWTKey", "", (P, "$jwt")),
)
_DESTINATIONS = (
    Call(
        "createDestination",
        "Destination",
        (P,),
        {
            "name": "generated",
            "type": "webhook",
            "metadata": {"url": "https://example.com/hook", "headers": {"X-Team": "sync"}},
        },
        keep="destination",
    ),
    Call("listDestinations", "[Destination]", (P,)),
    Call(
        "getDestination",
        "DestinationWithSecrets",
        (P, "$destination"),
        query={"include_secrets": True, "rotate": True},
    ),
    Call(
        "updateDestination",
        "Destination",
        (P, "$destination"),
        _updated("destination", name="renamed"),
    ),
)
_TOPICS = (
    Call("createTopic", "Topic", (P,), {"name": "generated"}, keep="topic"),
    Call("listTopics", "[Topic]", (P,)),
    Call("updateTopic", "Topic", (P, "$topic"), {"name": "renamed"}),
    Call(
        "createTopicDestinationRoute",
        "TopicDestinationRoute",
        (P,),
        {"topicId": "$topic", "destinationId": "$destination"},
        keep="route",
    ),
    Call(
        "listTopicDestinationRoutes",
        "[TopicDestinationRoute]",
        (P,),
        query={"topic_id": "$topic", "destination_id": "$destination"},
    ),
    Call("deleteTopicDestinationRoute", "", (P, "$route")),
    Call(
        "createEventTopicRoute",
        "NotificationEventTopicRoute",
        (P,),
        {"eventType": "connection.created", "topicId": "$topic"},
        keep="event_route",
    ),
    Call(
        "listEventTopicRoutes", "[NotificationEventTopicRoute]", (P,), query={"topic_id": "$topic"}
    ),
    Call("deleteEventTopicRoute", "", (P, "$event_route")),
    Call("deleteTopic", "", (P, "$topic")),
    Call("deleteDestination", "", (P, "$destination")),
)
_ORGS = (
    Call("createOrg", "Organization", body={"label": "Generated"}, bearer=True),
    Call("getOrg", "Organization", (ORG,)),
    Call("updateOrg", "Organization", (ORG,), _updated("org", label="Acme Ltd")),
    Call("listOrgBuilders", "[Builder]", (ORG,)),
    Call("createOrgInvite", "Invite", (ORG,), {"email": "new@company.com"}, keep="invite"),
    Call("listOrgInvites", "[Invite]", (ORG,)),
    Call("getOrgInvite", "Invite", (ORG, "$invite")),
    Call("deleteOrgInvite", "", (ORG, "$invite")),
    Call("addUserToOrg", "", (ORG,), {"builderId": NEWCOMER}, bearer=True),
    Call(
        "claimDomain",
        "",
        body={"domain": "company.com", "parentId": ORG, "parentType": "org"},
        bearer=True,
    ),
    Call(
        "checkClaimedDomain", "ClaimedDomainResponse", query={"domain": "company.com"}, bearer=True
    ),
    Call("listOrgClaimedDomains", "[ClaimedDomainResponse]", (ORG,)),
    Call("getOrgBillingAccount", "BillingAccount", (ORG,)),
    Call(
        "createBillingAccountSession",
        "CreateBillingAccountSessionResponse200",
        (BILLING_ACCOUNT,),
        {"redirectUrl": "https://example.com/back", "timeout": 60},
    ),
)
_USERS = (
    Call("getMyInfo", "BuilderInfo", bearer=True),
    Call("acceptInvite", "BuilderInfo", body={"invitedEmail": "alice@company.com"}, bearer=True),
)

WALK = (
    *_PROVIDERS,
    *_PROJECTS,
    *_PROVIDER_APPS,
    *_API_KEYS,
    *_JWT_KEYS,
    *_DESTINATIONS,
    *_TOPICS,
    *_ORGS,
    *_USERS,
    *CUSTOMER_WALK,
)
