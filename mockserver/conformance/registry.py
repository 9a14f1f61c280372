"""Every noun, every right call and every rule, gathered from the modules of the nouns."""

from __future__ import annotations

from mockserver.conformance.calls import RightCalls
from mockserver.conformance.families import (
    api_keys,
    destinations,
    jwt_keys,
    orgs,
    people,
    projects,
    provider_apps,
    providers,
    routes,
    topics,
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
        again = found.keys() & module.RIGHT.keys()
        if again:
            raise ValueError(f"two modules have right calls of {sorted(again)}")
        found |= module.RIGHT
    return found  # type: ignore[return-value] # merged from RightCalls only
