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
_PROJECT_PARAMETER = "projectIdOrName"
_ORG = "/orgs/{orgId}"
NO_TENANT: Record = {}


class Access:
    """Who may call one operation: decided once as far as the contract and our tables decide it."""

    def __init__(self, operation: Operation) -> None:
        """Read what an operation asks of its callers."""
        self.operation_id = operation.operation_id
        self.is_public = operation.is_public
        self.takes_bearer = "Bearer" in operation.schemes
        self.bearer_only = takes_bearer_only(operation)
        self.for_frontends = operation.operation_id in FRONTEND
        self.for_builders_upstream = operation.operation_id in BUILDERS_UPSTREAM
        self.for_outsiders = operation.operation_id in OPEN_TO_OUTSIDERS
        self.tenant = tenant_parameter(operation)  # the path parameter that names it, or None

    def admit(
        self, work: Work, headers: Mapping[bytes, bytes], values: tuple[str, ...]
    ) -> tuple[Principal, Record]:
        """Return who is calling, and the project or organization that the path names.

        Args:
            work: the unit of work.
            headers: of the request, by name in lower case.
            values: of the path parameters; the tenant's comes first, where there is one.

        Raises:
            Refused: UNAUTHENTICATED; FORBIDDEN; NOT_FOUND for the tenant.
        """
        principal = PUBLIC if self.is_public else self._authorize(work, self._caller(work, headers))
        if self.tenant is None:
            return principal, NO_TENANT
        if self.tenant == _PROJECT_PARAMETER:
            return principal, _project(work, principal, values[0])
        return principal, self._org(work, principal, values[0])

    def _caller(self, work: Work, headers: Mapping[bytes, bytes]) -> Principal:
        # When both headers are there, the API key counts (Assumed), unless only bearers are taken.
        key = headers.get(b"x-api-key")
        if key is not None and not (self.bearer_only and _bearer(headers)):
            if self.bearer_only and not work.settings.bearer_only_accepts_api_key:
                raise _bearer_needed()
            return credentials.of_api_key(work, key.decode("latin-1"))
        if not self.takes_bearer:
            raise key_needed()
        token = _bearer(headers)
        if token:
            return credentials.of_bearer(work, token)
        if self.bearer_only:
            raise _bearer_needed()
        raise credentials.unauthenticated(
            "no credential", "send X-Api-Key, or Authorization: Bearer …", "X-Api-Key"
        )

    def _authorize(self, work: Work, principal: Principal) -> Principal:
        """Check the tier of the operation; return the principal it is called as."""
        if not self.for_frontends and principal.is_frontend:
            raise _forbidden(
                f"a {_kind(principal)} may not call {self.operation_id}",
                "use an API key with the scope 'full', or a builder token",
            )
        if principal.kind != API_KEY:
            return principal
        if self.for_builders_upstream and work.settings.strict_bearer_org:
            raise _forbidden(
                "this endpoint requires a builder session token", "send Authorization: Bearer …"
            )
        if self.bearer_only:
            return _as_builder(work, principal)
        return principal

    def _org(self, work: Work, principal: Principal, value: str) -> Record:
        org = records.get(work, ORGS, None, value, parameter="orgId")
        if not self.for_outsiders and not principals.reaches_org(work, principal, org["id"]):
            raise _forbidden(
                "this credential does not belong to this organization",
                "use the organization of GET /my-info",
            )
        return org


def _project(work: Work, principal: Principal, value: str) -> Record:
    project = records.get(work, PROJECTS, None, value, parameter=_PROJECT_PARAMETER)
    if not principals.reaches_project(work, principal, project):
        raise _forbidden(
            "this credential does not belong to this project",
            "use a credential of the project, or the project of this credential",
        )
    return project


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


def _kind(principal: Principal) -> str:
    return "frontend API key" if principal.kind == API_KEY else "customer token"


def _as_builder(work: Work, principal: Principal) -> Principal:
    builder = principals.stand_in(work, principal)
    if builder is None:
        raise _forbidden("this key's organization has no owner", "use a builder token")
    return Principal(principal.kind, principal.project_id, principal.full, builder)


def tenant_parameter(operation: Operation) -> str | None:
    """Return the path parameter that names the tenant of an operation, or None."""
    if operation.path.startswith(_PROJECT):
        return _PROJECT_PARAMETER
    return "orgId" if operation.path.startswith(_ORG) else None


def _forbidden(detail: str, remedy: str) -> Refused:
    return Refused(Kind.FORBIDDEN, detail, remedy=remedy)
