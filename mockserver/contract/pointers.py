"""JSON pointers into a contract. Source: RFC 6901."""

from __future__ import annotations

from typing import Any


def parts(pointer: str) -> list[str]:
    """Return the parts of a JSON pointer, unescaped."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def resolve(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points at.

    Raises:
        LookupError: there is nothing.
    """
    node = document
    for key in parts(pointer):
        try:
            node = node[int(key)] if isinstance(node, list) else node[key]
        except (LookupError, TypeError, ValueError):
            raise LookupError(f"nothing is at {pointer}") from None
    return node
