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
    reads,
    revisions,
    searches,
    topics,
    uploads,
    users,
    writes,
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


#: By the name of the host.
HOST_MODULES = {"read": (reads,), "write": (writes,), "search": (searches,)}


def host_handlers(host: str) -> dict[str, Handler]:
    """Return the handlers of an API that has a host of its own, by operationId."""
    return collect(HOST_MODULES[host])


def platform_handlers() -> dict[str, Handler]:
    """Return the handlers of the platform API by operationId."""
    return collect(MODULES)
