"""What people look at: pages and static files, served by Flask."""

from __future__ import annotations

from mockserver.pages.lazy import PREFIXES, LazyPages

__all__ = ["PREFIXES", "LazyPages"]
