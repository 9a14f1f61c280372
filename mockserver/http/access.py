"""Who may call which operation: credentials, the tier of the operation, the tenant in the path."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.contract.operations import Operation
from mockserver.resources import credentials, principals
from mockserver.resources.orgs import ORGS
from mockserver.resources.principals import API_KEY, PUBLIC, Principal
from mockserver.resources.projects import PROJECTS
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: What a frontend key or a customer token may call.
#: Source: the calls that the published React library makes; the contract does not say.
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

#: Open to API keys by the contract, kept for builders upstream: the setting strict_bearer_org.
BUILDERS_UPSTREAM = frozenset(
    {
        "getOrg",
        "updateOrg",
        "listOrgBuilders",
        "createOrgInvite",
        "listOrgInvites",
        "getOrgInvite",
        "deleteOrgInvite",
        "getOrgBillingAccount",
        "listOrgClaimedDomains",
    }
)

#: Operations of an organization that outsiders may call, because they are the way in.
OPEN_TO_OUTSIDERS = frozenset({"addUserToOrg"})

_PROJECT = "/projects/{projectIdOrName}"
_ORG = "/orgs/{orgId}"
NO_TENANT: Record = {}


def authenticate(work: Work, operation: Operation, headers: Mapping[bytes, bytes]) -> Principal:
    """Return who is calling. Public operations do not look at credentials.

    When both headers are there, the API key counts (Assumed), unless only bearers are taken.

    Raises:
        Refused: UNAUTHENTICATED.
    """
    if operation.is_public:
        return PUBLIC
    key = headers.get(b"x-api-key")
    bearer_only = takes_bearer_only(operation)
    if key is not None and not (bearer_only and _bearer(headers)):
        if bearer_only and not work.settings.bearer_only_accepts_api_key:
            raise _bearer_needed()
        return credentials.of_api_key(work, key.decode("latin-1"))
    if "Bearer" not in operation.schemes:
        raise key_needed()
    token = _bearer(headers)
    if token:
        return credentials.of_bearer(work, token)
    if bearer_only:
        raise _bearer_needed()
    raise credentials.unauthenticated(
        "no credential", "send X-Api-Key, or Authorization: Bearer …", "X-Api-Key"
    )


def takes_bearer_only(operation: Operation) -> bool:
    """Tell whether the contract keeps an operation for bearer tokens."""
    return operation.schemes == {"Bearer"}


def key_needed() -> Refused:
    """Return the refusal of a call that only an API key may make.

    Source: the read and write APIs (`security`), the vendor's guide to the proxy.
    """
    return credentials.unauthenticated(
        "this host takes API keys only", "send X-Api-Key with a key of the project", "X-Api-Key"
    )


def _bearer(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    return token.strip().decode("latin-1") if scheme.lower() == b"bearer" else ""


def _bearer_needed() -> Refused:
    return credentials.unauthenticated(
        "this operation needs a builder token",
        "send Authorization: Bearer …; mint one with: mockserver token builder",
        "Authorization",
    )


def authorize(work: Work, operation: Operation, principal: Principal) -> Principal:
    """Check the tier of an operation; return the principal it is called as.

    Raises:
        Refused: FORBIDDEN.
    """
    if principal.is_frontend and operation.operation_id not in FRONTEND:
        raise _forbidden(
            f"a {_kind(principal)} may not call {operation.operation_id}",
            "use an API key with the scope 'full', or a builder token",
        )
    if principal.kind != API_KEY:
        return principal
    if work.settings.strict_bearer_org and operation.operation_id in BUILDERS_UPSTREAM:
        raise _forbidden(
            "this endpoint requires a builder session token", "send Authorization: Bearer …"
        )
    if takes_bearer_only(operation):
        return _as_builder(work, principal)
    return principal


def _kind(principal: Principal) -> str:
    return "frontend API key" if principal.kind == API_KEY else "customer token"


def _as_builder(work: Work, principal: Principal) -> Principal:
    builder = principals.stand_in(work, principal)
    if builder is None:
        raise _forbidden("this key's organization has no owner", "use a builder token")
    return Principal(principal.kind, principal.project_id, principal.full, builder)


def resolve_tenant(
    work: Work, operation: Operation, principal: Principal, value: str | None
) -> Record:
    """Return the project or organization that the first path parameter names.

    Raises:
        Refused: NOT_FOUND when there is none, FORBIDDEN when it is not the caller's.
    """
    if value is None:
        return NO_TENANT
    if operation.path.startswith(_PROJECT):
        project = records.get(work, PROJECTS, None, value, parameter="projectIdOrName")
        if not principals.reaches_project(work, principal, project):
            raise _forbidden(
                "this credential does not belong to this project",
                "use a credential of the project, or the project of this credential",
            )
        return project
    org = records.get(work, ORGS, None, value, parameter="orgId")
    if operation.operation_id not in OPEN_TO_OUTSIDERS and not principals.reaches_org(
        work, principal, org["id"]
    ):
        raise _forbidden(
            "this credential does not belong to this organization",
            "use the organization of GET /my-info",
        )
    return org


def tenant_parameter(operation: Operation) -> str | None:
    """Return the path parameter that names the tenant of an operation, or None."""
    if operation.path.startswith(_PROJECT):
        return "projectIdOrName"
    return "orgId" if operation.path.startswith(_ORG) else None


def _forbidden(detail: str, remedy: str) -> Refused:
    return Refused(Kind.FORBIDDEN, detail, remedy=remedy)
