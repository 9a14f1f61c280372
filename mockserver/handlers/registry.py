"""Every handler module, and so every operation that is built."""

from __future__ import annotations

from mockserver.handlers import (
    api_keys,
    billing,
    destinations,
    jwt_keys,
    notifications,
    orgs,
    projects,
    provider_apps,
    providers,
    topics,
    users,
)
from mockserver.handlers.call import Handler, collect

MODULES = (
    api_keys,
    billing,
    destinations,
    jwt_keys,
    notifications,
    orgs,
    projects,
    provider_apps,
    providers,
    topics,
    users,
)


def platform_handlers() -> dict[str, Handler]:
    """Return the handlers of the platform API by operationId."""
    return collect(MODULES)
