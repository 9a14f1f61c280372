"""The journal of a sandbox: what was asked of it, as tests look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.testing.control import Control

_MOST = 1000


class Requests:
    """The requests of one sandbox, oldest first; those of the control plane are not among them."""

    def __init__(self, control: Control) -> None:
        """Take the control plane of the sandbox."""
        self._control = control

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.find())

    def __len__(self) -> int:
        return self.count()

    def find(self, operation_id: str | None = None, **pattern: Any) -> list[dict[str, Any]]:
        """Return the journal's entries that fit, oldest first.

        Args:
            operation_id: as in the contract, e.g. `createTopic`.
            pattern: parts of a request pattern, in camel case or snake case: `method`, `url_path`,
                `headers`, `body_patterns`, `status` …
        """
        answered = self._control.post("/requests/find", _pattern(operation_id, pattern))
        found: list[dict[str, Any]] = answered["requests"]
        return found[::-1]

    def count(self, operation_id: str | None = None, **pattern: Any) -> int:
        """Return how many fit; see `find`."""
        answered = self._control.post("/requests/count", _pattern(operation_id, pattern))
        return int(answered["count"])

    def latest(self, most: int = _MOST) -> list[dict[str, Any]]:
        """Return the latest entries, oldest first."""
        answered = self._control.get("/requests", limit=most)
        found: list[dict[str, Any]] = answered["requests"]
        return found[::-1]

    def clear(self) -> None:
        """Forget all of them."""
        self._control.delete("/requests")


def _pattern(operation_id: str | None, parts: dict[str, Any]) -> dict[str, Any]:
    named = {} if operation_id is None else {"operationId": operation_id}
    return named | {_camel_case(name): value for name, value in parts.items()}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
