"""Every handler module, and so every operation that is built."""

from __future__ import annotations

from mockserver.handlers import (
    api_keys,
    billing,
    connections,
    destinations,
    integrations,
    jwt_keys,
    notifications,
    oauth,
    orgs,
    projects,
    provider_apps,
    providers,
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
    jwt_keys,
    notifications,
    oauth,
    orgs,
    projects,
    provider_apps,
    providers,
    topics,
    uploads,
    users,
)


def platform_handlers() -> dict[str, Handler]:
    """Return the handlers of the platform API by operationId."""
    return collect(MODULES)
