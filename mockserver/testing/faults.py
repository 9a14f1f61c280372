"""Faults that tests arm: sticky rules of the control plane."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote

from mockserver.testing.control import Control


class Fault:
    """An armed rule; as a context manager, it is over at the end of the block."""

    def __init__(self, control: Control, identifier: str) -> None:
        """Stand for a rule that is armed."""
        self._control = control
        self.id = identifier

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def remove(self) -> None:
        """Disarm it."""
        self._control.delete(f"/mappings/{quote(self.id, safe='')}")


def describe(
    operation_id: str,
    *,
    status: int | None = None,
    body: Any = None,
    times: int | None = None,
    delay: float | None = None,
    fault: str | None = None,
    request: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a fault as a stub mapping in WireMock's format."""
    response: dict[str, Any] = {}
    if status is not None:
        response["status"] = status
    if body is not None:
        response["jsonBody"] = body
    if fault is not None:
        response["fault"] = fault
    if delay is not None:
        response["fixedDelayMilliseconds"] = round(delay * 1000)
    if status is None and body is None and fault is None:
        response["proceed"] = True  # it is only slow
    mapping: dict[str, Any] = {
        "request": {**(request or {}), "operationId": operation_id},
        "response": response,
    }
    if times is not None:
        mapping["times"] = times
    return mapping
