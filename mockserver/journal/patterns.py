"""Request patterns as the journal is asked with them: the same that rules are armed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.journal.exchange import Exchange
from mockserver.rules.errors import wrong_value
from mockserver.simulation import patterns
from mockserver.simulation.patterns import Asked, PatternError


@dataclass(frozen=True, slots=True)
class Pattern:
    """A request pattern, ready to be held against exchanges. Without parts it fits each."""

    compiled: patterns.Pattern

    def fits(self, exchange: Exchange) -> bool:
        """Tell whether an exchange is like this."""
        return self.compiled.matches(_asked(exchange))

    def distance(self, exchange: Exchange) -> float:
        """Return how far an exchange is from this: 0 it fits, 1 it has nothing of it."""
        return self.compiled.distance(_asked(exchange))

    def differences(self, exchange: Exchange) -> list[str]:
        """Return which parts an exchange does not fit, by their names in the pattern."""
        found = self.compiled.differences(_asked(exchange))
        return [one.part for one in found if one.distance > 0]


def read_pattern(given: Mapping[str, Any]) -> Pattern:
    """Return the pattern that a JSON object describes.

    Raises:
        Refused: UNPROCESSABLE, naming the place and what would be right.
    """
    try:
        return Pattern(patterns.compile_pattern(given, answered=True))
    except PatternError as error:
        name = error.pointer.strip("/").replace("/", ".") or "body"
        detail = f"{error.pointer or '/'} {error.detail}"
        raise wrong_value(name, detail, remedy=error.remedy) from None


def _asked(exchange: Exchange) -> Asked:
    return Asked(
        method=exchange.method,
        path=exchange.path.decode("latin-1"),
        query=exchange.query.decode("latin-1"),
        headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in exchange.headers],
        body=exchange.plain_body,
        operation_id=exchange.operation_id,
        status=exchange.status,
    )
