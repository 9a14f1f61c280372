"""Every rule: the laws of all nouns, and what single nouns promise besides."""

from __future__ import annotations

from mockserver.conformance import matrix, registry
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


def rules(contract: Contract) -> tuple[Rule, ...]:
    """Return every rule that can be held against an implementation of a contract.

    Raises:
        ValueError: two rules have one id.
    """
    found = [
        rule for law in LAWS for one in registry.families() for rule in law.rules(contract, one)
    ]
    for module in registry.MODULES:
        found += getattr(module, "RULES", ())
    found += every.rules(contract, registry.right_calls())
    found += matrix.rules(contract, registry.right_calls(), registry.families())
    return tuple(unique(found))
