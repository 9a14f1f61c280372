"""Where the contract says what a rule rests on: JSON pointers into the bundle."""

from __future__ import annotations

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation, escape
from mockserver.contract.pointers import resolve


def of_operation(operation: Operation, *parts: str) -> str:
    """Return the JSON pointer of a part of an operation."""
    whole = ("paths", operation.path, operation.method.lower(), *parts)
    return "".join(f"/{escape(part)}" for part in whole)


def meaning(contract: Contract, operation: Operation) -> str:
    """Return the JSON pointer of the text that says what an operation does."""
    return first(contract, operation, "description", "summary", "operationId")


def success(operation: Operation) -> str:
    """Return the JSON pointer of the description of an operation's success."""
    return of_operation(operation, "responses", operation.success.status, "description")


def security(contract: Contract, operation: Operation) -> str:
    """Return the JSON pointer of the security requirement that holds for an operation."""
    own = of_operation(operation, "security")
    try:
        resolve(contract.document, own)
    except LookupError:
        return "/security"
    return own


def first(contract: Contract, operation: Operation, *names: str) -> str:
    """Return the JSON pointer of the first part of an operation that is there.

    Raises:
        LookupError: none is.
    """
    for name in names:
        pointer = of_operation(operation, name)
        try:
            resolve(contract.document, pointer)
        except LookupError:
            continue
        return pointer
    raise LookupError(f"{operation.operation_id} has none of {', '.join(names)}")
