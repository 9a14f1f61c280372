"""The local twin and the referee of the Ampersand platform API."""

from __future__ import annotations

__version__ = "0.1.0"
