"""Measures how long something takes; what the hour is it does not tell.

Both are Python's own functions, unwrapped: every request calls each twice. `ticks` returns
nanoseconds, `elapsed` seconds, from no instant in particular.
"""

from __future__ import annotations

from time import monotonic as elapsed
from time import perf_counter_ns as ticks

__all__ = ["elapsed", "ticks"]
