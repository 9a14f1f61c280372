"""What is held against an implementation: rules, each with the text that promises it.

A rule is a function of a lab. It returns when the rule holds; it raises `Broken` when it does
not, `Unreached` when it could not be tried, `Refused` when the profile forbids a call it needs.
Rules never depend on each other: each makes what it needs, or asks the lab for a shared parent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.conformance.lab import Lab


class Strength(StrEnum):
    """How well founded a rule is."""

    PROMISED = "promised"  # by the contract's schemas or prose: broken means violation
    INFERRED = "inferred"  # from documentation or habit: broken means suspect


class Broken(Exception):  # a verdict, not an error of ours
    """A rule does not hold: what was expected, what came, and where."""

    def __init__(
        self,
        detail: str,
        *,
        pointer: str = "",
        strength: Strength | None = None,
        cites: str = "",
    ) -> None:
        """Take the sentence for people, and a JSON pointer into the body it speaks of."""
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.strength = strength  # None: the rule's own
        self.cites = cites  # JSON pointer of the text that is broken; empty: the rule's own


class Unreached(Exception):
    """A rule could not be tried: what it stands on was missing."""


class Refused(Exception):
    """The profile does not allow a call."""


class Inconclusive(Exception):
    """The target could not be asked: timeouts, 429, 502, 503, 504 after the last retry."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise about one operation."""

    operation_id: str
    name: str  # kebab-case, e.g. "deleted-is-gone"
    cites: str  # JSON pointer into the bundled contract: the text that promises it
    run: Callable[[Lab], None]
    strength: Strength = Strength.PROMISED
    #: Capabilities without which it is not reached: "neighbour", "bearer", "customer", …
    needs: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The name of its item in reports and in pytest: `createTopic/duplicate-is-refused`."""
        return f"{self.operation_id}/{self.name}"


def described(operation_pointer: str) -> str:
    """Return the pointer of an operation's description."""
    return f"{operation_pointer}/description"


def unique(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield the rules; two of one id are our mistake.

    Raises:
        ValueError: an id comes twice.
    """
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise ValueError(f"two rules are called {rule.id}")
        seen.add(rule.id)
        yield rule
