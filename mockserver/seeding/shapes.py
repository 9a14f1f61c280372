"""What a fixture may say beyond the contract's schemas: fields that answers hide, and ties.

The contract's schema of a component is checked as well; these are JSON Schemas of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from mockserver.contract.schemas import Schemas, Violation
from mockserver.resources.tables import RESOURCES
from mockserver.rules import views
from mockserver.rules.resource import Resource
from mockserver.seeding.recipes import RECIPES

_TIME: Mapping[str, Any] = {"type": "string", "format": "date-time"}
_NAME: Mapping[str, Any] = {"type": "string", "minLength": 1}


def properties(resource: Resource) -> dict[str, Any]:
    """Return the schemas of the fields that a section has beyond the contract's own."""
    times = ("createTime", "updateTime") if resource.stamped else ()
    return {
        resource.key: _NAME,
        **dict.fromkeys(times, _TIME),
        **{reference.field: _NAME for reference in resource.references},
        **RECIPES[resource.name].extra,
    }


def violations(contract: Schemas, resource: Resource, record: Mapping[str, Any]) -> list[Violation]:
    """Return where a record, as it is written in a fixture, has what it cannot have.

    What it lacks is another question: the recipe of its section may complete it. Ties may be
    names, which the contract's schema does not know.
    """
    found = _schemas().violations(f"/{resource.name}", record)
    ties = {reference.field for reference in resource.references}
    for violation in completed(contract, resource, record):
        absent = violation.keyword == "required" and not violation.path
        if not absent and violation.path[0] not in ties:
            found.append(violation)
    return found


def completed(contract: Schemas, resource: Resource, record: Mapping[str, Any]) -> list[Violation]:
    """Return where a completed record breaks the contract's schema of its component."""
    if resource.component is None:
        return []
    shown = views.show(resource, record)
    embedded = RECIPES[resource.name].embedded
    return [
        violation
        for violation in contract.violations(f"/components/schemas/{resource.component}", shown)
        if violation.path or violation.missing not in embedded
    ]


@cache
def _schemas() -> Schemas:
    return Schemas({name: _schema(resource) for name, resource in RESOURCES.items()})


def _schema(resource: Resource) -> dict[str, Any]:
    ties = [reference.field for reference in resource.references if not reference.optional]
    return {
        "type": "object",
        "required": [*ties, *RECIPES[resource.name].required],
        "properties": properties(resource),
    }
