"""Where the contract says who may call an operation, and what granting it looks like."""

from __future__ import annotations

from mockserver.conformance.flaws import pointer_of
from mockserver.contract.operations import Operation

_SCHEMES = "/components/securitySchemes"


def success_of(operation: Operation) -> str:
    """Return the JSON pointer of the description of an operation's success."""
    return pointer_of(operation, "responses", operation.success.status, "description")


def security_of(operation: Operation) -> str:
    """Return the JSON pointer of the credential that an operation asks for."""
    if "APIKeyHeader" in operation.schemes:
        return f"{_SCHEMES}/APIKeyHeader/name"
    return f"{_SCHEMES}/Bearer/scheme" if operation.schemes else success_of(operation)
