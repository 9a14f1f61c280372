"""The local twin and the referee of the Ampersand platform API.

with mockserver.running() as mock:
    mock.call("createTopic", body={"name": "invoices"})
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.testing import CallRefused, Twin, running

__all__ = ["CallRefused", "Twin", "running"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import what tests use when it is asked for: no command needs it at its start."""
    if name in __all__:
        return getattr(importlib.import_module("mockserver.testing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
