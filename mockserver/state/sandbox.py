"""A named world: one root at a time, and the snapshots taken of it."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.state.root import Root


@dataclass(slots=True)
class Sandbox:
    """Holds the current root of one world; swapping roots is the only change it knows."""

    name: str
    seed: int
    root: Root
    baseline: Root

    def reset(self) -> None:
        """Go back to the state the world was made with."""
        self.root = self.baseline

    def snapshot(self) -> Root:
        """Return the current state; it stays what it is whatever happens next."""
        return self.root

    def restore(self, root: Root) -> None:
        """Make a state taken earlier the current one."""
        self.root = root
