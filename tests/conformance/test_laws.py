"""Each law fires on a fault that it is for, and none fires on the mock as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.layers import tried
from mockserver.conformance.rules import Rule
from mockserver.conformance.texts import resolve
from tests.conformance.edge_fault_table import EDGES
from tests.conformance.fault_table import CASES
from tests.conformance.legal import VARIANTS
from tests.conformance.noun_faults import NOUN_CASES
from tests.conformance.twisting import (
    CONTRACT,
    LAWS,
    RULES,
    Asked,
    Fault,
    Told,
    World,
    findings,
    labs,
    target,
)
from tests.conftest import make_mock
from tests.server import serving

#: The laws judge each answer themselves; the session's second judge would take minutes for as many.
UNRECORDED = {"MOCKSERVER_RECORD": ""}

EVERY = {**CASES, **NOUN_CASES, **EDGES}


@pytest.fixture(scope="module")
def unrecorded() -> Mock:
    return make_mock(record="")


@pytest.fixture
def mock(unrecorded: Mock) -> Mock:
    unrecorded.sandbox.reset()
    return unrecorded


def _pairs() -> Iterator[Any]:
    for told, (fault, rule_ids) in EVERY.items():
        for rule_id in rule_ids:
            yield pytest.param(fault, rule_id, id=f"{told}: {rule_id}")


@pytest.mark.parametrize(("fault", "rule_id"), [*_pairs()])
def test_a_law_fires_on_the_fault_that_it_is_for(mock: Mock, fault: Fault, rule_id: str):
    (finding,) = findings(mock, fault, rule_id)
    assert finding.verdict in {Verdict.VIOLATION, Verdict.SUSPECT}, finding


def law_of(rule: Rule) -> str:
    """Name the law that made a rule: its function."""
    return str(getattr(getattr(rule.run, "func", rule.run), "__qualname__", ""))


def test_every_kind_of_law_is_tried_against_a_fault():
    tried_laws = {law_of(RULES[name]) for _, rule_ids in EVERY.values() for name in rule_ids}
    laws = {law_of(RULES[name]) for name in LAWS}
    assert laws - tried_laws == set()


def broken(found: Iterable[Finding]) -> dict[str, str]:
    """Return what did not hold although the default target has what it needs."""
    told = {f"{one.operation_id}/{one.rule}": one for one in found if one.verdict != Verdict.HELD}
    return {rule_id: one.detail for rule_id, one in told.items()}


def as_it_is(world: World, asked: Asked) -> Told:
    return world.send(asked)


def test_the_mock_keeps_every_law(mock: Mock):
    found = findings(mock, as_it_is, *LAWS)
    assert broken(found) == {}
    flawed = [(str(e), e.flaws) for one in found for e in one.trace if e.flaws]
    assert flawed == []


def test_the_mock_keeps_every_law_over_http():
    with serving(environment=UNRECORDED) as server, labs(target(None, server.url + "/v1")) as rooms:
        found = [tried(RULES[rule_id], next(rooms)) for rule_id in LAWS]
    assert broken(found) == {}


#: Nouns with every kind of law between them.
_NOUNS = ("Topic", "Destination")


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS.keys())
def test_no_law_speaks_of_what_the_contract_allows(mock: Mock, variant: Fault):
    some = [name for name in LAWS if any(noun in name.partition("/")[0] for noun in _NOUNS)]
    found = findings(mock, variant, *some)
    assert broken(found) == {}
    assert sum(one.verdict is Verdict.HELD for one in found) > 200


def test_every_law_cites_a_text_of_the_contract():
    for rule_id in LAWS:
        text = resolve(CONTRACT, RULES[rule_id].cites)
        assert isinstance(text, str)
        assert text.strip(), rule_id
