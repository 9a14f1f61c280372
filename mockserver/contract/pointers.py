"""JSON pointers into a contract. Source: RFC 6901."""

from __future__ import annotations

from typing import Any


def resolve(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points at.

    Raises:
        LookupError: there is nothing.
    """
    node = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key)] if isinstance(node, list) else node[key]
        except (LookupError, TypeError, ValueError):
            raise LookupError(f"nothing is at {pointer}") from None
    return node
