"""Build hook: puts spec/ and fixtures/ into the wheel, with freshly made bundles.

An editable install gets neither: it reads both folders where they lie in the checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig

DATA = "mockserver/_data"


class DataBuildHook(BuildHookInterface[WheelBuilderConfig]):
    """Ship the contract and the fixtures inside the package, as mockserver/_data."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Rebuild the bundles and add both folders to a standard wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        _write_bundles(root)
        for folder in ("spec", "fixtures"):
            build_data["force_include"][str(root / folder)] = f"{DATA}/{folder}"


def _write_bundles(root: Path) -> None:
    """Run the bundler of the source tree being built, whatever else is installed."""
    sys.path.insert(0, str(root))
    try:
        from mockserver.contract.bundle import write_bundles

        write_bundles(root / "spec")
    finally:
        sys.path.remove(str(root))
