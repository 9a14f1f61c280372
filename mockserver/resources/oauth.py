"""OAuth sessions: sent to a provider's consent page, until they come back with an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.resources import connections, consent, oauth_tokens, pretend_provider, urls
from mockserver.resources.connection_credentials import (
    AUTHORIZATION_CODE,
    scheme,
    takes_consent,
)
from mockserver.resources.connection_inputs import settle
from mockserver.resources.provider_apps import PROVIDER_APPS
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, wrong_value
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, moment
from mockserver.state.tables import Record

#: Assumed: a customer who has not answered after ten minutes must begin again.
LIFETIME = 600 * SECOND
#: Where providers send the customer back to. Source: the examples of oauthConnect.
RETURN_PATH = "/callbacks/v1/oauth"

OAUTH_SESSIONS = Resource(
    name="oauthSessions",
    noun="OAuth session",
    key="state",
    scope="projectId",
    owner="projects",
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference("providerAppId", "providerApps", "provider app", on_delete="cascade"),
        Reference("connectionId", "connections", "connection", on_delete="cascade", optional=True),
    ),
)


#: What a new connection takes from its session.
_COPIED = (
    "projectId",
    "provider",
    "providerAppId",
    "groupRef",
    "groupName",
    "consumerRef",
    "consumerName",
    "providerWorkspaceRef",
    "providerMetadata",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session ended: with a connection, or with what went wrong."""

    connection_id: str | None = None
    error: str = ""


def connect(work: Work, catalog: Catalog, project_id: str, body: Record, origin: str) -> str:
    """Begin a session for a new connection; return the URL for the customer's browser.

    Source: oauthConnect. Assumed: nothing that lists show is made before the customer consents.

    Raises:
        Refused: UNPROCESSABLE for a provider or app that cannot be used, INVALID for a missing
            input.
    """
    name = body["provider"]
    provider = catalog.get(name)
    if provider is None:
        raise connections.unknown_provider(catalog, name)
    if not takes_consent(provider):
        raise wrong_value(
            "provider",
            f"{name} has no consent page: it uses {scheme(provider)}",
            name,
            remedy="connect it with connections:generate",
        )
    app = _app(work, project_id, name, body.get("providerAppId"))
    fields = {
        "projectId": project_id,
        "provider": name,
        "providerAppId": app["id"],
        **connections.refs(body),
        **{key: body[key] for key in ("groupName", "consumerName") if body.get(key)},
        **settle(provider, body.get("providerWorkspaceRef"), body.get("providerMetadata")),
    }
    return _begin(work, provider, app, fields, origin)


def update(work: Work, catalog: Catalog, connection: Record, origin: str) -> str:
    """Begin a session that renews a connection's tokens; return the URL for the browser.

    Source: oauthUpdate. Assumed: only authorization code schemes can be renewed this way.

    Raises:
        Refused: INVALID for another scheme, or when no provider app is left.
    """
    provider = catalog.get(connection["provider"])
    if AUTHORIZATION_CODE not in connection["credentials"] or provider is None:
        detail = f"a connection with {connection['authScheme']} has no consent page"
        issue = Issue("path", "connectionId", detail, connection["id"])
        remedy = "rotate its credentials with PATCH"
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
    project_id = connection["projectId"]
    app = _app(work, project_id, connection["provider"], connection.get("providerAppId"))
    copied = ("groupRef", "consumerRef", "providerWorkspaceRef", "providerMetadata")
    fields = {
        "projectId": project_id,
        "provider": connection["provider"],
        "providerAppId": app["id"],
        "connectionId": connection["id"],
        **{key: connection[key] for key in copied if key in connection},
    }
    return _begin(work, provider, app, fields, origin)


def _app(work: Work, project_id: str, provider: str, wanted: str | None) -> Record:
    """Return the provider app to use. Source: oauthConnect (`providerAppId`, else the default)."""
    if wanted is None:
        app = connections.default_app(work, project_id, provider)
        if app is None:
            raise wrong_value(
                "provider",
                f"no provider app found for provider {provider}",
                provider,
                remedy=f"create a provider app for {provider}: POST …/provider-apps",
            )
        return app
    found = records.find(work, PROVIDER_APPS, project_id, wanted)
    if found is None or found["provider"] != provider:
        detail = "no such provider app" if found is None else "a provider app of another provider"
        remedy = f"give the id of a {provider} app of this project, or leave providerAppId out"
        raise wrong_value("providerAppId", detail, wanted, remedy=remedy)
    return found


def _begin(work: Work, provider: Record, app: Record, fields: dict[str, Any], origin: str) -> str:
    session = {
        "state": urls.state_in(work.sandbox, work.new_key("oauthStates")),
        **fields,
        "redirectUri": origin + RETURN_PATH,
    }
    if provider["oauth2Opts"]["grantType"] == "authorizationCodePKCE":
        session["codeVerifier"] = consent.new_verifier(work)
    created = records.create(work, OAUTH_SESSIONS, session)
    return consent.url(work.settings, provider, app, created, origin)


def find(work: Work, state: str) -> Record | None:
    """Return the session of a state while the customer may still answer; None afterwards."""
    session = work.tx.get(OAUTH_SESSIONS.name, state)
    return session if session is not None and not _has_expired(work, session) else None


def _has_expired(work: Work, session: Record) -> bool:
    return work.moment >= moment(session["createTime"]) + LIFETIME


def complete(
    work: Work, catalog: Catalog, *, state: str, code: str, error: str, description: str
) -> Outcome:
    """End a session with what the provider sent back. A state can be used once.

    Source: RFC 6749, sections 4.1.2 and 10.12. Assumed: an answer that fails uses it up as well.

    Args:
        work: the unit of work.
        catalog: the providers.
        state: names the session.
        code: what tokens are issued for; empty when the provider refused.
        error: why the provider refused; empty otherwise.
        description: the same, for people.
    """
    session = work.tx.get(OAUTH_SESSIONS.name, state)
    if session is None:
        return Outcome(error="This sign-in is unknown, or it was completed before.")
    work.tx.delete(OAUTH_SESSIONS.name, state)
    if _has_expired(work, session):
        return Outcome(error="This sign-in has expired; start it again.")
    if error:
        return Outcome(error=description or error)
    app = work.tx.get("providerApps", session["providerAppId"]) or {}
    try:
        scopes = pretend_provider.redeem(
            session.get("grant"),
            code=code,
            client_id=app["clientId"],
            redirect_uri=session["redirectUri"],
            verifier=session.get("codeVerifier"),
        )
    except pretend_provider.InvalidGrantError as refusal:
        return Outcome(error=f"invalid_grant: {refusal}")
    tokens = oauth_tokens.issued(work, scopes)
    return Outcome(_connected(work, catalog, session, {AUTHORIZATION_CODE: tokens})["id"])


def _connected(work: Work, catalog: Catalog, session: Record, credentials: Record) -> Record:
    """Store what a consent gave. Source: oauthConnect; oauthUpdate, which changes nothing else."""
    connection = work.tx.get("connections", session.get("connectionId", ""))
    if connection is not None:
        renewed = {
            **connection,
            "providerAppId": session["providerAppId"],
            "credentials": credentials,
            "status": connections.CREATED,
        }
        return connections.updated(work, connection, renewed)
    fields = {name: session[name] for name in _COPIED if name in session}
    provider = catalog.get(session["provider"]) or {"authType": "none"}
    account = pretend_provider.account(work, session["provider"])
    return connections.connect(
        work,
        {
            **account,
            **fields,
            "authScheme": scheme(provider),
            "credentials": credentials,
        },
    )
