"""The ledger: which declared answers of the contract some test has reached."""

from __future__ import annotations

from collections.abc import Collection

from mockserver.contract.contract import Contract
from mockserver.contract.gaps import Gaps
from mockserver.contract.operations import Operation

Pair = tuple[str, int]


def missing(
    contract: Contract,
    gaps: Gaps,
    reached: Collection[Pair],
    by_default: Collection[Pair],
) -> list[str]:
    """Return everything that the tests still owe the contract, one line each.

    Args:
        contract: what is declared.
        gaps: what cannot be reached, and what is answered without being declared.
        reached: every (operationId, status) that was answered.
        by_default: those of them that only `default` covers.
    """
    unreachable, undeclared = gaps.unreachable_pairs(), gaps.undeclared_pairs()
    lines = []
    for name, operation in contract.operations.items():
        owed = sorted(named_pairs(operation) - unreachable - set(reached))
        absent = [str(status) for _, status in owed]
        if not any(one == name and 200 <= status < 300 for one, status in reached):
            absent.append(operation.success.status)
        if owes_default(operation) and not any(one == name for one, _ in by_default):
            absent.append("default (by a status that is named nowhere else)")
        if absent:
            lines.append(f"{name}: never answered {', '.join(absent)}")
    lines += [
        f"{name} {status}: reached, so it cannot be in gaps.yaml as unreachable"
        for name, status in sorted(unreachable & set(reached))
    ]
    lines += [
        f"{name} {status}: in gaps.yaml as undeclared, but never answered"
        for name, status in sorted(undeclared - set(reached))
    ]
    return lines


def named_pairs(operation: Operation) -> set[Pair]:
    """Return the pairs that an operation declares by number, apart from its success."""
    return {
        (operation.operation_id, int(status))
        for status in operation.answers
        if status != "default" and not status.startswith("2")
    }


def owes_default(operation: Operation) -> bool:
    """Tell whether a request can reach `default`: what asks for nothing refuses nothing."""
    takes_something = operation.parameters or operation.bodies or not operation.is_public
    return "default" in operation.answers and bool(takes_something)


def reach(contract: Contract, reached: Collection[Pair]) -> str:
    """Return how much of a contract was reached, in a few words."""
    counted = contract.operations
    named = {pair for operation in counted.values() for pair in named_pairs(operation)}
    return f"{len(named & set(reached))} of {len(named)} named answers of {len(counted)} operations"
