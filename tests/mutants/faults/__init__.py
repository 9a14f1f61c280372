"""The faults, by family of mistake."""

from __future__ import annotations

from tests.mutants.faults import (
    access,
    answers,
    cascades,
    customers,
    later,
    lists,
    races,
    reads,
    tenants,
    unseen,
    unseen_again,
    unseen_checks,
    unseen_customers,
    unseen_details,
    unseen_operations,
    unseen_records,
    unseen_refusals,
    unseen_tenants,
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
    *unseen_records.FAULTS,
    *unseen_tenants.FAULTS,
    *unseen_customers.FAULTS,
    *unseen_operations.FAULTS,
    *unseen_checks.FAULTS,
    *unseen_refusals.FAULTS,
    *unseen_details.FAULTS,
    *later.FAULTS,
)
