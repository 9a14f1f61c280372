"""Connections: a customer's account at a provider, the group it belongs to and who made it."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource, Unique

GROUPS = Resource(
    name="groups",
    noun="group",
    component="Group",
    scope="projectId",
    owner="projects",
    lookups=("groupRef",),
    unique=(Unique(("projectId", "groupRef"), "this group exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    hidden=frozenset({"id"}),
)

CONSUMERS = Resource(
    name="consumers",
    noun="consumer",
    component="Consumer",
    scope="projectId",
    owner="projects",
    lookups=("consumerRef",),
    unique=(Unique(("projectId", "consumerRef"), "this consumer exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    hidden=frozenset({"id"}),
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
    # `credentials` holds what the customer gave or the provider issued, by the contract's names.
    hidden=frozenset({"groupRef", "consumerRef", "providerAppId", "credentials"}),
)
