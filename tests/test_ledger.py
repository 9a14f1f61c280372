"""The ledger of the session: what it wants of the tests, and when it is content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockserver.contract.contract import Contract, load_api
from mockserver.contract.documents import spec_directory
from mockserver.contract.gaps import Gap, Gaps, read_gaps
from tests import ledger

NO_GAPS = Gaps((), ())
#: Everything that deleteTopic can answer.
ALL = {("deleteTopic", status) for status in (204, 401, 404)}
BY_DEFAULT = {("deleteTopic", 401)}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_api()


def owed(
    contract: Contract,
    reached: set[tuple[str, int]],
    by_default: set[tuple[str, int]],
    gaps: Gaps = NO_GAPS,
) -> list[str]:
    alone = {"deleteTopic": contract.operations["deleteTopic"]}
    return ledger.missing(replace(contract, operations=alone), gaps, reached, by_default)


def gap(status: int) -> Gap:
    return Gap(("deleteTopic",), (status,), "reason", "evidence")


def test_nothing_is_owed_when_everything_was_reached(contract: Contract):
    assert owed(contract, ALL, BY_DEFAULT) == []


@pytest.mark.parametrize("status", [204, 404])
def test_a_named_status_that_was_not_reached_is_owed(contract: Contract, status: int):
    (line,) = owed(contract, ALL - {("deleteTopic", status)}, BY_DEFAULT)

    assert line.startswith("deleteTopic: never answered")
    assert str(status) in line


def test_default_wants_a_status_that_is_named_nowhere_else(contract: Contract):
    (line,) = owed(contract, ALL, set())

    assert "default" in line


def test_what_cannot_be_reached_is_not_owed(contract: Contract):
    unreachable = Gaps((), (gap(404),))

    assert owed(contract, ALL - {("deleteTopic", 404)}, BY_DEFAULT, unreachable) == []


def test_what_was_reached_cannot_stand_as_unreachable(contract: Contract):
    (line,) = owed(contract, ALL, BY_DEFAULT, Gaps((), (gap(404),)))

    assert "404" in line


def test_a_gap_that_nobody_ever_saw_is_no_gap(contract: Contract):
    (line,) = owed(contract, ALL, BY_DEFAULT, Gaps((gap(418),), ()))

    assert "418" in line
    assert owed(contract, ALL | {("deleteTopic", 418)}, BY_DEFAULT, Gaps((gap(418),), ())) == []


def test_an_operation_that_takes_nothing_owes_no_default(contract: Contract):
    without = [o for o, one in contract.operations.items() if not ledger.owes_default(one)]
    with_default = [o for o in without if "default" in contract.operations[o].answers]

    assert with_default == ["listProviders"]


def test_the_contract_names_a_hundred_answers_besides_success_and_default(contract: Contract):
    named = {pair for o in contract.operations.values() for pair in ledger.named_pairs(o)}

    assert len(named) == 100
    assert read_gaps(spec_directory()).of(contract.operations).unreachable_pairs() <= named
