"""Every rule: the laws of all nouns, and what single nouns promise besides."""

from __future__ import annotations

from mockserver.conformance import matrix, registry
from mockserver.conformance.families import (
    account_rules,
    backfill_rules,
    config_patch_rules,
    connection_changes,
    connection_creation,
    connection_secrets,
    delivery_rules,
    deployments,
    field_upserts,
    foreign_paths,
    hydration,
    installation_changes,
    installation_creation,
    installation_ends,
    installation_refusals,
    integration_rules,
    key_rules,
    manifest_rules,
    metadata_rules,
    oauth_rules,
    operation_rules,
    service_rules,
    uploaded_manifests,
)
from mockserver.conformance.laws import (
    bounding,
    creating,
    deleting,
    every,
    filtering,
    isolating,
    naming,
    reading,
    refusing,
    secrecy,
    uniqueness,
    updating,
)
from mockserver.conformance.rules import Rule, unique
from mockserver.contract.contract import Contract

#: In the order in which they are tried for an operation.
LAWS = (
    creating,
    reading,
    updating,
    deleting,
    filtering,
    uniqueness,
    isolating,
    refusing,
    secrecy,
    bounding,
    naming,
)
#: What the nouns of a project's customers promise besides: each module exports RULES.
CUSTOMERS = (
    connection_creation,
    connection_secrets,
    connection_changes,
    oauth_rules,
    integration_rules,
    deployments,
    uploaded_manifests,
    hydration,
    manifest_rules,
    installation_creation,
    installation_refusals,
    installation_changes,
    installation_ends,
    config_patch_rules,
    metadata_rules,
    field_upserts,
    operation_rules,
    backfill_rules,
    foreign_paths,
)
#: The same of every noun.
PROMISES = (key_rules, delivery_rules, account_rules, service_rules, *CUSTOMERS)


def rules(contract: Contract) -> tuple[Rule, ...]:
    """Return every rule that can be held against an implementation of a contract.

    Raises:
        ValueError: two rules have one id.
    """
    found = [
        rule for law in LAWS for one in registry.families() for rule in law.rules(contract, one)
    ]
    for module in PROMISES:
        found += module.RULES
    found += every.rules(contract, registry.right_calls())
    found += matrix.rules(contract, registry.right_calls(), registry.families())
    return tuple(unique(found))
