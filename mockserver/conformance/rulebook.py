"""Every rule: the laws of all nouns, and what single nouns promise besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mockserver.conformance import matrix, registry
from mockserver.conformance.families import (
    account_rules,
    backfill_rules,
    config_patch_rules,
    config_races,
    connection_changes,
    connection_creation,
    connection_secrets,
    delivery_rules,
    deployments,
    embedded_rules,
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
    reference_rules,
    service_rules,
    uploaded_manifests,
)
from mockserver.conformance.laws import (
    bounding,
    creating,
    deleting,
    every,
    filtering,
    finding,
    isolating,
    masking,
    naming,
    reading,
    refusing,
    secrecy,
    uniqueness,
    updating,
)
from mockserver.conformance.rules import Rule, Strength, unique
from mockserver.contract.contract import Contract

#: In the order in which they are tried for an operation.
LAWS = (
    finding,
    uniqueness,
    creating,
    reading,
    updating,
    deleting,
    filtering,
    secrecy,
    isolating,
    refusing,
    masking,
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
    config_races,
    reference_rules,
    embedded_rules,
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

    The kinds of rules take turns within an operation: where time is short, each kind was tried.
    What breaks least comes after them, and what can only be suspected last.

    Raises:
        ValueError: two rules have one id.
    """
    families, right = registry.families(), registry.right_calls()
    laws = [rule for law in LAWS for one in families for rule in law.rules(contract, one)]
    promises = [rule for module in PROMISES for rule in module.RULES]
    alike = list(matrix.rules(contract, right, families))
    found = [*_in_turns(laws, promises, alike), *every.rules(contract, right)]
    return tuple(unique(sorted(found, key=lambda rule: rule.strength is Strength.INFERRED)))


def _in_turns(*kinds: list[Rule]) -> Iterator[Rule]:
    """Yield the rules of some kinds, so that those of one operation alternate between the kinds.

    Each kind is spread over the turns of its operation; the kinds given first are through sooner.
    """
    placed = []
    for kind, found in enumerate(kinds):
        total = Counter(rule.operation_id for rule in found)
        seen: Counter[str] = Counter()
        for rule in found:
            share = seen[rule.operation_id] / total[rule.operation_id]
            seen[rule.operation_id] += 1
            placed.append((share * (len(kinds) + kind), kind, rule))
    return (rule for _, _, rule in sorted(placed, key=lambda one: one[:2]))
