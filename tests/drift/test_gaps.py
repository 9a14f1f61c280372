"""`gaps.yaml`, as far as it can be held exact without a request; the ledger does the rest."""

from __future__ import annotations

from mockserver.contract.contract import load_api, load_hosts
from mockserver.contract.documents import spec_directory
from mockserver.contract.gaps import read_gaps

OPERATIONS = {
    name: operation
    for contract in (load_api(), *load_hosts().values())
    for name, operation in contract.operations.items()
}
GAPS = read_gaps(spec_directory())
MOST_UNREACHABLE = 20


def test_what_is_undeclared_is_really_not_declared():
    for name, status in GAPS.undeclared_pairs():
        assert not OPERATIONS[name].declares(status), (name, status)


def test_what_is_unreachable_is_really_declared_and_no_success():
    for name, status in GAPS.unreachable_pairs():
        assert str(status) in OPERATIONS[name].answers, (name, status)
        assert status >= 300, (name, status)


def test_few_answers_are_unreachable():
    assert len(GAPS.unreachable_pairs()) <= MOST_UNREACHABLE


def test_no_pair_stands_twice_and_each_says_why():
    for entries in (GAPS.undeclared, GAPS.unreachable):
        pairs = [pair for gap in entries for pair in gap.pairs]
        assert len(pairs) == len(set(pairs))
        assert all(gap.reason.strip() and gap.evidence.strip() for gap in entries)
