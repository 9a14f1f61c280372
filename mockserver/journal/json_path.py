"""JSONPath, the same for the journal and for rules."""

from __future__ import annotations

from mockserver.simulation.json_paths import compile_path

__all__ = ["compile_path"]
