"""Every noun, every right call and every rule, gathered from the modules of the nouns."""

from __future__ import annotations

from mockserver.conformance.calls import RightCalls
from mockserver.conformance.families import (
    account_rules,
    api_keys,
    backfill_rules,
    config_patch_rules,
    config_patches,
    connection_changes,
    connection_creation,
    connection_secrets,
    connections,
    delivery_rules,
    deployments,
    destinations,
    field_upserts,
    foreign_paths,
    hydration,
    installation_changes,
    installation_creation,
    installation_ends,
    installation_refusals,
    installations,
    integration_rules,
    integrations,
    jwt_keys,
    key_rules,
    manifest_rules,
    metadata,
    metadata_rules,
    oauth,
    oauth_rules,
    operation_rules,
    operations,
    orgs,
    people,
    projects,
    provider_apps,
    providers,
    revisions,
    routes,
    service_rules,
    topics,
    uploaded_manifests,
)
from mockserver.conformance.family import Family

#: A module of `families` may export FAMILIES, RIGHT and RULES.
MODULES = (
    projects,
    orgs,
    people,
    api_keys,
    jwt_keys,
    provider_apps,
    destinations,
    topics,
    routes,
    providers,
    key_rules,
    delivery_rules,
    account_rules,
    service_rules,
    connections,
    connection_creation,
    connection_secrets,
    connection_changes,
    oauth,
    oauth_rules,
    integrations,
    integration_rules,
    deployments,
    uploaded_manifests,
    revisions,
    hydration,
    manifest_rules,
    installations,
    installation_creation,
    installation_refusals,
    installation_changes,
    installation_ends,
    config_patches,
    config_patch_rules,
    metadata,
    metadata_rules,
    field_upserts,
    operations,
    operation_rules,
    backfill_rules,
    foreign_paths,
)


def families() -> tuple[Family, ...]:
    """Return the tables of all nouns; parents come before what lies below them."""
    return tuple(family for module in MODULES for family in getattr(module, "FAMILIES", ()))


def family(noun: str) -> Family:
    """Return the table of a noun.

    Raises:
        KeyError: there is none.
    """
    found = next((one for one in families() if one.noun == noun), None)
    if found is None:
        raise KeyError(noun)
    return found


def right_calls() -> RightCalls:
    """Return a right call maker for every operation.

    Raises:
        ValueError: two modules make one operation's.
    """
    found: dict[str, object] = {}
    for module in MODULES:
        right: RightCalls = getattr(module, "RIGHT", {})
        again = found.keys() & right.keys()
        if again:
            raise ValueError(f"two modules have right calls of {sorted(again)}")
        found |= right
    return found  # type: ignore[return-value] # merged from RightCalls only
