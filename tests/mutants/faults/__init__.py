"""The faults, by family of mistake."""

from __future__ import annotations

from tests.mutants.faults import (
    access,
    answers,
    cascades,
    customers,
    lists,
    races,
    reads,
    tenants,
    unseen,
    unseen_again,
    unseen_writes,
    writes,
)
from tests.mutants.faulty import Fault

FAULTS: tuple[Fault, ...] = (
    *writes.FAULTS,
    *answers.FAULTS,
    *lists.FAULTS,
    *cascades.FAULTS,
    *access.FAULTS,
    *customers.FAULTS,
    *races.FAULTS,
    *reads.FAULTS,
    *tenants.FAULTS,
    *unseen.FAULTS,
    *unseen_writes.FAULTS,
    *unseen_again.FAULTS,
)
