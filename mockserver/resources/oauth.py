"""OAuth sessions: sent to a provider's consent page, and not come back yet."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource

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
