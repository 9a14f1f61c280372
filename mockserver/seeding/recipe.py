"""What a section of a fixture adds to the common way of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work

Fields = dict[str, Any]
Complete = Callable[[Work, Fields], Fields]
Check = Callable[[Work, Catalog, Fields], None]


def _keep(_: Work, fields: Fields) -> Fields:
    return fields


def _accept(_work: Work, _catalog: Catalog, _fields: Fields) -> None:
    """Ask for nothing more than the contract's schema does."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a section adds to the common way of a record."""

    complete: Complete = _keep
    check: Check = _accept
    #: Fields besides the contract's own and the declared ties, or stricter than those: schemas.
    extra: Mapping[str, Any] = field(default_factory=dict)
    #: Of the fields in `extra`, those that a record cannot be without.
    required: tuple[str, ...] = ()
    #: Fields of the contract's component that are made of other tables when it is shown.
    embedded: tuple[str, ...] = ()
    #: Default values of generated records: `{{…}}` is a Faker expression, `{{number}}` counts.
    generated: Mapping[str, Any] | None = None
