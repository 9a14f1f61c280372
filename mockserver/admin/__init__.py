"""Handlers of the control plane, described by its own contract."""

from __future__ import annotations

from mockserver.admin.status import handlers

__all__ = ["handlers"]
