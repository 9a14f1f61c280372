"""Every noun and every right call, gathered from the modules of the nouns."""

from __future__ import annotations

from mockserver.conformance.calls import RightCalls
from mockserver.conformance.families import (
    api_keys,
    config_patches,
    connections,
    destinations,
    installations,
    integrations,
    jwt_keys,
    metadata,
    oauth,
    operations,
    orgs,
    people,
    projects,
    provider_apps,
    providers,
    revisions,
    routes,
    topics,
)
from mockserver.conformance.family import Family

#: A module of a noun exports FAMILIES, its tables, or RIGHT, its right calls, or both.
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
    connections,
    oauth,
    integrations,
    revisions,
    installations,
    config_patches,
    metadata,
    operations,
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
