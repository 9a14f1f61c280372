"""What people look at: pages and static files, served by Flask."""

from __future__ import annotations

from mockserver.pages.lazy import PREFIXES, LazyPages
from mockserver.pages.world import World

__all__ = ["PREFIXES", "LazyPages", "World"]
