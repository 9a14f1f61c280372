"""Each law fires on a fault that it is for, and none fires on the mock as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.layers import tried
from mockserver.conformance.texts import resolve
from tests.conformance.fault_table import CASES
from tests.conformance.twisting import (
    CONTRACT,
    RULES,
    Fault,
    findings,
    labs,
    target,
)
from tests.server import serving

#: What the default target cannot have; every other rule must hold there.
NOT_REACHED = {
    "addUserToOrg/unknown-query-is-ignored",
    "updateProject/takes-the-project-id",
    "updateProject/takes-the-project-name",
    "updateProject/takes-the-project-name-in-capitals",
}


def _pairs() -> Iterator[Any]:
    for told, (fault, rule_ids) in CASES.items():
        for rule_id in rule_ids:
            yield pytest.param(fault, rule_id, id=f"{told}: {rule_id}")


@pytest.mark.parametrize(("fault", "rule_id"), [*_pairs()])
def test_a_law_fires_on_the_fault_that_it_is_for(mock: Mock, fault: Fault, rule_id: str):
    (finding,) = findings(mock, fault, rule_id)
    assert finding.verdict in {Verdict.VIOLATION, Verdict.SUSPECT}, finding


def test_every_kind_of_law_is_tried_against_a_fault():
    def kind(rule_id: str) -> str:
        return rule_id.partition("/")[2]

    tried_kinds = {kind(rule_id) for _, rule_ids in CASES.values() for rule_id in rule_ids}
    laws = {law_of(rule_id) for rule_id in RULES}
    assert laws - {law_of(f"/{kind}") for kind in tried_kinds} == set()


def law_of(rule_id: str) -> str:
    """Name the law that made a rule: its function."""
    rule = next(r for i, r in RULES.items() if i.partition("/")[2] == rule_id.partition("/")[2])
    return getattr(getattr(rule.run, "func", rule.run), "__qualname__", "")


def broken(found: Iterable[Finding]) -> dict[str, str]:
    """Return what did not hold although the default target has what it needs."""
    told = {f"{one.operation_id}/{one.rule}": one for one in found if one.verdict != Verdict.HELD}
    return {rule_id: one.detail for rule_id, one in told.items() if rule_id not in NOT_REACHED}


def test_the_mock_keeps_every_law(mock: Mock):
    found = findings(mock, lambda world, asked: world.send(asked), *RULES)
    told = {f"{one.operation_id}/{one.rule}": one for one in found if one.verdict != Verdict.HELD}
    assert {
        rule_id: one.detail for rule_id, one in told.items() if rule_id not in NOT_REACHED
    } == {}
    flawed = [(str(e), e.flaws) for one in found for e in one.trace if e.flaws]
    assert flawed == []


def test_the_mock_keeps_every_law_over_http():
    with serving() as server, labs(target(None, server.url + "/v1")) as rooms:
        found = [tried(rule, next(rooms)) for rule in RULES.values()]
    told = {
        f"{one.operation_id}/{one.rule}": one.detail for one in found if one.verdict != Verdict.HELD
    }
    assert {rule_id: detail for rule_id, detail in told.items() if rule_id not in NOT_REACHED} == {}


def test_every_rule_cites_a_text_of_the_contract():
    for rule in RULES.values():
        text = resolve(CONTRACT, rule.cites)
        assert isinstance(text, str)
        assert text.strip(), rule.id
