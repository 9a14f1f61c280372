"""Pointers into the bundled contract: where the rules of customers find their texts."""

from __future__ import annotations

_P = "/paths/~1projects~1{projectIdOrName}"
_SCHEMAS = "/components/schemas"

OAUTH_CONNECT = "/paths/~1oauth-connect/post"
OAUTH_UPDATE = f"{_P}~1connections~1{{connectionId}}:oauth-update/patch"

INTEGRATIONS = f"{_P}~1integrations"
INTEGRATION = f"{INTEGRATIONS}~1{{integrationIdOrName}}/get"
INTEGRATION_DELETE = f"{INTEGRATIONS}~1{{integrationId}}/delete"
BATCH = f"{_P}~1integrations:batch/put"
_BELOW = f"{INTEGRATIONS}~1{{integrationId}}"
REVISIONS = f"{_BELOW}~1revisions/post"
HYDRATE = f"{_BELOW}~1revisions~1{{revisionId}}:hydrate/get"

INSTALLATIONS = f"{_BELOW}~1installations"
INSTALLATION = f"{INSTALLATIONS}~1{{installationId}}"
PROJECT_INSTALLATIONS = f"{_P}~1installations/get"
CONFIG_PATCH = f"{_BELOW}~1objects~1{{objectName}}~1config-content/patch"

METADATA_OF_INSTALLATION = f"{_BELOW}~1objects~1{{objectName}}~1metadata/get"
METADATA_OF_CONNECTION = f"{_P}~1providers~1{{provider}}~1objects~1{{objectName}}~1metadata/get"
UPSERT_FOR_INSTALLATION = f"{_BELOW}~1object-metadata/put"
UPSERT_FOR_CONNECTION = f"{_P}~1providers~1{{provider}}~1object-metadata/put"

OPERATIONS = f"{INSTALLATION}~1operations/get"
BACKFILL = f"{INSTALLATION}~1objects~1{{objectName}}~1backfill-progress/get"
OPERATION = f"{_P}~1operations~1{{operationId}}/get"
LOGS = f"{_P}~1operations~1{{operationId}}~1logs/get"

CONNECTIONS = f"{_P}~1connections"
GENERATE = f"{_P}~1connections:generate/post"
CONNECTION = f"{CONNECTIONS}~1{{connectionId}}"


#: What the provider in a manifest may be.
PROVIDER = f"{_SCHEMAS}/ManifestIntegration/properties/provider/description"


def described(*parts: str) -> str:
    """Return the pointer of the description of a component, or of a property within it."""
    below = "".join(f"/properties/{part}" for part in parts[1:])
    return f"{_SCHEMAS}/{parts[0]}{below}/description"


def parameter(operation: str, number: int) -> str:
    """Return the pointer of the description of an operation's parameter, counted from 0."""
    return f"{operation}/parameters/{number}/description"


def body(operation: str, *names: str) -> str:
    """Return the pointer of the description of a property of an operation's body."""
    below = "".join(f"/properties/{name}" for name in names)
    return f"{operation}/requestBody/content/application~1json/schema{below}/description"


def answer(operation: str, status: int) -> str:
    """Return the pointer of the description of an operation's answer."""
    return f"{operation}/responses/{status}/description"
