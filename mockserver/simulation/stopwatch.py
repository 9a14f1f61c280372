"""Measures how long something takes; what the hour is it does not tell.

`ticks` is Python's own function, unwrapped: every request calls it twice. It returns nanoseconds
from no instant in particular.
"""

from __future__ import annotations

from time import perf_counter_ns as ticks

__all__ = ["ticks"]
