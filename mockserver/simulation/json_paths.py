"""JSONPath, by a library that follows RFC 9535; imported when the first path is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def compile_path(expression: str) -> Callable[[Any], list[Any]]:
    """Return what finds the values that a path names in a JSON value.

    A path that begins with a filter, like `$[?(@.name == 'x')]`, asks an object itself, too: so
    WireMock's users write what they want of a body.

    Raises:
        ValueError: it is no path.
    """
    if not expression.startswith("$"):
        raise ValueError("a path begins with $")
    import jsonpath  # a third of the start, used by few

    try:
        path = jsonpath.JSONPathEnvironment(strict=True).compile(expression)
    except (jsonpath.JSONPathError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from None
    begins_with_filter = expression.replace(" ", "").startswith("$[?")

    def values(document: Any) -> list[Any]:
        itself = [[document]] if begins_with_filter and isinstance(document, dict) else []
        try:
            return [found for one in (*itself, document) for found in path.findall(one)]
        except jsonpath.JSONPathError:  # e.g. a comparison of what cannot be compared
            return []

    return values
