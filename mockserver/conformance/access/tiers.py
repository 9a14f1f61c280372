"""Which operations a frontend may call.

Source: the calls that the published React library makes with a frontend key or a customer's
token. Assumed for every other operation: the contract only names the two scopes.
"""

from __future__ import annotations

from mockserver.contract.operations import Operation

FRONTEND = frozenset(
    {
        "getProject",
        "listProviderApps",
        "listIntegrations",
        "getIntegration",
        "getHydratedRevision",
        "listInstallations",
        "createInstallation",
        "getInstallation",
        "updateInstallation",
        "deleteInstallation",
        "patchObjectConfigContent",
        "listConnections",
        "getConnection",
        "generateConnection",
        "updateConnection",
        "deleteConnection",
        "oauthConnect",
        "oauthUpdate",
        "getObjectMetadataForInstallation",
        "getObjectMetadataForConnection",
        "upsertMetadataForInstallation",
        "upsertMetadataForConnection",
    }
)
#: Operations that belong to no project: what a key may see there nobody says.
_IN_PROJECT = "/projects/{projectIdOrName}"


def takes_keys(operation: Operation) -> bool:
    """Tell whether an operation may be opened by an API key."""
    return "APIKeyHeader" in operation.schemes


def takes_bearer_only(operation: Operation) -> bool:
    """Tell whether the contract keeps an operation for bearer tokens."""
    return operation.schemes == {"Bearer"}


def is_in_project(operation: Operation) -> bool:
    """Tell whether an operation works below one project, named in its path or body."""
    return operation.path.startswith(_IN_PROJECT) or operation.operation_id == "oauthConnect"


def is_for_the_project(operation: Operation) -> bool:
    """Tell whether an operation is kept from frontends."""
    is_closed = operation.operation_id not in FRONTEND
    return takes_keys(operation) and is_in_project(operation) and is_closed
