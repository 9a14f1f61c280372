"""JSON pointers, written and read. Source: RFC 6901."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def escape(part: str) -> str:
    """Escape one part of a JSON pointer. Source: RFC 6901, section 3."""
    return part.replace("~", "~0").replace("/", "~1")


def write(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path; of an empty one, the empty pointer."""
    return "".join(f"/{escape(str(part))}" for part in path)


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
