"""Functions that say by a mark what they are for, and how they are found again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def mark(what: str, name: str) -> Callable[[F], F]:
    """Return a decorator that marks a function, e.g. as the `operation` createTopic."""

    def put(function: F) -> F:
        setattr(function, f"marked_{what}", name)
        return function

    return put


def marked(what: str, modules: Iterable[ModuleType]) -> dict[str, Any]:
    """Return the functions of some modules that are marked as `what`, by their name.

    Raises:
        ValueError: two functions are marked alike.
    """
    found: dict[str, Any] = {}
    for module in modules:
        for member in vars(module).values():
            name = getattr(member, f"marked_{what}", None) if callable(member) else None
            if name is not None and found.setdefault(name, member) is not member:
                raise ValueError(f"two functions are marked as the {what} {name}")
    return found
