"""Answers the rules' questions about shapes from the contract that requests are held to."""

from __future__ import annotations

from itertools import islice
from typing import Any

from mockserver.contract.known import known
from mockserver.contract.schemas import Schemas, read_violations
from mockserver.http.violations import place_and_text
from mockserver.rules.errors import MOST_ISSUES
from mockserver.rules.shapes import Mistake


class ContractShapes:
    """The components of one contract, as it holds for requests."""

    def __init__(self, schemas: Schemas) -> None:
        """Take the schemas that request bodies are checked with."""
        self._schemas = schemas

    def mistakes(self, component: str, value: Any) -> list[Mistake]:
        """Return the places where `value` breaks the component, as many as a refusal lists."""
        validator = self._schemas.validator(f"/components/schemas/{component}")
        if validator.is_valid(value):
            return []
        found = islice(read_violations(validator, value), MOST_ISSUES)
        return [Mistake(*place_and_text(violation)) for violation in found]

    def known(self, component: str, value: Any) -> Any:
        """Return a copy of `value` that keeps only the properties that the component declares."""
        return known(self._schemas.document, component, value)
