"""Where the contract says who may call an operation, and what granting it looks like."""

from __future__ import annotations

from mockserver.conformance.flaws import pointer_of
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation
from mockserver.contract.pointers import resolve


def success_of(operation: Operation) -> str:
    """Return the JSON pointer of the description of an operation's success."""
    return pointer_of(operation, "responses", operation.success.status, "description")


def security_of(contract: Contract, operation: Operation) -> str:
    """Return the JSON pointer of the security requirement that holds for an operation."""
    own = pointer_of(operation, "security")
    try:
        resolve(contract.document, own)
    except LookupError:
        return "/security"
    return own
