"""Connections: a customer's account at a provider, for a group, made by a consumer."""

from __future__ import annotations

from typing import Any

from mockserver.resources import (
    connection_credentials,
    connection_inputs,
    groups,
    notifications,
    oauth_tokens,
)
from mockserver.resources.connection_credentials import AUTHORIZATION_CODE
from mockserver.resources.groups import CONSUMERS, GROUPS
from mockserver.resources.provider_apps import PROVIDER_APPS
from mockserver.resources.providers import Catalog
from mockserver.rules import records, views
from mockserver.rules.errors import Kind, Refused, wrong_value
from mockserver.rules.resource import Masks, Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: What a connection can be. Source: Connection.status.
CREATED = "created"
WORKING = "working"
BAD_CREDENTIALS = "bad_credentials"

# Source: updateConnection. Assumed: a mask without a value is malformed there.
MASKS = Masks(
    "connection",
    (
        "providerWorkspaceRef",
        "providerMetadata",
        "apiKey",
        "basicAuth",
        "oauth2ClientCredentials",
        "oauth2PasswordCredentials",
    ),
    valueless=Kind.INVALID,
)

CONNECTIONS = Resource(
    name="connections",
    noun="connection",
    component="Connection",
    scope="projectId",
    owner="projects",
    filters=("provider", "groupRef", "consumerRef"),
    references=(
        Reference("projectId", "projects", "project", on_delete="cascade"),
        Reference(
            "providerAppId", "providerApps", "provider app", on_delete="restrict", optional=True
        ),
    ),
    masks=MASKS,
    # `credentials` holds what the customer gave or the provider issued, by the contract's names.
    hidden=frozenset({"groupRef", "consumerRef", "providerAppId", "credentials"}),
)


def shown(
    work: Work, connection: Record, *, credentials: bool = False, refresh_token: bool = False
) -> dict[str, Any]:
    """Return a connection as the contract shows it, with its group, consumer and provider app.

    Source: Connection; getConnection (`includeCreds`, `includeRefreshToken`, which includes what
    the former does). Assumed: an API key is a credential too.
    """
    answer = views.without(connection, CONNECTIONS.hidden)
    project_id = connection["projectId"]
    answer["group"] = group_shown(work, project_id, connection["groupRef"])
    answer["consumer"] = groups.shown(work, CONSUMERS, project_id, connection["consumerRef"])
    app = work.tx.get("providerApps", connection.get("providerAppId", ""))
    if app is not None:
        answer["providerApp"] = views.show(PROVIDER_APPS, app)
    if credentials or refresh_token:
        answer |= connection_credentials.shown(connection["credentials"], refresh_token)
    return answer


def group_shown(work: Work, project_id: str, group_ref: str) -> dict[str, Any]:
    """Return a group of a project as the contract shows it.

    Raises:
        LookupError: the group was never made; every connection makes its own.
    """
    return groups.shown(work, GROUPS, project_id, group_ref)


def default_for(work: Work, project_id: str, provider: str, group_ref: str) -> Record | None:
    """Return the connection that stands for a group at a provider: its oldest one, or None.

    Source: createInstallation (`connectionId`). Assumed: the oldest.
    """
    found = listed(work, project_id, provider=provider, group_ref=group_ref)
    return found[0] if found else None


def listed(
    work: Work,
    project_id: str,
    *,
    provider: str | None = None,
    group_ref: str | None = None,
    consumer_ref: str | None = None,
) -> list[Record]:
    """Return a project's connections that fit every filter, oldest first.

    Source: listConnections.
    """
    filters = {"provider": provider, "groupRef": group_ref, "consumerRef": consumer_ref}
    return records.listed(work, CONNECTIONS, project_id, filters)


