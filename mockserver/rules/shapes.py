"""How rules ask whether a value has the shape that a component of the contract declares.

Rules do not know the contract. They are handed something that does, and name the component.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class Mistake(NamedTuple):
    """One place where a value breaks its component."""

    name: str  # dotted path into the value, e.g. `objects[0].schedule`; empty for the value itself
    detail: str  # what is wrong, without the value
    remedy: str  # what would be right


class Shapes(Protocol):
    """Holds values against components of the contract, e.g. `ManifestIntegration`."""

    def mistakes(self, component: str, value: Any) -> list[Mistake]:
        """Return every place where `value` breaks the component; none for a value that fits."""

    def known(self, component: str, value: Any) -> Any:
        """Return a copy of `value` that keeps only the properties that the component declares."""
