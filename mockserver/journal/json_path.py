"""JSONPath, by a library that follows RFC 9535; imported when the first path is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonpath


def compile_path(expression: str) -> Callable[[Any], list[Any]]:
    """Return what finds the values that a path names in a JSON value.

    Raises:
        ValueError: it is no path.
    """
    try:
        path = jsonpath.JSONPathEnvironment(strict=True).compile(expression)
    except (jsonpath.JSONPathError, RecursionError) as error:
        raise ValueError(str(error.args[0])[:200]) from None

    def values(document: Any) -> list[Any]:
        try:
            return list(path.findall(document))
        except jsonpath.JSONPathError:  # e.g. a comparison of what cannot be compared
            return []

    return values