def generate(work: Work, catalog: Catalog, project_id: str, body: Record) -> Record:
    """Connect an account with the credentials in the body.

    Source: generateConnection (which block a provider takes, the import of tokens).

    Raises:
        Refused: UNPROCESSABLE for an unknown provider, a block or value that does not fit, or
            tokens without a provider app; INVALID for a missing block or input.
    """
    name = body["provider"]
    provider = catalog.get(name)
    if provider is None:
        raise unknown_provider(catalog, name)
    credentials = connection_credentials.read(provider, body)
    fields = {
        "projectId": project_id,
        **refs(body),
        **_names(body),
        "provider": name,
        "authScheme": connection_credentials.scheme(provider),
        **connection_inputs.settle(
            provider, body.get("providerWorkspaceRef"), body.get("providerMetadata")
        ),
    }
    if AUTHORIZATION_CODE in credentials:
        app = default_app(work, project_id, name)
        if app is None:
            raise wrong_value(
                "provider",
                f"no provider app found for provider {name}",
                name,
                remedy="create a provider app for it first: tokens belong to one",
            )
        imported = oauth_tokens.imported(work, credentials[AUTHORIZATION_CODE], app)
        fields["providerAppId"] = app["id"]
        credentials = {AUTHORIZATION_CODE: imported}
    return connect(work, {**fields, "credentials": credentials})


def connect(work: Work, fields: Record) -> Record:
    """Store a connection, and the group and consumer it names (`groupName`, `consumerName`).

    Assumed: a consumer has one connection per group and provider, so a second one replaces the
    first and keeps its id.
    """
    project_id = fields["projectId"]
    groups.upsert(work, GROUPS, project_id, fields["groupRef"], fields.get("groupName"))
    groups.upsert(work, CONSUMERS, project_id, fields["consumerRef"], fields.get("consumerName"))
    connection = {
        **views.without(fields, frozenset({"groupName", "consumerName"})),
        "status": CREATED,
    }
    found = listed(
        work,
        project_id,
        provider=fields["provider"],
        group_ref=fields["groupRef"],
        consumer_ref=fields["consumerRef"],
    )
    if not found:
        made = records.create(work, CONNECTIONS, connection)
        notifications.connection_created(work, made)
        return made
    old = found[0]
    kept = {name: old[name] for name in ("id", "createTime", "providerConsumerRef") if name in old}
    return updated(work, old, {**kept, **connection})


def updated(work: Work, old: Record, new: Record, *, prefix: str = "") -> Record:
    """Store a connection that somebody changed, and tell of it."""
    changed = records.update(work, CONNECTIONS, old, new, prefix=prefix)
    notifications.connection_updated(work, changed)
    return changed


def remove(work: Work, connection: Record) -> None:
    """Delete a connection. Source: deleteConnection.

    Raises:
        Refused: IN_USE while an installation uses it.
    """
    records.delete(work, CONNECTIONS, connection)
    notifications.connection_deleted(work, connection)


def refs(body: Record) -> dict[str, str]:
    """Return the group and consumer that a request names.

    Assumed: neither may be empty.

    Raises:
        Refused: UNPROCESSABLE.
    """
    for name in ("groupRef", "consumerRef"):
        if not body[name]:
            raise wrong_value(name, f"{name} is empty", "", remedy=f"give {name} a value")
    return {"groupRef": body["groupRef"], "consumerRef": body["consumerRef"]}


def _names(body: Record) -> dict[str, str]:
    return {name: body[name] for name in ("groupName", "consumerName") if body.get(name)}


def default_app(work: Work, project_id: str, provider: str) -> Record | None:
    """Return a project's first provider app for a provider, or None.

    Source: oauthConnect (`providerAppId`: the default one). Assumed: the first is the default.
    """
    apps = records.listed(work, PROVIDER_APPS, project_id)
    return next((app for app in apps if app["provider"] == provider), None)


def worked(work: Work, connection: Record) -> Record:
    """Return a connection after a request with it succeeded: a fresh one is `working` now.

    Source: Connection.status. Assumed: its updateTime does not move, nobody updated it.
    """
    if connection["status"] != CREATED:
        return connection
    changed = {**connection, "status": WORKING}
    work.tx.put(CONNECTIONS.name, connection["id"], changed)
    return changed


def unknown_provider(catalog: Catalog, name: str) -> Refused:
    """Return the refusal of a provider that the catalog does not have."""
    return wrong_value("provider", "unknown provider", name, remedy=catalog.remedy(name))
