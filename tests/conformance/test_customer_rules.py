"""Each rule about customers fires on a fault that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.conformance import rulebook
from mockserver.conformance.families import (
    backfill_rules,
    config_patch_rules,
    foreign_paths,
    installation_changes,
    installation_ends,
)
from mockserver.conformance.findings import Verdict
from mockserver.conformance.rules import Rule
from tests.conformance import (
    customer_fault_table,
    edge_fault_table,
    installation_fault_table,
    integration_fault_table,
    operation_fault_table,
)
from tests.conformance.twisting import Asked, Fault, Told, World, findings

TABLES = {
    "connecting": customer_fault_table.CONNECTING,
    "consenting": customer_fault_table.CONSENTING,
    "integrating": integration_fault_table.INTEGRATING,
    "installing": installation_fault_table.INSTALLING,
    "patching": operation_fault_table.PATCHING,
    "telling": operation_fault_table.TELLING,
    "operating": operation_fault_table.OPERATING,
    "at edges": edge_fault_table.CUSTOMER_EDGES,
}


def _cases() -> Iterator[Any]:
    for name, table in TABLES.items():
        for told, (fault, rule_ids) in table.items():
            yield pytest.param(fault, rule_ids, id=f"{name}: {told}")


@pytest.mark.parametrize(("fault", "rule_ids"), [*_cases()])
def test_rules_fire_on_the_fault_that_they_are_for(
    mock: Mock, fault: Fault, rule_ids: tuple[str, ...]
):
    found = findings(mock, fault, *rule_ids)
    told = {Verdict.VIOLATION, Verdict.SUSPECT}
    silent = {f"{one.operation_id}/{one.rule}": one for one in found if one.verdict not in told}
    assert {name: (one.verdict, one.detail) for name, one in silent.items()} == {}


def test_every_kind_of_rule_is_tried_against_a_fault():
    tried = {rule_id for table in TABLES.values() for _, ids in table.values() for rule_id in ids}
    kinds: dict[str, set[str]] = {}
    for module in rulebook.CUSTOMERS:
        for rule in module.RULES:
            kinds.setdefault(kind_of(module.__name__, rule), set()).add(rule.id)
    assert sorted(kind for kind, ids in kinds.items() if not ids & tried) == []


def kind_of(module: str, rule: Rule) -> str:
    """Name the function that holds a rule: rules of one kind differ in data only."""
    return f"{module}.{getattr(rule.run, 'func', rule.run).__qualname__}"


#: Rules that read installations again and again, while their backfills go on.
BUSY = (backfill_rules, config_patch_rules, foreign_paths, installation_changes, installation_ends)


def test_rules_hold_while_operations_run(mock: Mock):
    """Turn the clock with every request: what operations move by themselves is no change."""

    def ticking(world: World, asked: Asked) -> Told:
        world.tick()
        return world.send(asked)

    found = findings(mock, ticking, *(rule.id for module in BUSY for rule in module.RULES))
    told = {f"{one.operation_id}/{one.rule}": one for one in found}
    assert {name: one.detail for name, one in told.items() if one.verdict != Verdict.HELD} == {}
