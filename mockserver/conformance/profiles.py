"""What may be sent, as data: `spec/profiles.yaml`, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.contract.documents import read_yaml, spec_directory

OBSERVE = "observe"
OWN_DATA = "own-data"
FULL = "full"
PROFILES = (OBSERVE, OWN_DATA, FULL)
_EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Allowed:
    """One operation of a profile, with the conditions under which it may be called."""

    query: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()  # path parameters
    mark: tuple[str, ...] = ()  # JSON pointers into the body
    below: tuple[str, ...] = ()  # operationIds of lists


@dataclass(frozen=True, slots=True)
class Profile:
    """An allow-list: an operation that is not in it is not called."""

    name: str
    operations: Mapping[str, Allowed]
    reads_only: bool
    limits_to_ours: bool  # False: whatever the contract knows
    reach: Mapping[str, float]  # what a run must reach at least, as parts of what it may
    meaningless: tuple[str, ...] = ()
    references: frozenset[str] = frozenset()
    ours_only: frozenset[str] = frozenset()

    def knows(self, allowed: Allowed, parameter: str, value: str) -> bool:
        """Tell whether a query parameter may be sent with a value."""
        means_nothing = any(fnmatchcase(parameter, pattern) for pattern in self.meaningless)
        return means_nothing or not allowed.query.isdisjoint({parameter, f"{parameter}={value}"})


def load_profile(name: str, contract: Contract, spec: Path | None = None) -> Profile:
    """Return a profile by name.

    Raises:
        ValueError: there is none of that name, or it names an operation that does not exist.
    """
    content = read_yaml((spec or spec_directory()) / "profiles.yaml")
    if name not in content["profiles"]:
        raise ValueError(f"no profile {name!r}: there are {', '.join(content['profiles'])}")
    node = content["profiles"][name]
    return Profile(
        name,
        _operations(node["operations"], contract),
        reads_only=name == OBSERVE,
        limits_to_ours=name != FULL,
        reach=node["reach"],
        meaningless=tuple(content["meaningless"]),
        references=frozenset(content["references"]),
        ours_only=frozenset(content["ours-only"]),
    )


def _operations(node: Any, contract: Contract) -> dict[str, Allowed]:
    if node == _EVERYTHING:
        return {
            name: Allowed(frozenset(p.name for p in operation.parameters if p.place == "query"))
            for name, operation in contract.operations.items()
        }
    unknown = sorted(set(node) - set(contract.operations))
    if unknown:
        raise ValueError(f"profiles.yaml names operations that do not exist: {', '.join(unknown)}")
    return {name: _allowed(entry or {}) for name, entry in node.items()}


def _allowed(entry: Mapping[str, Any]) -> Allowed:
    return Allowed(
        frozenset(entry.get("query", ())),
        frozenset(entry.get("ours", ())),
        tuple(entry.get("mark", ())),
        tuple(entry.get("below", ())),
    )
