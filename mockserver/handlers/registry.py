"""Every handler module, and so every operation that is built."""

from __future__ import annotations

from mockserver.handlers import (
    api_keys,
    billing,
    connections,
    destinations,
    installations,
    integrations,
    jwt_keys,
    metadata,
    notifications,
    oauth,
    operations,
    orgs,
    projects,
    provider_apps,
    providers,
    revisions,
    topics,
    uploads,
    users,
)
from mockserver.handlers.call import Handler, collect

MODULES = (
    api_keys,
    billing,
    connections,
    destinations,
    integrations,
    installations,
    jwt_keys,
    metadata,
    notifications,
    oauth,
    operations,
    orgs,
    projects,
    provider_apps,
    providers,
    revisions,
    topics,
    uploads,
    users,
)


def platform_handlers() -> dict[str, Handler]:
    """Return the handlers of the platform API by operationId."""
    return collect(MODULES)
